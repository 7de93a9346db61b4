/** All functions on tables that neither wait for methods nor end a registration. */
import type { TableFunctionName } from '../../../spec/index.ts';
import type { Reply } from '../kit.ts';
import { type Calling, failed, type Handlers } from './calling.ts';
import { hopCalls } from './hop-calls.ts';
import { inPlaceCalls } from './in-place-calls.ts';
import { listCalls } from './list-calls.ts';
import { lookupCalls } from './lookup-calls.ts';
import { methodCalls } from './method-calls.ts';
import { notifyCalls } from './notify-calls.ts';
import { routeCalls } from './route-calls.ts';
import { walkCalls } from './walk-calls.ts';
import type { World } from './world.ts';

export type PlainName = Exclude<TableFunctionName, 'RtmInvokeMethod'>;

const handlers: Handlers<PlainName> = {
  ...routeCalls,
  ...inPlaceCalls,
  ...hopCalls,
  ...lookupCalls,
  ...walkCalls,
  ...listCalls,
  ...notifyCalls,
  ...methodCalls,
};

export const plainNames = Object.keys(handlers) as readonly PlainName[];

/** Throws `mustWait` when somebody has locked what it is about. */
export function plainCall(
  world: World,
  thread: number,
  name: PlainName,
  args: { readonly RtmRegHandle: unknown },
): Reply {
  const caller = world.callerOf(args.RtmRegHandle);
  if (caller === undefined) return failed('ERROR_INVALID_HANDLE');
  const handler = handlers[name] as (calling: Calling, args: object) => Reply;
  return handler({ world, caller, thread }, args);
}
