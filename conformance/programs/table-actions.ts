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
  /** What an action with this `as` returned, or a handle within it, as in `ViewInfo.0.Route`. */
  | { readonly named: string; readonly path?: string }
  /** The registration handle of the entity in a slot. */
  | { readonly slot: number }
  /** What the running callback was given in Context1. */
  | 'subject'
  | 'null'
  | 'made-up';

/** A structure that the RTM filled, to be given back. */
export type StructureRef =
  { readonly received: StructureType; readonly place: number } | { readonly named: string };

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

/** Parameters of a call, with references for handles; a structure to be given back is a reference as a whole. */
export type SymbolicArguments<Name extends TableFunctionName> = {
  readonly [Parameter in keyof Symbolic<Name>]:
    Symbolic<Name>[Parameter] | (Parameter extends StructureType ? StructureRef : never);
};

export type InvokeAction = {
  [Name in TableFunctionName]: {
    readonly call: 'invoke';
    readonly name: Name;
    readonly by: EntityRef;
    readonly args: SymbolicArguments<Name>;
    /** Names what is returned: the handle if the function returns one, or else the structure or pointer. */
    readonly as?: string;
  };
}[TableFunctionName];

/** The RTM_ROUTE_INFO members that an owner may write in place. */
export type WritableFields = Partial<
  Pick<
    ArgumentsOf<'RtmAddRouteToDest', ObjectRef>['RouteInfo'],
    'Neighbour' | 'PrefInfo' | 'EntitySpecificInfo' | 'BelongsToViews' | 'NextHopsList'
  >
>;

export type TableAction =
  | InvokeAction
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
