/** How it ends, and begins again. */
import { describeEnd, type ProcessEnd } from '../../harness/adapters/process/index.ts';
import { wait } from './conversation.ts';
import type { Drill, Observation } from './drill.ts';
import type { Patient } from './patient.ts';

/** As long as the suite waits for an adapter before it sends signals. */
const EXIT_MS = 2_000;

export const endDrills: readonly Drill[] = [
  {
    id: 'ends-when-told',
    title: "ends with 0 after 'shutdown' and 'exit'",
    rung: 'A',
    hint: "Answer 'shutdown' with {}, and end the process with 0 at 'exit', whatever other threads do.",
    observe: async (patient) => {
      const { link, child } = await patient.process();
      await link.request('shutdown', {});
      link.notify('exit', {});
      return problemOfEnd(await endOf(patient, child.ended));
    },
  },
  {
    id: 'ends-with-its-input',
    title: 'ends with 0 at the end of its input, even in the middle of a callback',
    rung: 'A',
    hint: 'Leave when reading returns no more: where the suite is killed, nothing else tells the adapter.',
    observe: async (patient) => {
      const { child } = await patient.process();
      const conversation = await patient.open('sequential');
      await conversation.register(0, 0, 1);
      conversation.register(1, 1).catch(() => {});
      await conversation.hasCallbacks(1, EXIT_MS / 4);
      child.input.end();
      return problemOfEnd(await endOf(patient, child.ended));
    },
  },
  {
    id: 'ends-by-sigterm',
    title: 'ends by SIGTERM',
    rung: 'A',
    hint: 'It is sent SIGKILL after 200 ms. Nothing is lost but time, unless it leaves something behind.',
    observe: async (patient) => {
      const { child } = await patient.process();
      send(child.pid, 'SIGTERM');
      const end = await endOf(patient, child.ended);
      if (end !== undefined) return undefined;
      return { status: 'remark', seen: `it was still there after ${EXIT_MS / 1000} s` };
    },
  },
  {
    id: 'starts-again',
    title: 'starts again after a crash, three times in a row',
    rung: 'A',
    hint: 'What a process leaves behind when it is killed, such as a lock file or a bound port, must not keep the next one from starting.',
    observe: async (patient) => {
      for (let turn = 0; turn < 3; turn += 1) {
        const { child } = await patient.process();
        const conversation = await patient.open('sequential');
        await conversation.register(0, 1);
        send(child.pid, 'SIGKILL');
        await endOf(patient, child.ended);
      }
      await patient.process();
      return undefined;
    },
  },
];

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Undefined if it does not end in time. */
async function endOf(
  patient: Patient,
  ended: Promise<ProcessEnd>,
): Promise<ProcessEnd | undefined> {
  const end = await Promise.race([ended, wait(EXIT_MS).then(() => undefined)]);
  await patient.dismiss();
  return end;
}

function problemOfEnd(end: ProcessEnd | undefined): Observation {
  if (end === undefined) return `it was still there after ${EXIT_MS / 1000} s`;
  return end.code === 0 ? undefined : `its process ${describeEnd(end)}`;
}
