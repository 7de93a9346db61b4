/**
 * Handles of table objects: frozen objects that say what they are by kind and signature.
 *
 * A handle stands for one object for ever and no handle for two, as clients cannot make any: which object it
 * is lies in a private field. A copy of a handle is no handle, and a handle whose object has been
 * freed is found out by that object. What that costs is a handle for each object ever shown to a client; those
 * nobody has kept are collected.
 */
import type { HandleKind } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';

/** The kinds of object that are in a routing table. */
export type ObjectKind = Exclude<HandleKind, 'entity'>;

/** What a debugger shows of a handle. */
const signatures: Readonly<Record<ObjectKind, string>> = {
  destination: 'DEST',
  route: 'ROUT',
  nexthop: 'NHOP',
  enumeration: 'ENUM',
  'route-list': 'LIST',
  notification: 'NOTE',
};

export interface Handled {
  readonly kind: ObjectKind;
  handle: ObjectHandle | undefined;
}

export class ObjectHandle {
  readonly kind: ObjectKind;
  readonly signature: string;
  readonly #object: Handled;

  constructor(object: Handled) {
    this.kind = object.kind;
    this.signature = signatures[object.kind];
    this.#object = object;
    Object.freeze(this);
  }

  /** The object of what a client has handed in; undefined when that is no handle of this kind. */
  static objectOf(handle: Handle, kind?: ObjectKind): Handled | undefined {
    if (typeof handle !== 'object' || handle === null || !(#object in handle)) return undefined;
    return kind === undefined || handle.#object.kind === kind ? handle.#object : undefined;
  }
}

/** The handle of an object, which is made when it is first asked for. */
export function handleOf(object: Handled): ObjectHandle {
  object.handle ??= new ObjectHandle(object);
  return object.handle;
}

export function hasTableHandles(args: { readonly RtmHandles: readonly Handle[] }): boolean {
  return args.RtmHandles.some((handle) => ObjectHandle.objectOf(handle) !== undefined);
}
