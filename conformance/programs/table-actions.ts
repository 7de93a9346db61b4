/**
 * The actions of programs beyond level `core`: calls by the name of their function, with symbolic
 * references wherever the header wants a handle or a structure that the RTM filled.
 *
 * A reference that names nothing leaves the call out, as in `rtm-program.ts`. There are two ways to
 * name what was returned: by the name an earlier action gave it (`as`), for programs that people write, or by its
 * place among what the caller holds (`held`), counted round, for programs that are generated.
 */
import type { ArgumentsOf, HandleKind, TableFunctionName } from '../../spec/index.ts';
import type { EntityRef } from './rtm-program.ts';

/** A handle. */
export type ObjectRef =
  /** One that the caller holds. */
  | { readonly held: HandleKind; readonly place: number }
  /** One that the caller has given back; names nothing where clients must not use such. */
  | { readonly released: HandleKind; readonly place: number }
  /** What an action with this `as` returned, or a handle within it, as in `ViewInfo.0.Route`. */
  | {
      readonly named: string;
      readonly path?: string;
      /** Names nothing once the caller has given it back. */
      readonly ifHeld?: true;
    }
  /** The registration handle of the entity in a slot. */
  | { readonly slot: number }
  /** What the running callback was given in Context1. */
  | 'subject'
  | 'null'
  | 'made-up';

/** A structure that the RTM filled, to be given back. */
export type StructureRef =
  | { readonly received: StructureType; readonly place: number }
  /** Of a batch perhaps the first so many elements only; the rest goes by the name from then on. */
  | { readonly named: string; readonly first?: number };

/** All handles that an action with this name returned, in place of an array of handles. */
export interface AllOf {
  readonly allOf: string;
}

/** A number that the caller's registration or the rest of the call tells. */
export type NumberRef =
  /** From the RTM_REGN_PROFILE of the caller. */
  | { readonly profile: 'MaxHandlesInEnum'; readonly plus?: number; readonly atMost?: number }
  /** A view that the profile does not list; the call is left out when there is none. */
  | { readonly profile: 'view not supported' }
  /** How many elements the argument with this name has. */
  | { readonly lengthOf: string };

/** `DestInfos` and `ChangedDests` are all that one call returned. */
export type StructureType = 'RouteInfo' | 'DestInfo' | 'NextHopInfo' | 'DestInfos' | 'ChangedDests';

/** The functions that take back what another has filled, and the parameter it is handed in by. */
export const takenBack: {
  readonly [Name in TableFunctionName]?: StructureType;
} = {
  RtmReleaseRouteInfo: 'RouteInfo',
  RtmReleaseDestInfo: 'DestInfo',
  RtmReleaseNextHopInfo: 'NextHopInfo',
  RtmReleaseDests: 'DestInfos',
  RtmReleaseChangedDests: 'ChangedDests',
};

type Symbolic<Name extends TableFunctionName> = Omit<ArgumentsOf<Name, ObjectRef>, 'RtmRegHandle'>;

/** Parameters of a call, with references for handles; a structure to be given back may be one as a whole. */
export type SymbolicArguments<Name extends TableFunctionName> = {
  readonly [Parameter in keyof Symbolic<Name>]:
    | Symbolic<Name>[Parameter]
    | (Parameter extends StructureType ? StructureRef : never)
    | (number extends Symbolic<Name>[Parameter] ? NumberRef : never)
    | (Symbolic<Name>[Parameter] extends readonly ObjectRef[] ? AllOf : never);
};

export type InvokeAction = {
  [Name in TableFunctionName]: {
    readonly call: 'invoke';
    readonly name: Name;
    readonly by: EntityRef;
    readonly args: SymbolicArguments<Name>;
    /** Names what is returned: the handle if the function returns one, or else the structure or pointer. */
    readonly as?: string;
    /** Made with the locks that the thread holds, as whoever wrote it knows that it waits for none of them. */
    readonly keepsLocks?: true;
  };
}[TableFunctionName];

/** The RTM_ROUTE_INFO members that an owner may write in place. */
export type WritableFields = Partial<
  Pick<
    ArgumentsOf<'RtmAddRouteToDest', ObjectRef>['RouteInfo'],
    'Neighbour' | 'PrefInfo' | 'EntitySpecificInfo' | 'BelongsToViews' | 'NextHopsList'
  >
>;

/** The functions that are called again and again until nothing is left. */
export type FetchName =
  | 'RtmGetEnumDests'
  | 'RtmGetEnumRoutes'
  | 'RtmGetEnumNextHops'
  | 'RtmGetListEnumRoutes'
  | 'RtmGetChangedDests';

/**
 * Fetches until nothing is left, as the loops of the samples do: whatever the status is, what the count says is
 * there is kept. The reply tells of all fetches together: their `Items`, and whether they have `Ended`.
 */
export interface DrainAction {
  readonly call: 'drain';
  readonly by: EntityRef;
  readonly fetch: FetchName;
  /** The enumeration or subscription. */
  readonly source: ObjectRef;
  /** How many to ask for, as far as MaxHandlesInEnum allows it. Default: that many. */
  readonly room?: number;
  /** Names each batch, then all items together. */
  readonly as?: string;
  /** What is done with each batch. */
  readonly each?: readonly TableAction[];
  /** Gives each batch back after that, `all`: the empty ones too. */
  readonly release?: 'filled' | 'all';
}

export type TableAction =
  | InvokeAction
  | DrainAction
  /** Writes members of a route through the pointer that RtmLockRoute named `as` has returned. */
  | {
      readonly call: 'writeRoute';
      readonly by: EntityRef;
      readonly pointer: string;
      readonly fields: WritableFields;
    }
  /** Writes, or with no value reads, what an opaque pointer that was named `as` points at. */
  | {
      readonly call: 'opaque';
      readonly by: EntityRef;
      readonly pointer: string;
      readonly value?: number;
    }
  /**
   * RtmReferenceHandles for handles beyond level `core`. With a name the caller holds the references
   * (the last one by that name); without one they belong to the route that the handles are written into.
   */
  | {
      readonly call: 'referenceObjects';
      readonly by: EntityRef;
      readonly objects: readonly ObjectRef[];
      readonly as?: string;
    }
  /** Lets virtual milliseconds pass. */
  | { readonly call: 'sleep'; readonly ms: number };

/** An action of one function, checked against its signature. */
export function invoke<Name extends TableFunctionName>(
  name: Name,
  by: EntityRef,
  args: SymbolicArguments<Name>,
  as?: string,
): TableAction {
  const action = { call: 'invoke', name, by, args, ...(as === undefined ? {} : { as }) } as const;
  // The parts belong together by the types of the parameters.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return action as unknown as InvokeAction;
}
