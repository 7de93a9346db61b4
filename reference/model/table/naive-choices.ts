/** The readings that a naive RTM may take, for tests: one of each, drawn from a number. */
export const readings = {
  handles: ['same', 'fresh', 'reused'],
  preference: ['as-given', 'policy-if-zero', 'policy'],
  tie: ['incumbent', 'newest', 'oldest'],
  bestFlag: ['identity', 'touched', 'content'],
  inactive: ['no-effect', 'never-best'],
  changeNew: ['forced', 'ignored', 'refused'],
  changeBoth: ['new', 'first', 'refused'],
  firstOf: ['oldest', 'newest', 'best'],
  firstNeighbour: ['takes-over', 'keeps'],
  otherNeighbour: ['changed', 'kept', 'refused'],
  otherAddress: ['ignored', 'checked'],
  noViews: ['none', 'all', 'refused'],
  badViews: ['dropped', 'refused'],
  noHops: ['accepted', 'refused'],
  manyHops: ['cut-off', 'refused'],
  foreignHops: ['accepted', 'refused'],
  routeOwner: ['ignored', 'checked'],
  updateCounts: ['none', 'one'],
  deleted: ['readable', 'refused'],
  deletedStatus: ['not-found', 'invalid-handle'],
  uncommitted: ['stay', 'lost'],
  notLocked: ['refused', 'accepted'],
  empty: ['gone', 'lingers'],
  otherViews: ['passed-over', 'found'],
  strangeViews: ['ignored', 'refused'],
  numRoutes: ['all', 'of-protocol'],
  thisProtocol: ['protocol', 'caller'],
  elements: ['asked', 'belonging'],
  matchPick: ['best', 'first', 'last'],
  matchPref: ['both', 'preference'],
  matchHops: ['list', 'set', 'common', 'first'],
  matchFull: ['five', 'four'],
  matchNull: ['equal', 'wildcard', 'refused'],
  matchHeld: ['never', 'with-any'],
  hopOfOthers: ['not-found', 'access-denied'],
  hopDown: ['kept', 'refused'],
  holdBegins: ['per-view', 'whole'],
  holdViews: ['asked-for', 'all'],
  holdTime: ['own', 'largest', 'fixed'],
  holdMark: ['used-up', 'stays'],
  holdAgain: ['replaces', 'extends'],
  holdSecond: ['stays', 'replaced'],
  holdFound: ['absent', 'absent-in-views', 'present'],
  holdCounts: ['not-counted', 'counted'],
  holdNoViews: ['all-views', 'no-effect', 'refused'],
  zeroTime: ['at-once', 'refused', 'unchanged'],
  expiredTold: ['owner', 'all'],
  expiredAlone: ['deleted', 'kept'],
  expiredKept: ['stays', 'again'],
  leftBehind: ['stay', 'deleted'],
  leaving: ['succeeds', 'refused'],
} as const;

export type Choices = { readonly [Name in keyof typeof readings]: (typeof readings)[Name][number] };

/** @param draw A number below its argument. */
export function drawChoices(draw: (below: number) => number): Choices {
  const entries = Object.entries(readings).map(([name, all]) => [name, all[draw(all.length)]]);
  // Each entry has one of the values that its name may have.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as Choices;
}
