/**
 * Who belongs to a process that we have started: its group, its session, and what has left both but still
 * carries the mark that it was started with in its environment. Where there is no /proc, nobody is found.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The variable whose value marks a process and its descendants. */
export const MARK_VARIABLE = 'RTM_CONFORMANCE_ADAPTER';

/** The process ids of those that are alive. `leader` leads the group and the session. */
export function relativesOf(leader: number, mark: string): number[] {
  return processIds().filter((pid) => pid !== process.pid && isRelative(pid, leader, mark));
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function isRelative(pid: number, leader: number, mark: string): boolean {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program, in brackets, may hold anything: the other fields begin after the last one.
  const [state, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || state === '' || state === 'Z' || state === 'X') return false;
  if (Number(group) === leader || Number(session) === leader) return true;
  return read(`/proc/${pid}/environ`).includes(`${MARK_VARIABLE}=${mark}\0`);
}

/** Empty if it is gone, or somebody else's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
