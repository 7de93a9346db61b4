/**
 * Locks that threads of a program hold. A client must give each back, and must make no other call in between:
 * where a program forgets, because a part of it was taken out or a reference named something else, the
 * thread lets go first. A program that hangs is then the implementation's doing.
 */
import { constants, type TableFunctionName } from '../../spec/index.ts';

export interface TakenLock {
  /** The function that takes and gives back. */
  readonly name: TableFunctionName;
  readonly handle: unknown;
  /** The registration handle that it was taken with. */
  readonly locker: unknown;
  /** The arguments that give it back, but for the handles. */
  readonly undo: Readonly<Record<string, unknown>>;
  /** Which of them is the handle of what is locked; null for methods. */
  readonly parameter: string | null;
}

type Arguments = Readonly<Record<string, unknown>>;

/** The calls that are made between taking a lock and giving it back. */
const underLock: ReadonlySet<TableFunctionName> = new Set([
  'RtmLockRoute',
  'RtmLockNextHop',
  'RtmLockDestination',
  'RtmUpdateAndUnlockRoute',
  'RtmGetOpaqueInformationPointer',
  'RtmReleaseNextHops',
  'RtmBlockMethods',
]);

const lockParameters: { readonly [Name in TableFunctionName]?: readonly [string, string] } = {
  RtmLockRoute: ['RouteHandle', 'LockRoute'],
  RtmLockNextHop: ['NextHopHandle', 'LockNextHop'],
  RtmLockDestination: ['DestHandle', 'LockDest'],
};

export function mayBeCalledUnderLock(name: TableFunctionName): boolean {
  return underLock.has(name);
}

/** By thread, the locks it holds, in the order of taking. */
export class TakenLocks {
  private readonly byProcess = new Map<number, TakenLock[]>();

  /** Notes what a call that succeeded has taken or given back. */
  note(process: number, name: TableFunctionName, args: Arguments): void {
    const taken = this.of(process);
    const [handleName, flagName] = lockParameters[name] ?? [];
    if (handleName !== undefined && flagName !== undefined) {
      const handle = args[handleName];
      if (args[flagName] === true) {
        const undo = { Exclusive: args['Exclusive'], [flagName]: false };
        taken.push({ name, handle, locker: args['RtmRegHandle'], undo, parameter: handleName });
      } else this.giveBack(process, name, handle);
    } else if (name === 'RtmUpdateAndUnlockRoute') {
      this.giveBack(process, 'RtmLockRoute', args['RouteHandle']);
    } else if (name === 'RtmBlockMethods') {
      const locker = args['RtmRegHandle'];
      if (args['BlockingFlag'] === constants.RTM_BLOCK_METHODS) {
        const { TargetHandle, TargetType } = args;
        const undo = { TargetHandle, TargetType, BlockingFlag: constants.RTM_RESUME_METHODS };
        taken.push({ name, handle: locker, locker, undo, parameter: null });
      } else this.giveBack(process, name, locker);
    }
  }

  /** Takes out what a thread still holds, the last first. */
  drain(process: number): readonly TakenLock[] {
    const taken = this.of(process);
    this.byProcess.delete(process);
    return taken.toReversed();
  }

  private of(process: number): TakenLock[] {
    const known = this.byProcess.get(process);
    if (known !== undefined) return known;
    const taken: TakenLock[] = [];
    this.byProcess.set(process, taken);
    return taken;
  }

  private giveBack(process: number, name: TableFunctionName, handle: unknown): void {
    const taken = this.of(process);
    const at = taken.findLastIndex((lock) => lock.name === name && Object.is(lock.handle, handle));
    if (at >= 0) taken.splice(at, 1);
  }
}
