/**
 * What one client holds beyond entity handles: handles of destinations, routes and the like, each on its own or
 * inside a structure that has to be given back as a whole.
 *
 * A handle is released by one call only and by none while another call works with it. A call that uses it up
 * takes it out first and puts it back when it is refused.
 */
import type { HandleKind } from '../../spec/index.ts';
import type { ObjectRef, StructureRef, StructureType } from './table-actions.ts';

export interface HeldObject {
  readonly kind: HandleKind | 'any';
  readonly handle: unknown;
  /** Inside which structure it came; undefined for one of its own. */
  readonly structure: HeldStructure | undefined;
  /** Calls that are using it right now. */
  users: number;
  /** Handed to a release that failed for others, and perhaps taken all the same: RTM-AMB-264. */
  isDoubtful?: true;
}

export interface HeldStructure {
  readonly type: StructureType;
  /** As the RTM filled it. */
  readonly value: unknown;
  /** Of a batch of changed destinations: the subscription it was fetched from. */
  readonly source: unknown;
  readonly objects: HeldObject[];
}

/** What an action with a name has returned. */
export interface Named {
  readonly object?: HeldObject;
  readonly structure?: HeldStructure;
  /** The structure or array of handles that paths lead into. */
  readonly value?: unknown;
  /** All that came, inside the structure or not. */
  readonly objects: readonly HeldObject[];
  /** Live data that may be written. */
  readonly pointer?: Record<string, unknown>;
  /** The handle of the route, next hop or destination that `pointer` belongs to. */
  readonly target?: unknown;
}

export class TableLedger {
  readonly objects: HeldObject[] = [];
  readonly structures: HeldStructure[] = [];
  /** What was given back, each on its own or inside a structure. */
  private readonly released: HeldObject[] = [];
  private doubtful = 0;

  /** The objects of a kind that can be named, those inside structures after those on their own. */
  private all(kind: HandleKind): HeldObject[] {
    const inside = this.structures.flatMap(({ objects }) => objects);
    return [...this.objects, ...inside].filter((object) => object.kind === kind);
  }

  /** @param consumes Whether the call uses the handle up, which then has to be on its own and idle. */
  find(ref: Extract<ObjectRef, { held: unknown }>, consumes: boolean): HeldObject | undefined {
    const candidates = this.all(ref.held).filter((object) => !consumes || isReleasable(object));
    return candidates[ref.place % candidates.length];
  }

  findStructure(ref: Extract<StructureRef, { received: unknown }>): HeldStructure | undefined {
    const candidates = this.structures.filter(
      (structure) => structure.type === ref.received && isIdle(structure),
    );
    return candidates[ref.place % candidates.length];
  }

  holds(object: HeldObject): boolean {
    const { structure } = object;
    return structure === undefined
      ? this.objects.includes(object)
      : this.structures.includes(structure);
  }

  findReleased({ released: kind, place }: Extract<ObjectRef, { released: unknown }>): unknown {
    const candidates = this.released.filter((object) => object.kind === kind);
    return candidates[place % candidates.length]?.handle;
  }

  /** From here on they are neither used nor counted on. */
  doubt(objects: readonly HeldObject[]): void {
    for (const object of objects) object.isDoubtful = true;
    this.doubtful += objects.length;
  }

  /** Whether its client holds anything, or perhaps does. */
  isHolding(): boolean {
    return this.objects.length + this.structures.length + this.doubtful > 0;
  }

  noteReleased(objects: readonly HeldObject[]): void {
    this.released.push(...objects);
  }

  take(object: HeldObject): void {
    removeFrom(this.objects, object);
  }

  takeStructure(structure: HeldStructure): void {
    removeFrom(this.structures, structure);
  }

  /** Parts a batch in two, the first so many elements, which have so many handles, and the rest. */
  split(
    structure: HeldStructure,
    { elements, handles }: { readonly elements: number; readonly handles: number },
  ): readonly [HeldStructure, HeldStructure] {
    const value: readonly unknown[] = Array.isArray(structure.value) ? structure.value : [];
    const first = {
      ...structure,
      value: value.slice(0, elements),
      objects: structure.objects.slice(0, handles),
    };
    const rest = {
      ...structure,
      value: value.slice(elements),
      objects: structure.objects.slice(handles),
    };
    this.takeStructure(structure);
    this.structures.push(first, rest);
    return [first, rest];
  }
}

export function isReleasable(object: HeldObject): boolean {
  return object.structure === undefined && object.users === 0;
}

export function isIdle(structure: HeldStructure): boolean {
  return structure.objects.every(({ users }) => users === 0);
}

function removeFrom<T>(list: T[], element: T): void {
  const at = list.indexOf(element);
  if (at >= 0) list.splice(at, 1);
}
