/**
 * Finds the handles in calls and replies by the C types of the tables, whatever a handle is to the reader.
 */
import type { FunctionName, HandleKind } from './functions.ts';
import { functions } from './functions.ts';
import { structures } from './structures.ts';

const kindsByType: ReadonlyMap<string, HandleKind | 'any'> = new Map([
  ['HANDLE', 'any'],
  ['RTM_ENTITY_HANDLE', 'entity'],
  ['RTM_DEST_HANDLE', 'destination'],
  ['RTM_ROUTE_HANDLE', 'route'],
  ['RTM_NEXTHOP_HANDLE', 'nexthop'],
  ['RTM_ENUM_HANDLE', 'enumeration'],
  ['RTM_ROUTE_LIST_HANDLE', 'route-list'],
  ['RTM_NOTIFY_HANDLE', 'notification'],
]);

const fieldsByStructure: ReadonlyMap<string, readonly { name: string; type: string }[]> = new Map(
  Object.entries(structures).map(([name, { fields }]) => [name, [...fields]]),
);

/** What becomes of one handle. `at` is the path to it, such as `DestInfo.ViewInfo[].Route`. */
export type HandleVisitor = (handle: unknown, kind: HandleKind | 'any', at: string) => unknown;

/**
 * Copies the parameters of a call, or of a reply to it, with every handle that is not NULL replaced by
 * what the visitor makes of it. What no table describes is left as it is.
 */
export function mapHandles(
  name: FunctionName,
  parameters: Readonly<Record<string, unknown>>,
  visit: HandleVisitor,
): Record<string, unknown> {
  const mapped: Record<string, unknown> = { ...parameters };
  for (const { name: parameter, type } of functions[name].parameters) {
    if (!Object.hasOwn(mapped, parameter)) continue;
    mapped[parameter] = mapValue(mapped[parameter], type, parameter, visit);
  }
  return mapped;
}

/** As `mapHandles`, for a single value of a C type, such as `RTM_ROUTE_INFO`. */
export function mapHandlesOf(type: string, value: unknown, visit: HandleVisitor): unknown {
  return mapValue(value, type, type, visit);
}

function mapValue(value: unknown, type: string, at: string, visit: HandleVisitor): unknown {
  if (value === null || value === undefined) return value;
  const target = targetOf(type);
  const kind = kindsByType.get(target);
  const fields = fieldsByStructure.get(target);
  if (kind === undefined && fields === undefined) return value;
  if (Array.isArray(value)) {
    return value.map((element: unknown) => mapValue(element, target, `${at}[]`, visit));
  }
  if (kind !== undefined) return visit(value, kind, at);
  if (typeof value !== 'object' || fields === undefined) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const { name, type: fieldType } of fields) {
    if (!Object.hasOwn(copy, name)) continue;
    copy[name] = mapValue(copy[name], fieldType, `${at}.${name}`, visit);
  }
  return copy;
}

const targets = new Map<string, string>();

/** Calls come in great numbers, types do not. */
function targetOf(type: string): string {
  const known = targets.get(type);
  if (known !== undefined) return known;
  const target = pointedAt(type);
  targets.set(type, target);
  return target;
}

/** `PRTM_DEST_INFO`, `RTM_ROUTE_INFO *` and `RTM_ROUTE_HANDLE[1]` without what makes them more than one thing. */
function pointedAt(type: string): string {
  const bare = type.replace(/ ?\*$|\[\d+\]$/, '');
  const pointee = bare.startsWith('PRTM_') ? bare.slice(1) : bare;
  return bare === type && pointee === bare ? bare : pointedAt(pointee);
}
