/** A run of calls that the model follows, for tests: what is permitted goes on, what is wrong names its rule. */
import { constants, events, type NetAddress, statuses } from '../../../spec/index.ts';
import type { Call, Out, Reply } from '../calls.ts';
import { blame, follow, step } from '../judge.ts';
import { initialState, type State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { addressOf } from './walks-naive.ts';

/** Handles of the entities 1, 2 and 3, which all programs here begin with. */
export const A = 1;
export const B = 2;
export const C = 3;
export const MADE_UP = 999;
const PROFILE = {
  MaxNextHopsInRoute: 3,
  MaxHandlesInEnum: 4,
  ViewsSupported: 3,
  NumberOfViews: 2,
};

export class Session {
  states: readonly State[] = [initialState];
  private next = 10;
  private op = 100;

  constructor() {
    for (const entity of [A, B, C]) this.register(entity);
  }

  private register(entity: number): void {
    const info = {
      RtmInstanceId: 0,
      AddressFamily: 2,
      EntityId: { EntityProtocolId: 1, EntityInstanceId: entity },
    };
    this.ok(
      {
        name: 'RtmRegisterEntity',
        RtmEntityInfo: info,
        EventCallback: entity === C ? null : 100 + entity,
        Methods: entity === A ? [7, 8] : [],
        ReserveOpaquePointer: entity === A,
      },
      { RtmRegHandle: entity, RtmRegProfile: PROFILE },
    );
    for (const other of [A, B].filter((one) => one < entity)) {
      const context = { RtmRegHandle: other, Context1: entity, Context2: info };
      this.ok({ name: 'event', EventCallback: 100 + other, EventType: 0, ...context });
    }
  }

  /** A handle that no reply has carried. */
  fresh(): number {
    this.next += 1;
    return this.next;
  }

  ok(call: Call, out?: Out, status: number = statuses.NO_ERROR): void {
    const reply: Reply = out === undefined ? { status } : { status, out };
    const after = follow(this.states, call, reply);
    if (after.length > 0) {
      this.states = after;
      return;
    }
    const [state = initialState] = this.states;
    throw new Error(JSON.stringify(blame(state, call, reply), null, 2));
  }

  fails(call: Call, status: number): void {
    this.ok(call, undefined, status);
  }

  /** The rules against a reply, by each state that explains the calls before; none when it is permitted. */
  wrong(call: Call, out?: Out, status: number = statuses.NO_ERROR): string | undefined {
    const reply: Reply = out === undefined ? { status } : { status, out };
    if (follow(this.states, call, reply).length > 0) return undefined;
    const [state = initialState] = this.states;
    return blame(state, call, reply)?.rule;
  }

  /** How many outcomes the model shows for a call. */
  outcomes(call: Call): number {
    const [state = initialState] = this.states;
    return step(state, call).length;
  }

  // --- Calls that most programs make ------------------------------------------------------------------

  addRoute(by: number, prefix: string, options: RouteOptions = {}): number {
    const call = addition(by, prefix, options);
    const isUpdate = options.update !== undefined;
    const handle = options.update ?? this.fresh();
    const best = options.best === false ? 0 : constants.RTM_ROUTE_CHANGE_BEST;
    this.ok(call, { ChangeFlags: (isUpdate ? 0 : 2) | best, RouteHandle: handle });
    return handle;
  }

  deleteRoute(by: number, route: number, best = true): void {
    this.ok(
      { name: 'RtmDeleteRouteToDest', RtmRegHandle: by, RouteHandle: route },
      { ChangeFlags: best ? constants.RTM_ROUTE_CHANGE_BEST : 0 },
    );
  }

  /** A handle of a destination, held by a structure. */
  destination(by: number, prefix: string, route: number, owner: number): number {
    const handle = this.fresh();
    this.ok(
      {
        name: 'RtmGetExactMatchDestination',
        RtmRegHandle: by,
        DestAddress: addressOf(prefix),
        ProtocolId: 0,
        TargetViews: 1,
      },
      { DestInfo: entry(handle, prefix, [[route, owner]]) },
    );
    return handle;
  }

  subscribe(by: number, options: Partial<Subscribing> = {}): number {
    const handle = this.fresh();
    this.ok(subscription(by, options), { NotifyHandle: handle });
    return handle;
  }

  announce(to: number, subscriber: number, NotifyContext: unknown = 'mine'): Call {
    return {
      name: 'event',
      EventCallback: 100 + to,
      RtmRegHandle: to,
      EventType: events.RTM_CHANGE_NOTIFICATION,
      Context1: subscriber,
      Context2: NotifyContext,
    };
  }

  quiesce(): void {
    this.ok({ name: 'quiesce' });
  }

  newOp(): number {
    this.op += 1;
    return this.op;
  }
}

export interface RouteOptions {
  readonly preference?: number;
  readonly metric?: number;
  readonly flags?: number;
  readonly views?: number;
  readonly specific?: unknown;
  readonly list?: number;
  /** The handle that an update delivers again. */
  readonly update?: number;
  /** Whether the reply says that the best route has changed. */
  readonly best?: boolean;
}

export function addition(
  by: number,
  prefix: string,
  { preference = 1, metric = 1, flags = 0x10, views = 1, specific = null, list }: RouteOptions,
): TableCallOf<'RtmAddRouteToDest'> {
  return {
    name: 'RtmAddRouteToDest',
    RtmRegHandle: by,
    DestAddress: addressOf(prefix),
    RouteInfo: {
      DestHandle: null,
      RouteOwner: null,
      Neighbour: null,
      State: 0,
      Flags1: 0,
      Flags: flags,
      PrefInfo: { Metric: metric, Preference: preference },
      BelongsToViews: views,
      EntitySpecificInfo: specific,
      NextHopsList: { NumNextHops: 0, NextHops: [] },
    },
    TimeToLive: constants.INFINITE,
    RouteListHandle: list ?? null,
    NotifyType: 0,
    NotifyHandle: null,
    ChangeFlags: 0,
  };
}

export interface Subscribing {
  readonly views: number;
  readonly kinds: number;
  readonly context: unknown;
}

export function subscription(
  by: number,
  { views = 1, kinds = constants.RTM_CHANGE_TYPE_ALL, context = 'mine' }: Partial<Subscribing> = {},
): TableCallOf<'RtmRegisterForChangeNotification'> {
  return {
    name: 'RtmRegisterForChangeNotification',
    RtmRegHandle: by,
    TargetViews: views,
    NotifyFlags: kinds,
    NotifyContext: context,
  };
}

export interface Described {
  readonly DestHandle: number;
  readonly DestAddress: NetAddress;
  readonly LastChanged: number;
  readonly BelongsToViews: number;
  readonly NumberOfViews: number;
  readonly ViewInfo: TableCallOf<'RtmReleaseDestInfo'>['DestInfo']['ViewInfo'];
}

/** An RTM_DEST_INFO of the views from 0 on, each with a route and its owner, or none. */
export function entry(
  DestHandle: number,
  prefix: string,
  blocks: readonly (readonly [number, number] | null)[],
): Described {
  const ViewInfo = blocks.map((block, ViewId) => ({
    ViewId,
    NumRoutes: block === null ? 0 : 1,
    Route: block?.[0] ?? null,
    Owner: block?.[1] ?? null,
    DestFlags: 0,
    HoldRoute: null,
  }));
  return {
    DestHandle,
    DestAddress: addressOf(prefix),
    LastChanged: 0,
    BelongsToViews: 3,
    NumberOfViews: ViewInfo.length,
    ViewInfo,
  };
}
