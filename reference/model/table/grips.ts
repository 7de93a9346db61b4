/** References that entities hold on objects by handles, as intervals: certain ones, and possible ones. */
import type { EntityKey, Token } from '../naming.ts';
import type { Grip, ObjectKey, ObjectName } from './objects.ts';
import type { TableState } from './state.ts';
import { repin, sweep } from './store.ts';

export function gripPlace(place: Pick<Grip, 'holder' | 'token'>): string {
  return `${place.holder}:${place.token}`;
}

export function gripOf(tables: TableState, holder: EntityKey, token: Token): Grip | undefined {
  return tables.grips.get(gripPlace({ holder, token }));
}

export type Place = Pick<Grip, 'holder' | 'token' | 'kind' | 'key'> & Partial<Pick<Grip, 'others'>>;

/** Adds to both ends, neither of which falls below zero. */
export function adjustGrip(
  tables: TableState,
  place: Place,
  change: { readonly least: number; readonly most: number; readonly lent?: boolean },
): TableState {
  const before = gripOf(tables, place.holder, place.token);
  const least = Math.max(0, (before?.least ?? 0) + change.least);
  const most = Math.max(least, (before?.most ?? 0) + change.most);
  const lent = change.lent ?? before?.lent ?? false;
  const { holder, token, kind, key, others = before?.others ?? [] } = place;
  const isOver = most === 0 && !lent;
  return putGrip(
    tables,
    before,
    isOver ? undefined : { holder, token, kind, key, others, least, most, lent },
  );
}

function putGrip(
  tables: TableState,
  before: Grip | undefined,
  after: Grip | undefined,
): TableState {
  const [lost, gained] = [keysOf(before), keysOf(after)];
  const at = after ?? before;
  if (at === undefined) return tables;
  const place = gripPlace(at);
  const grips = after === undefined ? tables.grips.delete(place) : tables.grips.set(place, after);
  const next = { ...tables, grips };
  if (lost.length === gained.length && lost.every((key, index) => key === gained[index]))
    return next;
  return sweep(repin(repin(next, gained, 1), lost, -1), lost);
}

function keysOf(grip: Grip | undefined): readonly ObjectKey[] {
  return grip === undefined || grip.kind === 'owner' ? [] : [grip.key, ...grip.others];
}

/** A token has turned out to stand for fewer objects: whoever holds something by it holds one of these. */
export function narrowGrips(
  tables: TableState,
  { token, key, others }: ObjectName,
  holders: readonly { readonly key: EntityKey }[],
): TableState {
  return holders.reduce((next, holder) => {
    const grip = gripOf(next, holder.key, token);
    return grip === undefined ? next : putGrip(next, grip, { ...grip, key, others });
  }, tables);
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
  const openNames = freed.openNames.delete(token);
  return { ...freed, names: freed.names.delete(token), openNames };
}
