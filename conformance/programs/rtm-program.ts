/**
 * Programs against an RTM, as plain data: who calls what, in which thread, and what callbacks do.
 *
 * References are symbolic. An entity is named by the slot its registration was put in, a handle by its
 * place among those that its holder has at that moment. A call whose references name nothing is left
 * out, so that every part of a program is a program: what fast-check and people shrink stays valid.
 */
import type { TableAction } from './table-actions.ts';

/**
 * Whose registration handle a call carries: that of the entity registered in a slot, that of the entity
 * whose callback is running (`self`), the NULL handle, or a value that no RTM ever gave out.
 */
export type EntityRef = number | 'self' | 'null' | 'made-up';

/**
 * An entity handle: the one at a place among those the caller holds (counted round), the one that
 * the running callback was given in Context1 (`subject`), NULL, or a value that no RTM ever gave out.
 */
export type HandleRef = number | 'subject' | 'null' | 'made-up';

export type Action =
  | TableAction
  | {
      readonly call: 'register';
      readonly slot: number;
      /** Which identity: EntityProtocolId 100 + n. */
      readonly identity: number;
      /** EntityInstanceId. Default 1. */
      readonly instance?: number;
      /** Index into `TABLES`. Default 0. */
      readonly table?: number;
      /** What its callback does at each event; absent: it has no callback. */
      readonly script?: readonly Action[];
      /** What its callback returns. Default NO_ERROR. */
      readonly answer?: number;
      /** Instead, at RTM_ROUTE_EXPIRED. Default: nothing, and NO_ERROR. */
      readonly onExpiry?: readonly Action[];
      readonly expiryAnswer?: number;
      /** Instead, at RTM_CHANGE_NOTIFICATION. */
      readonly onChange?: readonly Action[];
      /** What it exports. */
      readonly methods?: readonly MethodScript[];
      /** Asks for an opaque pointer in every destination. */
      readonly opaque?: true;
      /** Passes NULL in place of the RTM_ENTITY_INFO. */
      readonly noInfo?: true;
    }
  | {
      readonly call: 'deregister';
      readonly by: EntityRef;
      /** Gives back what the entity holds before, as a client should. */
      readonly tidy?: true;
    }
  | {
      readonly call: 'list';
      readonly by: EntityRef;
      /** NumEntities on input. Default 16. */
      readonly capacity?: number;
      /** False: NULL is passed for the array. */
      readonly handles?: false;
      readonly infos?: false;
    }
  | ({ readonly call: 'release'; readonly handles: readonly HandleRef[] } & Borrowing)
  | ({ readonly call: 'reference'; readonly handles: readonly HandleRef[] } & Borrowing)
  | ({ readonly call: 'info'; readonly of: HandleRef } & Borrowing)
  | ({ readonly call: 'releaseInfo'; readonly info: number } & Borrowing)
  /** Waits until nothing is running and all events have had time to arrive. */
  | { readonly call: 'quiesce' };

export interface MethodScript {
  /** The bit of MethodType that selects it. */
  readonly id: number;
  /** What it does before it returns. */
  readonly script?: readonly Action[];
  /** MethodStatus. Default NO_ERROR. */
  readonly status?: number;
  /** OutputData. Default: the id. */
  readonly output?: readonly number[];
}

/** A call about something that is held. */
interface Borrowing {
  readonly by: EntityRef;
  /** Whose holdings places count in, by slot. Default: the caller's own. */
  readonly from?: number;
}

export type CallKind = Action['call'];

export interface RtmProgram {
  /** Done by one thread before the others start. */
  readonly setup: readonly Action[];
  /** One thread each, all at the same time. */
  readonly threads: readonly (readonly Action[])[];
}

/** The RTM instances and address families that programs use. */
export const TABLES: readonly { readonly RtmInstanceId: number; readonly AddressFamily: number }[] =
  [
    { RtmInstanceId: 0, AddressFamily: 2 },
    { RtmInstanceId: 0, AddressFamily: 23 },
    { RtmInstanceId: 1, AddressFamily: 2 },
  ];

export const LIST_CAPACITY_DEFAULT = 16;

/** Callbacks nest no deeper than this: a script that calls back does nothing at the next depth. */
export const CALLBACK_DEPTH_MAX = 3;

/**
 * One callback carries out its script so often at most: where forbidden calls succeed, a script that causes
 * events would be called by them again without end.
 */
export const SCRIPT_RUNS_MAX = 12;

/** How many calls a program makes at most, scripts counted once. */
export function sizeOf(program: RtmProgram): number {
  const size = (actions: readonly Action[]): number =>
    actions.reduce((sum, action) => sum + 1 + (isScripted(action) ? size(action.script) : 0), 0);
  return size(program.setup) + program.threads.reduce((sum, actions) => sum + size(actions), 0);
}

type Scripted = Extract<Action, { call: 'register' }> & { readonly script: readonly Action[] };

export function isScripted(action: Action): action is Scripted {
  return action.call === 'register' && action.script !== undefined;
}
