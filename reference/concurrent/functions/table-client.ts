/** A client that calls every function by name, for programs that try the monitor's tables out. */
import { explore, type Runtime, type Task } from '../../../harness/index.ts';
import {
  type ArgumentsOf,
  constants,
  type NetAddress,
  type NextHopInfoShape,
  type OutOf,
  type RouteInfoShape,
  type TableFunctionName,
} from '../../../spec/index.ts';
import type {
  Caller,
  ConcurrentRtm,
  EntityInfo,
  EventCallback,
  ExportedMethod,
  Handle,
  Reply,
} from '../rtm.ts';
import { infoOf } from '../client.ts';
import { monitor } from '../monitor.ts';
import type { TableFunctions } from './procedure.ts';

const NOBODY = { id: -1, name: '' };

export class TableClient {
  handle: Handle = null;
  private readonly rtm: ConcurrentRtm & TableFunctions;
  private readonly rt: Runtime;
  private readonly info: EntityInfo;

  constructor(rt: Runtime, rtm: ConcurrentRtm & TableFunctions, info: EntityInfo) {
    this.rt = rt;
    this.rtm = rtm;
    this.info = info;
  }

  *register(
    options: {
      readonly callback?: EventCallback;
      readonly methods?: readonly ExportedMethod[];
      readonly opaque?: boolean;
    } = {},
  ): Task<number> {
    const { status, out } = yield* this.rtm.RtmRegisterEntity(this.caller(), {
      RtmEntityInfo: this.info,
      ExportMethods: options.methods ?? null,
      EventCallback: options.callback ?? null,
      ReserveOpaquePointer: options.opaque ?? false,
    });
    if (out !== undefined) this.handle = out.RtmRegHandle;
    return status;
  }

  *deregister(): Task<number> {
    const call = { RtmRegHandle: this.handle };
    return (yield* this.rtm.RtmDeregisterEntity(this.caller(), call)).status;
  }

  *reference(handles: readonly Handle[]): Task<number> {
    const call = { RtmRegHandle: this.handle, NumHandles: handles.length, RtmHandles: handles };
    return (yield* this.rtm.RtmReferenceHandles(this.caller(), call)).status;
  }

  call<Name extends TableFunctionName>(
    name: Name,
    args: Omit<ArgumentsOf<Name, Handle>, 'RtmRegHandle'>,
  ): Task<Reply<OutOf<Name, Handle>>> {
    // With the registration handle they are complete.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const call = { RtmRegHandle: this.handle, ...args } as ArgumentsOf<Name, Handle>;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const method = this.rtm[name] as unknown as (
      thread: Caller,
      args: ArgumentsOf<Name, Handle>,
    ) => Task<Reply<OutOf<Name, Handle>>>;
    return method(this.caller(), call);
  }

  /** As `call`, for calls that are to succeed. */
  *get<Name extends TableFunctionName>(
    name: Name,
    args: Omit<ArgumentsOf<Name, Handle>, 'RtmRegHandle'>,
  ): Task<OutOf<Name, Handle>> {
    const { status, out } = yield* this.call(name, args);
    if (status !== 0) throw new Error(`${name} returned ${status}`);
    if (out === undefined) throw new Error(`${name} handed nothing back`);
    return out;
  }

  *status<Name extends TableFunctionName>(
    name: Name,
    args: Omit<ArgumentsOf<Name, Handle>, 'RtmRegHandle'>,
  ): Task<number> {
    return (yield* this.call(name, args)).status;
  }

  /** Adds or updates a route; NULL if its handle is not wanted. */
  add(
    address: NetAddress,
    changes: Partial<RouteInfoShape<Handle>> = {},
    options: Partial<ArgumentsOf<'RtmAddRouteToDest', Handle>> = {},
  ): Task<Reply<OutOf<'RtmAddRouteToDest', Handle>>> {
    return this.call('RtmAddRouteToDest', {
      DestAddress: address,
      RouteInfo: routeInfo(changes),
      TimeToLive: constants.INFINITE,
      RouteListHandle: null,
      NotifyType: 0,
      NotifyHandle: null,
      ChangeFlags: 0,
      ...options,
    });
  }

  /** The information on the destination with this prefix; undefined when there is none. */
  *lookUp(
    address: NetAddress,
    views: number = constants.RTM_VIEW_MASK_UCAST,
  ): Task<OutOf<'RtmGetDestInfo', Handle>['DestInfo'] | undefined> {
    const wanted = { ProtocolId: constants.RTM_BEST_PROTOCOL, TargetViews: views };
    const call = { DestAddress: address, ...wanted };
    return (yield* this.call('RtmGetExactMatchDestination', call)).out?.DestInfo;
  }

  private caller(): { readonly id: number; readonly name: string } {
    return this.rt.current() ?? NOBODY;
  }
}

export function netAddress(octets: readonly number[], length: number): NetAddress {
  const AddrBits = Array.from({ length: 16 }, (_, index) => octets[index] ?? 0);
  return { AddressFamily: constants.AF_INET, NumBits: length, AddrBits };
}

export function routeInfo(changes: Partial<RouteInfoShape<Handle>> = {}): RouteInfoShape<Handle> {
  return {
    DestHandle: null,
    RouteOwner: null,
    Neighbour: null,
    State: 0,
    Flags1: 0,
    Flags: 0,
    PrefInfo: { Metric: 1, Preference: 1 },
    BelongsToViews: constants.RTM_VIEW_MASK_UCAST,
    EntitySpecificInfo: null,
    NextHopsList: { NumNextHops: 0, NextHops: [] },
    ...changes,
  };
}

export function hopInfo(last: number, InterfaceIndex = 1): NextHopInfoShape<Handle> {
  return {
    NextHopAddress: netAddress([10, 9, 0, last], 32),
    NextHopOwner: null,
    InterfaceIndex,
    State: 0,
    Flags: 0,
    EntitySpecificInfo: null,
    RemoteNextHop: null,
  };
}

/** What one thread does with two clients. */
export type Body = (context: {
  readonly rt: Runtime;
  readonly rtm: ConcurrentRtm & TableFunctions;
  readonly a: TableClient;
  readonly b: TableClient;
}) => Task;

/** Runs a body; in the end both clients leave, and nothing may be left over. The message of what fails. */
export function runAlone(body: Body): string | undefined {
  const result = explore(
    (rt: Runtime) => {
      const rtm = monitor.create({ rt });
      const [a, b] = [new TableClient(rt, rtm, infoOf(1)), new TableClient(rt, rtm, infoOf(2))];
      rt.spawn('client', function* () {
        yield* body({ rt, rtm, a, b });
        yield* a.deregister();
        yield* b.deregister();
        const left = Object.values(rtm.census()).flat();
        rt.assert(left.length === 0, `left over: ${JSON.stringify(rtm.census())}`);
      });
    },
    { strategy: 'round-robin', executions: 1, detect: { leaks: true } },
  );
  return result.failure?.message;
}
