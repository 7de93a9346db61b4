/** What stands for a schedule where nobody controls it: how often to run, and from which seed. */

export interface FreeRuns {
  readonly runs: number;
  readonly seed: number;
}

export function freeSchedule({ runs, seed }: FreeRuns): string {
  return `free.${runs}.${seed}`;
}

export function isFree(schedule: string): boolean {
  return parseFree(schedule) !== undefined;
}

/** Undefined when it is a schedule of the harness. */
export function parseFree(schedule: string): FreeRuns | undefined {
  const match = /^free\.(\d{1,7})\.(\d{1,10})$/.exec(schedule);
  return match === null ? undefined : { runs: Number(match[1]), seed: Number(match[2]) };
}
