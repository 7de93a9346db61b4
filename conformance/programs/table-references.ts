/** Turns the symbolic references of calls on routing tables into handles and structures. */
import { functions, mapHandles } from '../../spec/index.ts';
import { isRecord } from './describe-reply.ts';
import {
  type InvokeAction,
  type ObjectRef,
  type StructureRef,
  takenBack,
} from './table-actions.ts';
import { expandArguments } from './table-arguments.ts';
import type { DirectRef } from './table-farewells.ts';
import type { TableCaller, TableHost } from './table-host.ts';
import {
  type HeldObject,
  type HeldStructure,
  isIdle,
  isReleasable,
  type Named,
  type TableLedger,
} from './table-ledger.ts';

/** What a call is made with, and what of it is held. */
export interface Resolved {
  readonly args: Record<string, unknown>;
  readonly used: HeldObject[];
  readonly consumed: HeldObject[];
  /** Whether there are handles among those to be given back that the caller does not hold. */
  readonly hasStrangers: boolean;
  readonly structure: HeldStructure | undefined;
}

export class TableReferences {
  /** What actions with a name have returned. */
  readonly names: Map<string, Named> = new Map();
  private readonly host: TableHost;

  constructor(host: TableHost) {
    this.host = host;
  }

  /** Has the name stand for what was returned now; for nothing if nothing was. */
  rename(name: string, named: Named | undefined): void {
    if (named === undefined) this.names.delete(name);
    else this.names.set(name, named);
  }

  /** The arguments of a call; undefined when a reference names nothing. */
  resolve(action: InvokeAction, caller: TableCaller): Resolved | undefined {
    const consumedAt = new Set(functions[action.name].handlesConsumed.map(({ at }) => at));
    const used: HeldObject[] = [];
    const consumed: HeldObject[] = [];
    let isComplete = true;
    let hasStrangers = false;
    const structureName = takenBack[action.name];
    let structure: HeldStructure | undefined;
    const parameters: Record<string, unknown> = { ...action.args };
    // What the client writes itself is an argument like others.
    if (structureName !== undefined && !Array.isArray(parameters[structureName])) {
      structure = this.findStructure(parameters[structureName], action, caller.ledger);
      if (structure === undefined) return undefined;
      parameters[structureName] = null;
    }
    const valueOf = (name: string): unknown =>
      name === structureName && structure !== undefined ? structure.value : parameters[name];
    const objectsOf = (name: string): readonly HeldObject[] | undefined =>
      this.names.get(name)?.objects;
    if (!expandArguments(parameters, { valueOf, objectsOf, profile: caller.profile }))
      return undefined;
    const args = mapHandles(action.name, parameters, (ref, _kind, at) => {
      const consumes = consumedAt.has(at);
      // Whoever resolves twice in one call must not release one handle twice.
      const found = this.resolveHandle(ref as ObjectRef, caller, consumes, consumed);
      if (found === undefined) {
        isComplete = false;
        return null;
      }
      if (found.object !== undefined) (consumes ? consumed : used).push(found.object);
      else if (consumes) hasStrangers = true;
      return found.handle;
    });
    if (!isComplete) return undefined;
    if (structureName !== undefined && structure !== undefined) {
      args[structureName] = structure.value;
    }
    return {
      args: { RtmRegHandle: caller.handle, ...args },
      used,
      consumed,
      hasStrangers,
      structure,
    };
  }

  resolveHandle(
    ref: ObjectRef | DirectRef,
    caller: TableCaller,
    consumes: boolean,
    taken: readonly HeldObject[],
  ): { readonly handle: unknown; readonly object?: HeldObject } | undefined {
    if (ref === 'null') return { handle: null };
    if (ref === 'made-up') return { handle: this.host.madeUpHandle() };
    if (ref === 'subject') {
      return caller.subject === undefined || consumes ? undefined : { handle: caller.subject };
    }
    if ('direct' in ref) {
      const object = caller.ledger.objects.find(
        (held) => Object.is(held.handle, ref.direct) && !taken.includes(held),
      );
      return object === undefined ? { handle: ref.direct } : { handle: ref.direct, object };
    }
    if ('released' in ref) {
      // Given back twice it might be taken from somebody else.
      const isAllowed = this.host.useStaleHandles && !consumes;
      const handle = isAllowed ? caller.ledger.findReleased(ref) : undefined;
      return handle === undefined ? undefined : { handle };
    }
    if ('slot' in ref) {
      const handle = this.host.handleOf(ref.slot);
      return handle === undefined ? undefined : { handle };
    }
    if ('named' in ref) {
      const object = this.findNamed(ref);
      if (object === undefined || object.isDoubtful === true) return undefined;
      if (taken.includes(object)) return undefined;
      if (consumes && !isReleasable(object)) return undefined;
      if (ref.ifHeld === true && !caller.ledger.holds(object)) return undefined;
      return { handle: object.handle, object };
    }
    if (ref.held === 'entity') {
      const handles = this.host.entityHandles(caller.ledger);
      return handles.length === 0 ? undefined : { handle: handles[ref.place % handles.length] };
    }
    const object = caller.ledger.find(ref, consumes);
    if (object === undefined || taken.includes(object)) return undefined;
    return { handle: object.handle, object };
  }

  /** The handle that an action with a name returned, or one in a structure it returned, given back or not. */
  handleNamed(name: string, path: string | undefined): unknown {
    const named = this.names.get(name);
    if (path === undefined) return named?.object?.handle;
    return valueAt(named?.value, path) ?? undefined;
  }

  private findNamed(ref: Extract<ObjectRef, { named: unknown }>): HeldObject | undefined {
    const named = this.names.get(ref.named);
    if (ref.path === undefined) return named?.object;
    const handle = valueAt(named?.value, ref.path);
    if (handle === undefined || handle === null) return undefined;
    return named?.objects.find((object) => Object.is(object.handle, handle));
  }

  private findStructure(
    ref: unknown,
    action: InvokeAction,
    ledger: TableLedger,
  ): HeldStructure | undefined {
    // A structure to be given back is a reference as a whole, by the type of the action.
    const structureRef = ref as StructureRef;
    if ('received' in structureRef) return ledger.findStructure(structureRef);
    const named = this.names.get(structureRef.named);
    const structure = named?.structure;
    if (structure === undefined || !isIdle(structure)) return undefined;
    const { first: elements } = structureRef;
    if (elements === undefined || !Array.isArray(structure.value)) return structure;
    const first: unknown = structure.value.slice(0, elements);
    const consumed = new Set(functions[action.name].handlesConsumed.map(({ at }) => at));
    let handles = 0;
    mapHandles(action.name, { [structure.type]: first }, (handle, _kind, at) => {
      if (consumed.has(at)) handles += 1;
      return handle;
    });
    const [part, rest] = ledger.split(structure, { elements, handles });
    if (named !== undefined) this.names.set(structureRef.named, { ...named, structure: rest });
    return part;
  }
}

/** By a path such as `ViewInfo.0.Route`. */
function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, step) => (isRecord(inner) ? inner[step] : undefined), value);
}
