/** What a function of rtmv2.h beyond level `core` is in here: what is done with the monitor's lock held. */
import type { Task } from '../../../harness/index.ts';
import {
  type ArgumentsOf,
  type OutOf,
  statuses,
  type TableFunctionName,
} from '../../../spec/index.ts';
import type { Caller, Handle, Reply } from '../rtm.ts';
import type { Visit } from './visit.ts';

export type Answer<Name extends TableFunctionName> = Reply<OutOf<Name, Handle>>;

/**
 * Either throws what keeps it from being done, a `Refusal` or `MustWait`, before it has changed anything, or does
 * it. It is a task if it has to do with other entities than the caller's.
 */
export type Procedure<Name extends TableFunctionName> = (
  visit: Visit,
  args: ArgumentsOf<Name, Handle>,
) => Answer<Name> | Task<Answer<Name>>;

export type Procedures<Name extends TableFunctionName> = {
  readonly [One in Name]: Procedure<One>;
};

/** The functions as clients call them. */
export type TableFunctions = {
  readonly [Name in TableFunctionName]: (
    thread: Caller,
    args: ArgumentsOf<Name, Handle>,
  ) => Task<Answer<Name>>;
};

/** Done, with nothing to hand back. */
export const DONE: { readonly status: number; readonly out: { readonly [Name in never]: never } } =
  { status: statuses.NO_ERROR, out: {} };

export function done<Out>(out: Out): { readonly status: number; readonly out: Out } {
  return { status: statuses.NO_ERROR, out };
}
