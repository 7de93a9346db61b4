/** What goes wrong in an execution, and how it is worded. */
import { HarnessError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { Operation, OpKind } from './operation.ts';
import { NOBODY, nameOf } from './shared-object.ts';
import type { ThreadState } from './thread-state.ts';

/** What went wrong in an execution, before it is dressed up as a `Failure`. */
export interface Fault {
  readonly kind: string;
  readonly message: string;
  /** The thread's id, or -1. */
  readonly thread: number;
}

/** Unwinds a task after `fail`; the fault itself is already noted. No error, whose stack would cost more than the execution. */
export const FAULT_SIGNAL: object = Object.freeze({ toString: () => 'the execution has failed' });

/** `who` yielded something that no operation of this execution is. */
export function refusal(who: string, value: unknown, engine: Engine): HarnessError {
  if (value instanceof Operation && (value.isPending || value.engine !== engine)) {
    return new HarnessError(
      'stale-step',
      `${who} yielded an operation that was made in another execution. Create the shared objects inside the program, which is called afresh for every execution.`,
    );
  }
  return foreignStep(who, value);
}

export function foreignStep(who: string, value: unknown): HarnessError {
  const what = value instanceof Operation ? 'an operation by itself' : describe(value);
  return new HarnessError(
    'foreign-step',
    `${who} yielded ${what}, which is no step. Use 'yield*' on an operation of the runtime, as in 'yield* cell.read()', never a bare 'yield'.`,
  );
}

export function describeError(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return `thrown: ${describe(error)}`;
}

/** What a thread waits for that wants to execute `operation` and cannot. */
export function describeWait(engine: Engine, operation: Operation): string {
  if (operation.op === OpKind.join) return `the end of ${(operation.a as ThreadState).name}`;
  const object = operation.object;
  if (object === undefined) return operation.kind;
  const holder = object.owner === NOBODY ? '' : `, held by ${engine.nameOfThread(object.owner)}`;
  return `${operation.kind} of \`${nameOf(object)}\`${holder}`;
}

/** Nobody can take a step although not all threads are done. */
export function deadlock(engine: Engine): Fault {
  const waiting: string[] = [];
  for (let id = 0; id < engine.threadCount; id += 1) {
    const operation = engine.pendingOf(id);
    if (operation === undefined) continue;
    waiting.push(`${engine.nameOfThread(id)} waits for ${describeWait(engine, operation)}`);
  }
  return { kind: 'deadlock', message: waiting.join('; '), thread: NOBODY };
}

/** A value of the program's, in an error. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `the string '${value.slice(0, 40)}'`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
