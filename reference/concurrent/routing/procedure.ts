/** What a function of rtmv2.h beyond level `core` is in here: what is done with the table's lock held. */
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

export interface Procedure<Name extends TableFunctionName> {
  /** Readers change nothing but counts of handles, which they raise. */
  readonly access: 'read' | 'write';
  /** Throws a `Refusal` or a `Hindrance` before it has changed anything, or does what is to be done. */
  readonly serve: (visit: Visit, args: ArgumentsOf<Name, Handle>) => Task<Answer<Name>>;
}

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

export const DONE: { readonly status: number } = { status: statuses.NO_ERROR };

export function done<Out>(out: Out): { readonly status: number; readonly out: Out } {
  return { status: statuses.NO_ERROR, out };
}
