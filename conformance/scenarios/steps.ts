/** Short spellings of actions, so that a scenario reads like what it does. */
import type { Action, EntityRef, HandleRef } from '../programs/rtm-program.ts';

type Register = Extract<Action, { call: 'register' }>;
type List = Extract<Action, { call: 'list' }>;
type AboutHeld = Extract<Action, { readonly from?: number }>;

/** Registers identity `slot`, without a callback, unless told otherwise. */
export function register(
  slot: number,
  options: Partial<Omit<Register, 'call' | 'slot'>> = {},
): Action {
  return { call: 'register', slot, identity: slot, ...options };
}

export function deregister(by: EntityRef): Action {
  return { call: 'deregister', by };
}

export function list(
  by: EntityRef,
  options: Partial<Pick<List, 'capacity' | 'handles' | 'infos'>> = {},
): Action {
  return { call: 'list', by, ...options };
}

export function release(by: EntityRef, ...handles: readonly HandleRef[]): AboutHeld {
  return { call: 'release', by, handles };
}

/** Releases everything that the caller holds: more places than any scenario fills. */
export function releaseAll(by: EntityRef): Action {
  return release(by, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

export function reference(by: EntityRef, ...handles: readonly HandleRef[]): AboutHeld {
  return { call: 'reference', by, handles };
}

export function getInfo(by: EntityRef, of: HandleRef): AboutHeld {
  return { call: 'info', by, of };
}

export function releaseInfo(by: EntityRef, info = 0): AboutHeld {
  return { call: 'releaseInfo', by, info };
}

/** The same call about what the client of slot `holder` holds, whoever makes it. */
export function heldBy(holder: number, action: AboutHeld): Action {
  return { ...action, from: holder };
}

/** A table other than that of most clients: the same instance, IPv6. */
export const OTHER_FAMILY = 1;

/** A table other than that of most clients: another instance, IPv4. */
export const OTHER_INSTANCE = 2;

export const quiesce: Action = { call: 'quiesce' };
