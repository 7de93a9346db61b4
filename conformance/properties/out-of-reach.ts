/**
 * The documented statuses that no program brings about, and why. All others are returned in default runs;
 * `reach.test.ts` holds both
 * on the bundled implementations, of which one returns what the other has no use for.
 */
import type { FunctionName, StatusName } from '../../spec/index.ts';

export interface OutOfReach {
  readonly status: StatusName;
  /** Absent: every function that documents the status. */
  readonly functions?: readonly FunctionName[];
  readonly reason: string;
}

export const outOfReach: readonly OutOfReach[] = [
  {
    status: 'ERROR_NOT_ENOUGH_MEMORY',
    reason: 'tells of a shortage of memory, which calls do not bring about',
  },
  {
    status: 'ERROR_NO_SYSTEM_RESOURCES',
    reason: 'tells of a shortage that is the implementation’s own affair',
  },
  {
    status: 'ERROR_BAD_CONFIGURATION',
    reason: 'tells of the configuration of the machine, which calls do not change',
  },
  {
    status: 'ERROR_FILE_NOT_FOUND',
    reason: 'tells of the configuration of the machine, which calls do not change',
  },
  {
    status: 'ERROR_INVALID_DATA',
    functions: ['RtmRegisterEntity'],
    reason: 'the documents do not tell it from ERROR_INVALID_PARAMETER, which comes instead',
  },
];

/** Why no program makes a function return a status; undefined if one does. */
export function whyOutOfReach(name: FunctionName, status: string): string | undefined {
  return outOfReach.find(
    (entry) => entry.status === status && (entry.functions?.includes(name) ?? true),
  )?.reason;
}
