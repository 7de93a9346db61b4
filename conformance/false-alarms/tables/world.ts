/**
 * All that an RTM knows, without any thought of threads: entities, tables, and what handles stand for. A value is
 * known for as long as its object is alive or somebody holds it.
 */
import { statuses } from '../../../spec/index.ts';
import type { Handle } from '../kit.ts';
import type { Choices, Kind } from './choices.ts';
import type { Prefix } from './prefixes.ts';
import type {
  Delivery,
  Dest,
  Entity,
  Enumeration,
  Hop,
  List,
  Route,
  Subscription,
  Table,
  Thing,
} from './things.ts';

interface Things {
  readonly entity: Entity;
  readonly destination: Dest;
  readonly route: Route;
  readonly nexthop: Hop;
  readonly enumeration: Enumeration;
  readonly 'route-list': List;
  readonly notification: Subscription;
}

/** Thrown before anything is changed: the call has to wait until somebody unlocks, and is then made anew. */
export const mustWait: unique symbol = Symbol('must wait');

export const VIEWS_SUPPORTED = 3;

export class World {
  readonly choices: Choices;
  readonly now: () => number;
  readonly entities: Set<Entity> = new Set();
  readonly tables: Map<string, Table> = new Map();
  /** Events that wait to be delivered. */
  readonly events: Delivery[] = [];
  private readonly things = new Map<Handle, Thing>();
  private readonly values = new Map<Thing, Handle>();
  private readonly registrations = new Map<Handle, Entity>();
  private stamps = 0;

  constructor(choices: Choices, now: () => number) {
    this.choices = choices;
    this.now = now;
  }

  /** Ever greater. */
  stamp(): number {
    this.stamps += 1;
    return this.stamps;
  }

  // --- Handles ---------------------------------------------------------------------------------------

  /** Its handle, lent. */
  valueOf(thing: Thing): Handle {
    const known = this.values.get(thing);
    if (known !== undefined) return known;
    const value = this.choices.mint(thing.kind);
    this.values.set(thing, value);
    this.things.set(value, thing);
    return value;
  }

  /** Its handle, with a reference. */
  give(thing: Thing, holder: Entity): Handle {
    thing.held += 1;
    holder.holds.push(thing);
    return this.valueOf(thing);
  }

  giveOrNull(thing: Thing | null, holder: Entity): Handle {
    return thing === null ? null : this.give(thing, holder);
  }

  find<K extends Kind>(kind: K, handle: Handle): Things[K] | undefined {
    const thing = this.things.get(handle) ?? this.registrations.get(handle);
    return thing?.kind === kind ? (thing as Things[K]) : undefined;
  }

  findAny(handle: Handle): Thing | undefined {
    return this.things.get(handle) ?? this.registrations.get(handle);
  }

  /** Takes one reference back. */
  take(thing: Thing, holder: Entity): void {
    const at = holder.holds.indexOf(thing);
    if (at >= 0) holder.holds.splice(at, 1);
    thing.held -= 1;
    this.settle(thing);
  }

  /** Forgets what nothing refers to any more. */
  settle(thing: Thing): void {
    if (thing.alive || thing.held > 0) return;
    const { freed } = thing;
    delete thing.freed;
    freed?.();
    const value = this.values.get(thing);
    this.values.delete(thing);
    if (thing.kind === 'entity') this.entities.delete(thing as Entity);
    if (value === undefined || this.registrations.get(value) === thing) return;
    this.things.delete(value);
    this.choices.recycle?.(thing.kind, value);
  }

  /** Takes one reference from each, or does what `withBadOnes` says when one is bad. */
  takeAll(kind: Kind, handles: readonly Handle[], holder: Entity): number {
    const left = new Map<Thing, number>();
    const good = handles.map((handle) => {
      const thing = this.find(kind, handle);
      if (thing === undefined) return undefined;
      const references = left.get(thing) ?? thing.held;
      left.set(thing, references - 1);
      return references > 0 ? thing : undefined;
    });
    const firstBad = good.indexOf(undefined);
    const { withBadOnes } = this.choices;
    if (firstBad >= 0 && withBadOnes === 'none') return statuses.ERROR_INVALID_HANDLE;
    const served = firstBad >= 0 && withBadOnes === 'up-to-the-bad-one' ? firstBad : good.length;
    for (const thing of good.slice(0, served)) if (thing !== undefined) this.take(thing, holder);
    return firstBad >= 0 ? statuses.ERROR_INVALID_HANDLE : statuses.NO_ERROR;
  }

  /** By kind, the references of what is alive or held. */
  census(): Record<string, number[]> {
    const counts: Record<string, number[]> = {};
    for (const entity of this.entities)
      (counts['entity'] ??= []).push(entity.held + (entity.alive ? 1 : 0));
    for (const thing of new Set([...this.values.keys(), ...this.contents()])) {
      if (thing.kind === 'entity') continue;
      (counts[thing.kind] ??= []).push(thing.held + (thing.alive ? 1 : 0));
    }
    return counts;
  }

  private contents(): Thing[] {
    const dests = [...this.tables.values()].flatMap(({ dests }) => dests);
    const hops = [...this.entities].flatMap(({ hops }) => hops);
    return [...dests, ...dests.flatMap(({ routes }) => routes), ...hops];
  }

  // --- Entities and tables ---------------------------------------------------------------------------

  enlist(entity: Entity): Handle {
    this.entities.add(entity);
    const value = this.choices.mint('registration');
    this.registrations.set(value, entity);
    if (this.choices.oneEntityHandle === true) {
      this.values.set(entity, value);
      this.things.set(value, entity);
    }
    return value;
  }

  /** The registration of an entity is over. */
  strike(entity: Entity): void {
    for (const [value, other] of this.registrations) {
      if (other !== entity) continue;
      this.registrations.delete(value);
      if (!this.things.has(value)) this.choices.recycle?.('registration', value);
    }
    entity.alive = false;
    this.settle(entity);
  }

  /** Who calls with a handle. */
  callerOf(handle: Handle): Entity | undefined {
    const entity = this.registrations.get(handle);
    return entity?.stage === 'registered' ? entity : undefined;
  }

  registrationOf(entity: Entity): Handle {
    for (const [value, other] of this.registrations) if (other === entity) return value;
    return null;
  }

  tableOf({
    RtmInstanceId,
    AddressFamily,
  }: {
    readonly RtmInstanceId: number;
    readonly AddressFamily: number;
  }): Table {
    const key = `${RtmInstanceId}/${AddressFamily}`;
    const known = this.tables.get(key);
    if (known !== undefined) return known;
    const table: Table = { key, family: AddressFamily, dests: [], subscriptions: [] };
    this.tables.set(key, table);
    return table;
  }

  destOf(table: Table, { bits }: Prefix): Dest | undefined {
    return table.dests.find((dest) => dest.prefix.bits === bits);
  }

  // --- Locks -----------------------------------------------------------------------------------------

  /** Goes on unless somebody else has locked it: to read it exclusively, to change it in any way. */
  await(
    { locks }: Dest | Route | Hop,
    mode: 'read' | 'change',
    isOther: (lock: { readonly thread: number; readonly owner: Entity }) => boolean,
  ): void {
    if (locks.some((lock) => (mode === 'change' || lock.exclusive) && isOther(lock)))
      throw mustWait;
  }
}
