/** The readings that a naive RTM may take of enumerations, notification, lists, methods and slots, for tests. */
export const walkReadings = {
  handles: ['same', 'fresh'],
  walk: ['live', 'snapshot'],
  end: ['after-last', 'with-last'],
  zero: ['refused', 'empty', 'end'],
  elements: ['asked', 'belonging'],
  both: ['refused', 'next', 'range', 'both'],
  nullAddress: ['refused', 'whole'],
  startAddress: ['ignored', 'refused'],
  destAtStart: ['any', 'refused', 'ignored'],
  matchPref: ['both', 'preference'],
  updateNull: ['stays', 'leaves'],
  deletedMember: ['stays', 'leaves'],
  foreignRoutes: ['accepted', 'refused'],
  twice: ['accepted', 'refused'],
  partly: ['none', 'others', 'up-to'],
  orphan: ['empty', 'refused'],
  processing: ['at-once', 'later'],
  noEffect: ['counts', 'silent'],
  metric: ['counts', 'silent'],
  specific: ['counts', 'silent'],
  forwardingPreference: ['counts', 'silent'],
  noKinds: ['refused', 'silent', 'as-all'],
  noViews: ['refused', 'any', 'none'],
  several: ['several', 'one'],
  announcing: ['per-change', 'when-drained'],
  useless: ['comes', 'is-dropped'],
  underWay: ['comes', 'is-dropped'],
  manyChanges: ['refused', 'clamped'],
  shows: ['at-fetch', 'at-change'],
  again: ['at-once', 'at-release'],
  marks: ['idempotent', 'counted', 'refused'],
  uselessMark: ['kept', 'refused', 'ignored'],
  unmarked: ['kept', 'dropped'],
  lostMark: ['kept', 'lost'],
  uncovered: ['nothing-pending', 'refused'],
  slotAgain: ['kept', 'cleared'],
  askCount: ['succeeds', 'insufficient'],
  shortCount: ['exported', 'delivered'],
  unknownMethods: ['skipped', 'refused'],
  methodType: ['own-bit', 'whole-mask'],
  target: ['refused', 'as-all', 'nothing'],
  blocks: ['flag', 'counted'],
} as const;

export type WalkChoices = {
  readonly [Name in keyof typeof walkReadings]: (typeof walkReadings)[Name][number];
};

/** @param draw A number below its argument. */
export function drawWalkChoices(draw: (below: number) => number): WalkChoices {
  const entries = Object.entries(walkReadings).map(([name, all]) => [name, all[draw(all.length)]]);
  // Each entry has one of the values that its name may have.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as WalkChoices;
}
