/** What authors of programs get wrong without noticing: programs of another shape, and operations that nobody yields. */
import { HarnessError } from '../errors.ts';
import { describe } from './fault.ts';
import { Operation, OpKind } from './operation.ts';
import { nameOf } from './shared-object.ts';
import { isIterator, isPromise } from './shapes.ts';
import type { ThreadState } from './thread-state.ts';

/** An operation that was made and has not been yielded, and who made it; undefined if there is none. */
export function findUnused(
  maker: string,
  operations: readonly Operation[],
): HarnessError | undefined {
  const unused = operations.find(isForgotten);
  if (unused === undefined) return undefined;
  return new HarnessError(
    'forgotten-yield',
    `${maker} made an operation without \`yield*\`, so that nothing was done: ${stepText(unused)}. Write \`yield*\` before it.`,
  );
}

/** For an execution that fails before it is certain that a `yield*` is missing. */
export function suspicionOf(threads: readonly ThreadState[], count: number): string {
  for (let id = 0; id < count; id += 1) {
    const { name, operation, others } = threads[id] as ThreadState;
    const unused = isForgotten(operation) ? operation : others.find(isForgotten);
    if (unused === undefined) continue;
    return ` (${name} has made an operation without \`yield*\`, so that nothing was done: ${stepText(unused)})`;
  }
  return '';
}

/** What continues an async function is made by the adapter, and yielded when its time has come. */
function isForgotten(operation: Operation): boolean {
  return operation.isUnused && operation.op !== OpKind.resume;
}

function stepText(operation: Operation): string {
  const of = operation.object === undefined ? '' : ` of \`${nameOf(operation.object)}\``;
  return `${operation.kind}${of}`;
}

/** `program` is no function, or one that is run in another way than programs are. */
export function checkProgram(program: unknown): void {
  if (typeof program === 'function') return;
  throw new HarnessError(
    'bad-option',
    `The program is ${describe(program)}; it must be a function that takes a runtime and spawns the threads.`,
  );
}

/** What a program returned that was not run to its end when it returned. */
export function checkReturned(value: unknown): void {
  if (value instanceof Operation || !(isIterator(value) || isPromise(value))) return;
  throw new HarnessError(
    'not-a-task',
    `The program returned ${isPromise(value) ? 'a promise' : 'a task, of which nothing has been run'}. Write it as a plain function; what takes steps belongs into the threads that it spawns.`,
  );
}
