/** References that entities hold on objects by handles, as intervals: certain ones, and possible ones. */
import type { EntityKey, Token } from '../naming.ts';
import type { Grip } from './objects.ts';
import type { TableState } from './state.ts';
import { repin, sweep } from './store.ts';

export function gripPlace(place: Pick<Grip, 'holder' | 'token'>): string {
  return `${place.holder}:${place.token}`;
}

export function gripOf(tables: TableState, holder: EntityKey, token: Token): Grip | undefined {
  return tables.grips.get(gripPlace({ holder, token }));
}

/** Adds to both ends, neither of which falls below zero. */
export function adjustGrip(
  tables: TableState,
  place: Pick<Grip, 'holder' | 'token' | 'kind' | 'key'>,
  change: { readonly least: number; readonly most: number; readonly lent?: boolean },
): TableState {
  const before = gripOf(tables, place.holder, place.token);
  const least = Math.max(0, (before?.least ?? 0) + change.least);
  const most = Math.max(least, (before?.most ?? 0) + change.most);
  const lent = change.lent ?? before?.lent ?? false;
  const at = gripPlace(place);
  if (most === 0 && !lent) {
    if (before === undefined) return tables;
    const dropped = { ...tables, grips: tables.grips.delete(at) };
    return sweep(repin(dropped, [before.key], -1), [before.key]);
  }
  const { holder, token, kind, key } = place;
  const grip: Grip = { holder, token, kind, key, least, most, lent };
  const kept = { ...tables, grips: tables.grips.set(at, grip) };
  return before === undefined ? repin(kept, [key], 1) : kept;
}

/** Whether somebody holds what a token stands for, for certain. */
export function isGripped(
  tables: TableState,
  token: Token,
  holders: readonly { readonly key: EntityKey }[],
): boolean {
  // When a callback returns that it was lent to is not recorded.
  return holders.some(({ key }) => (gripOf(tables, key, token)?.least ?? 0) > 0);
}

/** Forgets a token, and whoever may have held something by it: it stands for something else now. */
export function forgetToken(
  tables: TableState,
  token: Token,
  holders: readonly { readonly key: EntityKey }[],
): TableState {
  if (!tables.names.has(token)) return tables;
  const freed = holders.reduce((next, { key }) => {
    const grip = gripOf(next, key, token);
    return grip === undefined
      ? next
      : adjustGrip(next, grip, { least: -grip.least, most: -grip.most, lent: false });
  }, tables);
  return { ...freed, names: freed.names.delete(token) };
}
