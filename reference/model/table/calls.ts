/** Calls of the functions beyond `core`, and what else a history of them consists of. */
import type { ArgumentsOf, RouteInfoShape, TableFunctionName } from '../../../spec/index.ts';
import type { Token } from '../naming.ts';

/** A call with its IN parameters beside its name; handles are tokens, NULL handles null or `NULL_HANDLE`. */
export type TableCallOf<Name extends TableFunctionName> = { readonly name: Name } & ArgumentsOf<
  Name,
  Token
>;

export type TableCall = {
  [Name in TableFunctionName]: TableCallOf<Name> & Circumstances;
}[TableFunctionName];

/** What is known of a call beside its parameters, where it matters. */
export interface Circumstances {
  /** The thread it was made in: whoever has a lock excludes other threads, but not itself. */
  readonly process?: number;
  /** The virtual time at which it was made, if time has passed before it returned. */
  readonly since?: number;
  /** Of a call with a beginning of its own: the id that it had in the recorded history. */
  readonly op?: number;
}

/** What happens between calls and is no call of a function itself. */
export type TableOccurrence =
  /** Virtual time has come to `now` milliseconds. Recorded before the first thing that happens then. */
  | { readonly name: 'time'; readonly now: number }
  /** The owner of a locked route writes fields of it through the pointer that it has. */
  | {
      readonly name: 'write.route';
      readonly RtmRegHandle: Token;
      readonly RouteHandle: Token;
      readonly fields: Partial<RouteInfoShape<Token>>;
    }
  /** An entity writes, or reads, what its opaque pointer at a destination points at. */
  | {
      readonly name: 'write.opaque' | 'read.opaque';
      readonly RtmRegHandle: Token;
      readonly DestHandle: Token;
      readonly value: unknown;
    }
  /** An exported method begins. `Method` is the number it was handed in under. */
  | {
      readonly name: 'method';
      readonly Method: number;
      readonly CallerHandle: Token;
      readonly CalleeHandle: Token;
      readonly MethodType: number;
      readonly InputData: readonly number[];
      /** What it will have written when it returns. */
      readonly OutputData?: readonly number[];
    };
