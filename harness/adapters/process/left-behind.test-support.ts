/** Looks for what tests have left behind, by other means than the code that they test. */
import { readdirSync, readFileSync } from 'node:fs';

/** Every process that this one starts inherits it. */
const VARIABLE = 'RTM_CONFORMANCE_TEST';

/** Marks what is started from now on. */
export function markDescendants(mark: string): void {
  process.env[VARIABLE] = mark;
}

/** What bears the mark and is alive. */
export function leftAlive(mark: string): string[] {
  return processes()
    .filter((pid) => isMarked(pid, mark))
    .map(describe);
}

/** Children that have ended and that nobody has waited for. */
export function deadChildren(): string[] {
  return processes().filter(isZombie).map(describe);
}

function processes(): string[] {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return names.filter((name) => Number(name) !== process.pid);
}

function describe(pid: string): string {
  return `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`;
}

function isMarked(pid: string, mark: string): boolean {
  const isWatchdog = read(`/proc/${pid}/cmdline`).startsWith('/bin/sh\0-c\0\ntrap');
  return !isWatchdog && read(`/proc/${pid}/environ`).includes(`${VARIABLE}=${mark}\0`);
}

function isZombie(pid: string): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' && Number(parent) === process.pid;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
