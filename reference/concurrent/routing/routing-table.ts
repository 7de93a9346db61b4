/**
 * The routing table of one RTM instance and address family, and its lock: readers beside each other, a writer
 * alone. What clients lock from one call to another are single objects in it, by `locks.ts`.
 */
import type { Atomic, Block, Cell, Runtime, RwLock, Task } from '../../../harness/index.ts';
import type { Entity } from '../quiescent-entity.ts';
import type { RegisterArguments } from '../rtm.ts';
import type { Client, Counted, Destination, Route, Subscription } from './objects.ts';
import { Moments } from './moments.ts';
import { NO_HOLDS } from './locks.ts';
import { PrefixMaps } from './prefix-maps.ts';
import type { Handled, ObjectKind } from './handles.ts';

/** How many clients of a table may have an opaque pointer in its destinations. */
const SLOTS_MAX = 16;

export class RoutingTable {
  readonly rt: Runtime;
  readonly family: number;
  /** Has the worker look at the table. */
  readonly callWorker: () => Task;
  readonly lock: RwLock;
  /** Stands for all the plain memory of the table, so that the race detector watches over it. */
  readonly guarded: Cell<undefined>;
  /** How many locks clients have given up: who is hindered by one waits for the next number. */
  readonly unlocks: Atomic<number>;
  readonly destinations: PrefixMaps<Destination> = new PrefixMaps();
  readonly subscriptions: Set<Subscription> = new Set();
  readonly clients: Set<Client> = new Set();
  readonly live: Set<Counted> = new Set();
  /** When routes expire and holds end. */
  readonly moments: Moments<Route | Destination> = new Moments();
  /** Holds that ought to have ended, of destinations that somebody has locked. */
  readonly postponed: Destination[] = [];
  /** Subscriptions with something to announce. */
  readonly announcements: Set<Subscription> = new Set();
  /** Memory nothing refers to, freed before the lock is let go. */
  readonly garbage: Block<unknown>[] = [];
  /** A lock has been given up since the table was locked. */
  unlocked = false;
  /** The worker has something to look at that it has not been told of. */
  isCalling = false;
  private readonly slots: (Client | undefined)[] = [];
  private routesMade = 0;

  constructor(rt: Runtime, family: number, callWorker: () => Task) {
    this.rt = rt;
    this.callWorker = callWorker;
    this.family = family;
    this.lock = rt.rwLock(`table ${family}`);
    this.guarded = rt.cell(undefined, `table ${family}`);
    this.unlocks = rt.atomic(0, `unlocks ${family}`);
  }

  /** A new client; with an opaque pointer if it wants one and there is one left. */
  clientOf(entity: Entity, args: RegisterArguments): Client {
    const client: Client = {
      entity,
      table: this,
      protocol: entity.identity.EntityId.EntityProtocolId,
      hasCallback: args.EventCallback !== null,
      methods: args.ExportMethods ?? [],
      blocks: undefined,
      slot: args.ReserveOpaquePointer ? this.freeSlot() : undefined,
      routes: new Set(),
      hops: new Map(),
      subscriptions: new Set(),
      enumerations: new Set(),
      lists: new Set(),
      locked: new Set(),
    };
    if (client.slot !== undefined) this.slots[client.slot] = client;
    this.clients.add(client);
    return client;
  }

  forget(client: Client): void {
    this.clients.delete(client);
    if (client.slot !== undefined) this.slots[client.slot] = undefined;
  }

  /** How an object begins that nothing refers to yet. */
  blank<Kind extends ObjectKind>(kind: Kind): Counted & Handled & { readonly kind: Kind } {
    return {
      kind,
      table: this,
      memory: this.rt.heap.allocate(undefined, kind),
      pins: 0,
      handles: undefined,
      handle: undefined,
      isFreed: false,
    };
  }

  /** As `blank`, of what can be locked. */
  unlockedBlank<Kind extends ObjectKind>(
    kind: Kind,
  ): ReturnType<typeof this.blank<Kind>> & { holds: typeof NO_HOLDS } {
    return { ...this.blank(kind), holds: NO_HOLDS };
  }

  /** Makes an object known. */
  enter<T extends Counted>(object: T): T {
    this.live.add(object);
    return object;
  }

  nextRouteNumber(): number {
    this.routesMade += 1;
    return this.routesMade;
  }

  announce(subscription: Subscription): void {
    this.announcements.add(subscription);
    this.isCalling = true;
  }

  /** Has an object looked at when a moment has come. */
  remind(at: number, what: Route | Destination): void {
    if (at === Infinity) return;
    this.moments.add(at, what);
    this.isCalling = true;
  }

  private freeSlot(): number | undefined {
    for (let slot = 0; slot < SLOTS_MAX; slot += 1) {
      if (this.slots[slot] === undefined) return slot;
    }
    return undefined;
  }
}
