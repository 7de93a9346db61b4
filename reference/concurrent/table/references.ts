/**
 * Reference counts: the only place that makes objects known, counts what refers to them and frees them.
 *
 * References of clients are written down with the client too, so that they can be given back in its name when
 * it leaves, and so that nobody gives back what another holds.
 */
import { HandleTable } from './handle-table.ts';
import type { Member, ObjectKind, TableObject } from './objects.ts';

/** Where the memory comes from, for those who watch how it is used. */
export interface Memory {
  allocate(kind: ObjectKind): unknown;
  /** A client is told of the object. */
  touch(memory: unknown): void;
  free(memory: unknown): void;
}

const noMemory: Memory = { allocate: () => undefined, touch: () => {}, free: () => {} };

export class References {
  readonly handles: HandleTable = new HandleTable();
  private readonly memory: Memory;

  constructor(memory: Memory = noMemory) {
    this.memory = memory;
  }

  /** Makes an object known, with no reference yet. */
  enter<T extends TableObject>(object: T): T {
    this.handles.add(object);
    object.memory = this.memory.allocate(object.kind);
    return object;
  }

  /** Another object, or the table itself, refers to this one from now on. */
  pin(object: TableObject): void {
    object.references += 1;
  }

  unpin(object: TableObject): void {
    object.references -= 1;
    if (object.references === 0) this.free(object);
  }

  /** A client gets a reference with the handle that is returned. */
  give(member: Member, object: TableObject): number {
    member.grips.set(object, (member.grips.get(object) ?? 0) + 1);
    object.references += 1;
    this.memory.touch(object.memory);
    return this.handles.handleOf(object);
  }

  /** A client gives one back. False if it holds none. */
  takeBack(member: Member, object: TableObject): boolean {
    const grips = member.grips.get(object);
    if (grips === undefined) return false;
    if (grips === 1) member.grips.delete(object);
    else member.grips.set(object, grips - 1);
    this.unpin(object);
    return true;
  }

  /** Gives back everything that a client holds. */
  takeAllBack(member: Member): void {
    const grips = [...member.grips];
    member.grips.clear();
    for (const [object, count] of grips) {
      for (let i = 0; i < count; i += 1) this.unpin(object);
    }
  }

  /** The reference counts of all live objects of a kind. */
  countsOf(kind: ObjectKind): number[] {
    const counts: number[] = [];
    for (const object of this.handles.objects()) {
      if (object.kind === kind) counts.push(object.references);
    }
    return counts;
  }

  private free(object: TableObject): void {
    this.handles.remove(object);
    this.memory.free(object.memory);
    switch (object.kind) {
      case 'destination':
        object.home.forget(object);
        return;
      case 'route':
        this.unpinAll(object.content.hops);
        if (object.content.neighbour !== undefined) this.unpin(object.content.neighbour);
        this.unpin(object.destination);
        return;
      case 'nexthop':
        if (object.content.remote !== undefined) this.unpin(object.content.remote);
        return;
      case 'enumeration':
        if ('of' in object.walk && object.walk.of !== undefined) this.unpin(object.walk.of);
        return;
      case 'notification':
        this.unpinAll(object.pending);
        return;
      case 'list':
    }
  }

  private unpinAll(objects: Iterable<TableObject>): void {
    for (const object of objects) this.unpin(object);
  }
}
