/**
 * Whether the threads of a process have nothing to do until somebody asks them.
 *
 * A lane that is silent either computes, however slowly, or waits for another lane. Time cannot tell the two
 * apart on a busy machine; Linux can: who waits sleeps, and who merely has not been let run does not. Where
 * the system does not tell, time has to do.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers';
import { monotonicMs } from '../../clock.ts';

/** A look at a process. Two that are equal, and asleep, have nothing between them. */
interface Look {
  readonly isAsleep: boolean;
  /** Changes whenever a thread has run. */
  readonly mark: string;
}

const BETWEEN_MS = 1;
/** A process whose threads sleep at each of so many looks merely polls. */
const POLLING_LOOKS = 25;
/** Where nobody tells: silence of so many milliseconds is taken for rest. */
const SILENCE_MS = 100;
/** States of threads that have something to do: running or ready to, and waiting for a disk. */
const AT_WORK = 'RD';

/** Resolves when the process is at rest, or as soon as `isOver`. */
export async function untilAtRest(pid: number | undefined, isOver: () => boolean): Promise<void> {
  let before = lookAt(pid);
  if (before === undefined) return untilSilent(isOver);
  for (let asleep = 0; asleep < POLLING_LOOKS && !isOver();) {
    // What has been written is read before the next look.
    await (before.isAsleep && asleep === 0 ? turn() : pause(BETWEEN_MS));
    if (isOver()) return;
    const look = lookAt(pid);
    if (look === undefined) return;
    asleep = look.isAsleep ? asleep + 1 : 0;
    if (look.isAsleep && before.isAsleep && look.mark === before.mark) break;
    before = look;
  }
  await turn();
  await turn();
}

async function untilSilent(isOver: () => boolean): Promise<void> {
  const end = monotonicMs() + SILENCE_MS;
  while (!isOver() && monotonicMs() < end) await pause(BETWEEN_MS);
}

/** Undefined where the system does not tell, or the process is gone. */
function lookAt(pid: number | undefined): Look | undefined {
  if (pid === undefined) return undefined;
  const marks: string[] = [];
  const processes = [pid];
  let isAsleep = true;
  try {
    for (let next = processes.pop(); next !== undefined; next = processes.pop()) {
      for (const thread of readdirSync(`/proc/${next}/task`)) {
        const folder = `/proc/${next}/task/${thread}`;
        const stat = readFileSync(`${folder}/stat`, 'latin1');
        // The name before it may hold anything, parentheses too.
        const state = stat.charAt(stat.lastIndexOf(')') + 2);
        if (AT_WORK.includes(state)) isAsleep = false;
        marks.push(readFileSync(`${folder}/schedstat`, 'latin1'));
        for (const child of readFileSync(`${folder}/children`, 'latin1').split(' ')) {
          if (child.trim() !== '') processes.push(Number(child));
        }
      }
    }
  } catch (error) {
    // A thread that ends while it is looked at has been at work; a system without /proc tells nothing.
    return marks.length === 0 || !isMissing(error) ? undefined : { isAsleep: false, mark: '' };
  }
  return { isAsleep, mark: marks.join('') };
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))
  );
}

async function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
