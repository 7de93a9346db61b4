/** What `async-control.ts` keeps of each call of an async function. */
import { assert } from '../errors.ts';
import type { Operation } from '../runtime/operation.ts';
import type { Step } from '../runtime/types.ts';

/** How an awaited promise settled, or an async function ended. */
export interface Outcome {
  readonly isOk: boolean;
  /** The value, or what was thrown. */
  readonly value: unknown;
}

/** Identity of a thread's wait; an activation belongs to at most one. */
export type Lane = object;

/** Something that waits for a promise: an activation at an `await`, or a thread. */
export class Waiter {
  readonly name: string;
  /** How what it awaits has settled. */
  outcome: Outcome | undefined = undefined;
  /** The step that will carry it on, once a thread has made one. */
  operation: Operation | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }
}

/** One call of an async function, or of a callback made from a task. */
export class Activation extends Waiter {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Name of the program's thread whose call led to it. */
  readonly owner: string;
  /** A task yields steps of the runtime; an async function what it awaits. */
  readonly isTask: boolean;
  generator: Iterator<unknown, unknown, unknown> | undefined = undefined;
  isStarted = false;
  lane: Lane | undefined = undefined;
  /** The activation whose promise it awaits, or has returned. */
  target: Activation | undefined = undefined;
  /** Tasks: the step it wants to take. */
  step: Step | undefined = undefined;
  isDone = false;
  /** How it ended, unless by returning a promise. */
  result: Outcome | undefined = undefined;

  constructor(name: string, owner: string, isTask: boolean) {
    super(name);
    this.owner = owner;
    this.isTask = isTask;
    let resolve: ((value: unknown) => void) | undefined;
    let reject: ((error: unknown) => void) | undefined;
    this.promise = new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
    assert(resolve !== undefined && reject !== undefined, 'a promise calls its executor at once');
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** Follows activations that have ended by returning another one's promise. */
export function lastOf(activation: Activation): Activation {
  let last = activation;
  while (last.isDone && last.target !== undefined && last.target !== last) last = last.target;
  return last;
}

/** The activation that stands between here and the end of `activation`; undefined once it has ended. */
export function pendingOf(activation: Activation | undefined): Activation | undefined {
  if (activation === undefined) return undefined;
  const last = lastOf(activation);
  return last.isDone ? undefined : last;
}

/** Waits, and is in no thread's lane. */
export function isFree(activation: Activation): boolean {
  return !activation.isDone && activation.lane === undefined;
}
