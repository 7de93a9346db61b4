/** Keeps what calls on routing tables return, until it is given back. */
import { functions, mapHandles } from '../../spec/index.ts';
import { isRecord } from './describe-reply.ts';
import type { InvokeAction, StructureType } from './table-actions.ts';
import type { HeldObject, HeldStructure, Named, TableLedger } from './table-ledger.ts';

/** Writes what was returned into the ledger of the caller. Returns it, for the action's name if it has one. */
export function keep(
  action: InvokeAction,
  args: Readonly<Record<string, unknown>>,
  out: Readonly<Record<string, unknown>>,
  ledger: TableLedger,
): Named {
  const objects: HeldObject[] = [];
  const named: { -readonly [Key in keyof Named]: Named[Key] } = { objects };
  const structures = new Map<string, HeldStructure>();
  for (const parameter of Object.keys(out)) {
    const type = structureTypeOf(parameter);
    if (type === undefined || !isRecord(out[parameter])) continue;
    const structure: HeldStructure = {
      type,
      value: out[parameter],
      source: args['NotifyHandle'],
      objects: [],
    };
    named.value = structure.value;
    if (Array.isArray(out[parameter]) && out[parameter].length === 0) continue;
    structures.set(parameter, structure);
    ledger.structures.push(structure);
    named.structure = structure;
  }
  const wanted = new Set(functions[action.name].handlesReturned.map(({ at }) => at));
  mapHandles(action.name, out, (handle, kind, at) => {
    if (!wanted.has(at)) return handle;
    const structure = structures.get(/^\w+/.exec(at)?.[0] ?? '');
    // A handle that was handed in to name what to update is no new one.
    if (structure === undefined && Object.hasOwn(args, at)) return handle;
    const object: HeldObject = { kind, handle, structure, users: 0 };
    objects.push(object);
    if (structure === undefined) {
      ledger.objects.push(object);
      named.object ??= object;
    } else {
      structure.objects.push(object);
    }
    return handle;
  });
  named.value ??= objects.map(({ handle }) => handle);
  const pointer =
    out['RoutePointer'] ?? out['NextHopPointer'] ?? out['OpaqueInfoPointer'] ?? undefined;
  if (isRecord(pointer)) {
    named.pointer = pointer;
    named.target = args['RouteHandle'] ?? args['NextHopHandle'] ?? args['DestHandle'];
  }
  return named;
}

function structureTypeOf(parameter: string): StructureType | undefined {
  switch (parameter) {
    case 'RouteInfo':
    case 'DestInfo':
    case 'NextHopInfo':
    case 'DestInfos':
    case 'ChangedDests':
      return parameter;
    default:
      return undefined;
  }
}
