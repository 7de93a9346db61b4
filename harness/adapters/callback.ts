/** Event callbacks and exported methods in the implementation's own kind, made from a task. */
import { assert } from '../errors.ts';
import { Operation, OpKind, FIRST_BLOCKING } from '../runtime/operation.ts';
import { execute, isEnabled } from '../runtime/semantics.ts';
import { nameOf } from '../runtime/shared-object.ts';
import type { Step, Task } from '../runtime/types.ts';
import { activeControl } from './async-control.ts';
import type { EventCallback, ExportedMethod, Handle, Result } from './contract.ts';
import type { ImplementationKind } from './implementation-kind.ts';

/** The arguments of RTM_EVENT_CALLBACK, by name. */
export interface EventArgs {
  readonly RtmRegHandle: Handle;
  readonly EventType: number;
  readonly Context1: Handle;
  readonly Context2: unknown;
}

/** One call of a callback, as the implementation made it. */
export interface CallbackCall {
  /** Not checked: the implementation may have passed anything. */
  readonly args: EventArgs;
  readonly argumentCount: number;
  /** The execution that the callback belongs to is over; its body is not run. */
  readonly isLate: boolean;
}

export interface CallbackOptions {
  /**
   * Told of every call when it begins, before the body: the place to notice calls after `close`, in the wrong
   * state, or with wrong arguments. It may end the execution by `Runtime.fail`, unless the call is late.
   */
  readonly onCall?: (call: CallbackCall) => void;
  /** For threads and traces. Default `EventCallback`. */
  readonly name?: string;
}

/** Status of a callback that is not run. */
const NO_ERROR = 0;

/**
 * A callback whose body is a task: run by `yield*` in a controlled implementation; in an async one a
 * promise, its steps in the lane of whoever awaits it; in a synchronous one run to its end at once, so
 * that no other thread comes in between.
 */
export function callbackOf(
  kind: ImplementationKind,
  body: (args: EventArgs) => Task<number>,
  options: CallbackOptions = {},
): EventCallback {
  const { onCall, name = 'EventCallback' } = options;
  return functionOf(kind, {
    name,
    begin: (passed, isLate) => {
      onCall?.({ args: argsOf(passed), argumentCount: passed.length, isLate });
    },
    body: (passed) => body(argsOf(passed)),
    late: NO_ERROR,
  });
}

/** What an exported method does; its arguments are as the implementation passed them. */
export type MethodBody = (
  CallerHandle: Handle,
  CalleeHandle: Handle,
  Input: unknown,
) => Task<MethodResult>;

export interface MethodResult {
  readonly MethodStatus: number;
  readonly OutputData: readonly number[];
}

/** An exported method whose body is a task, as `callbackOf`. */
export function methodOf(kind: ImplementationKind, body: MethodBody): ExportedMethod {
  return functionOf(kind, {
    name: 'ExportedMethod',
    body: ([CallerHandle, CalleeHandle, Input]) => body(CallerHandle, CalleeHandle, Input),
    late: { MethodStatus: NO_ERROR, OutputData: [] },
  });
}

interface OwnFunction<T> {
  /** For threads and traces. */
  readonly name: string;
  /** Told of every call when it begins. */
  readonly begin?: (passed: readonly unknown[], isLate: boolean) => void;
  /** Not called for late calls. */
  readonly body: (passed: readonly unknown[]) => Task<T>;
  /** What a late call returns. */
  readonly late: T;
}

/** A function in the implementation's own kind. */
function functionOf<T>(
  kind: ImplementationKind,
  { name, begin, body, late }: OwnFunction<T>,
): (...passed: readonly unknown[]) => Result<T> {
  const owner = activeControl();
  switch (kind) {
    case 'controlled':
      return function* (...passed: readonly unknown[]) {
        begin?.(passed, false);
        return yield* body(passed);
      };
    case 'synchronous':
      return (...passed: readonly unknown[]) => {
        begin?.(passed, false);
        return runAtOnce(body(passed));
      };
    case 'async':
      return (...passed: readonly unknown[]) => {
        const control = activeControl();
        const isLate = owner !== undefined && control !== owner;
        try {
          begin?.(passed, isLate);
          if (isLate) return Promise.resolve(late);
          if (control === undefined) return Promise.resolve(runAtOnce(body(passed)));
          // This very promise: whoever awaits it carries on the callback in its own thread.
          return control.startTask(name, body(passed)) as Promise<T>;
        } catch (error) {
          // As an async function does with what it throws.
          return new Promise<T>((_, reject) => {
            reject(error);
          });
        }
      };
  }
}

function argsOf(passed: readonly unknown[]): EventArgs {
  const [RtmRegHandle, EventType, Context1, Context2] = passed;
  // As declared by the contract; `onCall` may look whether it is kept.
  return { RtmRegHandle, EventType: EventType as number, Context1, Context2 };
}

/** Runs a task in the middle of a step. Its own steps are none, but notes in the trace. */
function runAtOnce<T>(task: Task<T>): T {
  for (;;) {
    const result = task.next();
    if (result.done === true) return result.value;
    perform(result.value);
  }
}

function perform(step: Step): void {
  assert(step instanceof Operation, 'a task yields operations of the runtime');
  const { engine } = step;
  const thread = engine.runningId;
  if (step.op >= FIRST_BLOCKING && !isEnabled(engine, thread, step)) {
    const object = nameOf(step.object);
    engine.fail(
      'deadlock',
      `a synchronous callback waits for ${step.kind}${object === '' ? '' : ` of \`${object}\``}, and nobody can come to its help before it returns`,
    );
  }
  const label = step.op === OpKind.point ? String(step.a) : `${step.kind} ${nameOf(step.object)}`;
  engine.recorder?.note(thread, `in the callback: ${label.trimEnd()}`, '');
  execute(engine, thread, step);
  step.executed();
}
