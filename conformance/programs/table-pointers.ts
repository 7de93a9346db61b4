/** Uses the pointers to live data that calls on routing tables return. */
import type { Task } from '../../harness/index.ts';
import type { Call, Token } from '../../reference/model/index.ts';
import { mapHandlesOf } from '../../spec/index.ts';
import { isRecord } from './describe-reply.ts';
import type { ObjectRef, TableAction } from './table-actions.ts';
import type { TableCaller, TableHost } from './table-host.ts';
import type { TableReferences } from './table-references.ts';

/** Through whom pointers are found and what is done with them is recorded. */
interface PointerUse {
  readonly host: TableHost;
  readonly references: TableReferences;
}

/** Writes members of a route in place. */
export function* writeRoute(
  { host, references }: PointerUse,
  action: Extract<TableAction, { call: 'writeRoute' }>,
  caller: TableCaller,
): Task {
  const named = references.names.get(action.pointer);
  if (named?.pointer === undefined) return;
  const { recorder, rt } = host;
  let isComplete = true;
  const fields = mapHandlesOf('RTM_ROUTE_INFO', action.fields, (ref) => {
    const found = references.resolveHandle(ref as ObjectRef, caller, false, []);
    if (found === undefined) isComplete = false;
    return found?.handle;
  });
  if (!isComplete || !isRecord(fields)) return;
  Object.assign(named.pointer, fields);
  if (host.pointers !== undefined) yield* host.pointers.write(named.pointer, fields);
  const tokens = mapHandlesOf('RTM_ROUTE_INFO', fields, (handle) => recorder.tokenOf(handle));
  const RouteHandle = recorder.tokenOf(named.target);
  const id = recorder.occur(caller.process, {
    name: 'write.route',
    RtmRegHandle: recorder.tokenOf(caller.handle),
    RouteHandle,
    fields: tokens as Extract<Call, { name: 'write.route' }>['fields'],
  });
  rt.note(
    `writes ${Object.keys(fields).join(', ')} of ${recorder.nameOf(RouteHandle)}`,
    `note#${id}`,
  );
}

/** Writes or reads what an opaque pointer points at. */
export function* useOpaquePointer(
  { host, references }: PointerUse,
  action: Extract<TableAction, { call: 'opaque' }>,
  caller: TableCaller,
): Task {
  const named = references.names.get(action.pointer);
  if (named?.pointer === undefined) return;
  const { recorder, rt } = host;
  const isWrite = action.value !== undefined;
  if (isWrite) named.pointer['value'] = action.value;
  if (host.pointers !== undefined) {
    if (isWrite) yield* host.pointers.write(named.pointer, { value: action.value });
    else named.pointer['value'] = yield* host.pointers.read(named.pointer);
  }
  const DestHandle: Token = recorder.tokenOf(named.target);
  const value = named.pointer['value'];
  const id = recorder.occur(caller.process, {
    name: isWrite ? 'write.opaque' : 'read.opaque',
    RtmRegHandle: recorder.tokenOf(caller.handle),
    DestHandle,
    value,
  });
  const verb = isWrite ? 'writes' : 'reads';
  rt.note(
    `${verb} ${String(value)} behind its opaque pointer at ${recorder.nameOf(DestHandle)}`,
    `note#${id}`,
  );
}
