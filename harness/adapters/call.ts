/** Calls of an implementation of any kind from a thread of the harness. */
import { HarnessError, InvariantError } from '../errors.ts';
import { show } from '../exploration/show.ts';
import type { Runtime, Task } from '../runtime/types.ts';
import { activeControl } from './async-control.ts';
import type { Implementation, Rtm, RtmHost, RtmThread } from './contract.ts';
import { describeThrown, ImplementationMisbehaviour, type MisbehaviourKind } from './errors.ts';
import { originOf } from './module-sources.ts';
import { type MethodName, problemOfReply } from './reply-shape.ts';
import { propertyOf } from './unknown-values.ts';

/** The IN parameters of a method. */
export type ArgsOf<Name extends MethodName> = Parameters<Required<Rtm>[Name]>[1];

/** What a method's result comes to. */
export type ReplyOf<Name extends MethodName> = Extract<
  ReturnType<Required<Rtm>[Name]>,
  { readonly status: number }
>;

/**
 * Calls a method, whatever kind it is of. The moment of the call is a step of its own, `point`, upon which
 * `onStart` is told. A reply that is none ends the execution as failed with the kind `adapter-error`, an
 * error thrown with the kind `exception`; both throw `ImplementationMisbehaviour`.
 */
export function* call<Name extends MethodName>(
  rt: Runtime,
  rtm: Rtm,
  name: Name,
  thread: RtmThread,
  args: ArgsOf<Name>,
  onStart?: () => void,
): Task<ReplyOf<Name>> {
  yield* rt.point(name);
  onStart?.();
  const reply = yield* guarded(rt, name, () => invoke(rtm, name, thread, args));
  const problem = problemOfReply(name, { ...args }, reply);
  if (problem !== undefined) misbehave(rt, 'adapter-error', name, `${name}: ${problem}`, reply);
  // `problemOfReply` has looked at all that the type promises.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return reply as ReplyOf<Name>;
}

/**
 * Makes the instance that one execution is about. Throws as `call` does. `host` defaults to one that
 * stands on `rt`.
 */
export function* createInstance(
  rt: Runtime,
  implementation: Implementation,
  host: RtmHost = hostOn(rt),
): Task<Rtm> {
  const instance = yield* guarded(rt, 'create', () => implementation.create(host));
  if (typeof instance !== 'object' || instance === null) {
    const message = `create: it must return an object with the methods of the RTM, not ${show(instance)}`;
    return misbehave(rt, 'adapter-error', 'create', message, instance);
  }
  // Methods are looked for when they are called.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return instance as Rtm;
}

/** What `create` is given. */
export function hostOn(rt: Runtime): RtmHost {
  return {
    rt,
    now: () => rt.now(),
    log: (message) => {
      rt.note(message);
    },
  };
}

/**
 * What a result of an unknown kind comes to: the value itself, what a promise settles to, or what a task
 * ends in. Waiting for a promise needs `driveAsync`; `label` is what the trace calls the wait.
 */
export function* resultOf(result: unknown, label: string): Task<unknown> {
  if (isTask(result)) return yield* result;
  if (!isPromise(result)) return result;
  const control = activeControl();
  if (control === undefined) {
    Promise.resolve(result).catch(() => {});
    throw new HarnessError(
      'bad-option',
      `\`${label}\` returned a promise, and nothing awaits promises here. Run programs that call async functions by driveAsync, exploreAsync, replayAsync or minimizeAsync.`,
    );
  }
  const { isOk, value } = yield* control.outcomeOf(result, label);
  if (!isOk) throw value;
  return value;
}

export function isTask(value: unknown): value is Task<unknown> {
  return (
    typeof propertyOf(value, 'next') === 'function' &&
    typeof propertyOf(value, Symbol.iterator) === 'function'
  );
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof propertyOf(value, 'then') === 'function';
}

function invoke(rtm: Rtm, name: MethodName, thread: RtmThread, args: object): unknown {
  const method: unknown = rtm[name];
  if (typeof method !== 'function') throw new TypeError('the implementation has no such method');
  const result: unknown = Reflect.apply(method, rtm, [thread, args]);
  return result;
}

/** Runs the implementation's code; what it throws is its misbehaviour. */
function* guarded(rt: Runtime, method: string, start: () => unknown): Task<unknown> {
  const control = activeControl();
  try {
    control?.enter();
    const result = yield* resultOf(start(), method);
    return result;
  } catch (error) {
    if (error instanceof HarnessError || error instanceof InvariantError) throw error;
    if (error instanceof ImplementationMisbehaviour) throw error;
    const place = originOf(error);
    const where = place === undefined ? '' : ` (${place})`;
    return misbehave(
      rt,
      'exception',
      method,
      `${method} threw ${describeThrown(error)}${where}`,
      error,
    );
  } finally {
    control?.leave();
  }
}

/** If the execution has failed already, within the implementation, then that failure counts. */
function misbehave(
  rt: Runtime,
  kind: MisbehaviourKind,
  method: string,
  message: string,
  value: unknown,
): never {
  try {
    rt.fail(kind, message);
  } catch {
    // What `fail` throws only unwinds the thread. So does the error, which tells a caller more.
    throw new ImplementationMisbehaviour(kind, method, message, value);
  }
}
