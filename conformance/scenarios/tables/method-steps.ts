/** Short spellings of steps on exported methods and on opaque pointers. */
import { constants } from '../../../spec/index.ts';
import type { Action, EntityRef, MethodScript } from '../../programs/rtm-program.ts';
import { invoke, type ObjectRef } from '../../programs/table-actions.ts';
import { addNextHop, addRoute, exactMatch, named } from '../../programs/table-steps.ts';
import type { Step } from '../scenario.ts';
import { register } from '../steps.ts';
import { ok } from './route-steps.ts';

const { RTM_BLOCK_METHODS, RTM_RESUME_METHODS } = constants;

/** Room for whatever the methods of scenarios put out, in any layout. */
const ROOM = 1024;

export const PREFIX = '10.1.0.0/16';

/**
 * Client 1 exports methods, and client 0 has a handle of it from the route that it owns: lists come in any
 * order and may have their caller in them.
 */
export function exporter(...methods: readonly MethodScript[]): readonly Step[] {
  return [
    { do: register(0) },
    { do: register(1, methods.length === 0 ? {} : { methods }) },
    ok(addNextHop(1, '10.255.1.1', 'its hop')),
    ok(addRoute(1, PREFIX, { hops: ['its hop'] }, 'its route')),
    ok(exactMatch(0, PREFIX, 'seen')),
  ];
}

/** The handle by which client 0 knows client 1. */
export const other: ObjectRef = named('seen', 'ViewInfo.0.Owner');

export function invokeMethods(
  by: EntityRef,
  target: ObjectRef,
  MethodType: number,
  {
    input = [7],
    room = ROOM,
    keepsLocks,
  }: {
    readonly input?: readonly number[];
    readonly room?: number;
    /** Although the thread blocks its own methods: those invoked are of somebody else. */
    readonly keepsLocks?: true;
  } = {},
): Action {
  const Input = { MethodType, InputSize: input.length, InputData: input };
  const action = invoke('RtmInvokeMethod', by, { EntityHandle: target, Input, OutputSize: room });
  return keepsLocks === undefined ? action : ({ ...action, keepsLocks } as Action);
}

export function listMethods(by: EntityRef, target: ObjectRef, NumMethods: number): Action {
  return invoke('RtmGetEntityMethods', by, { EntityHandle: target, NumMethods });
}

export function blockMethods(by: EntityRef): Action {
  return changeBlock(by, RTM_BLOCK_METHODS);
}

export function resumeMethods(by: EntityRef): Action {
  return changeBlock(by, RTM_RESUME_METHODS);
}

function changeBlock(by: EntityRef, BlockingFlag: number): Action {
  return invoke('RtmBlockMethods', by, { TargetHandle: null, TargetType: 0, BlockingFlag });
}

// --- Destinations -----------------------------------------------------------------------------------------

export function lockDestination(by: EntityRef, DestHandle: ObjectRef, Exclusive = true): Action {
  return invoke('RtmLockDestination', by, { DestHandle, Exclusive, LockDest: true });
}

export function unlockDestination(by: EntityRef, DestHandle: ObjectRef, Exclusive = true): Action {
  return invoke('RtmLockDestination', by, { DestHandle, Exclusive, LockDest: false });
}

/** The address of the slot goes by `as`. */
export function findSlot(by: EntityRef, DestHandle: ObjectRef, as?: string): Action {
  return invoke('RtmGetOpaqueInformationPointer', by, { DestHandle }, as);
}

export function readSlot(by: EntityRef, pointer: string): Action {
  return { call: 'opaque', by, pointer };
}

export function writeSlot(by: EntityRef, pointer: string, value: number): Action {
  return { call: 'opaque', by, pointer, value };
}
