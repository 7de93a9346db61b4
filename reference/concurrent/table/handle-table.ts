/**
 * Handles of table objects: numbers made of the object's kind, its slot, and how often the slot has been used.
 *
 * A slot is used again when its object is freed; as the count is part of the handle, a handle to an earlier
 * object of the slot is recognised, and so is one of another kind. Entities have smaller handles.
 */
import type { ObjectKind, TableObject } from './objects.ts';

const FIRST_HANDLE = 2 ** 48;
const SLOTS_MAX = 2 ** 23;
const KINDS_MAX = 8;
const kinds: readonly ObjectKind[] = [
  'destination',
  'route',
  'nexthop',
  'enumeration',
  'list',
  'notification',
];

export class HandleTable {
  private readonly slots: (TableObject | undefined)[] = [];
  private readonly generations: number[] = [];
  private readonly vacant: number[] = [];

  /** Gives the object a slot of its own until it is removed. */
  add(object: TableObject): void {
    const slot = this.vacant.pop() ?? this.slots.length;
    this.generations[slot] = (this.generations[slot] ?? 0) + 1;
    this.slots[slot] = object;
    object.slot = slot;
  }

  remove(object: TableObject): void {
    this.slots[object.slot] = undefined;
    this.vacant.push(object.slot);
  }

  handleOf({ kind, slot }: TableObject): number {
    const place = (this.generations[slot] ?? 0) * SLOTS_MAX + slot;
    return FIRST_HANDLE + place * KINDS_MAX + kinds.indexOf(kind);
  }

  /** The object with this handle, which may be any value at all. */
  find(handle: unknown): TableObject | undefined {
    if (!isTableHandle(handle)) return undefined;
    const place = Math.floor((handle - FIRST_HANDLE) / KINDS_MAX);
    const object = this.slots[place % SLOTS_MAX];
    return object !== undefined && this.handleOf(object) === handle ? object : undefined;
  }

  *objects(): IterableIterator<TableObject> {
    for (const object of this.slots) if (object !== undefined) yield object;
  }
}

/** Whether a value can only be the handle of a table object, perhaps of one that is gone. */
export function isTableHandle(value: unknown): value is number {
  return typeof value === 'number' && value >= FIRST_HANDLE;
}
