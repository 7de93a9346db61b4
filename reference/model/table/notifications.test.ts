import { expect, test } from 'vitest';
import { constants, statuses } from '../../../spec/index.ts';
import type { TableCallOf } from './calls.ts';
import {
  A,
  B,
  C,
  entry,
  MADE_UP,
  type RouteOptions,
  Session,
  subscription,
} from './walks-session.ts';

const { ERROR_NO_MORE_ITEMS, ERROR_INVALID_HANDLE, ERROR_NOT_SUPPORTED } = statuses;
const { RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const MARKED = constants.RTM_NOTIFY_ONLY_MARKED_DESTS | constants.RTM_CHANGE_TYPE_ALL;

function fetch(
  NotifyHandle: number,
  NumDests = 4,
  by: number = B,
): TableCallOf<'RtmGetChangedDests'> {
  return { name: 'RtmGetChangedDests', RtmRegHandle: by, NotifyHandle, NumDests };
}

const nothing = { NumDests: 0, ChangedDests: [] };

function changes(...ChangedDests: readonly object[]): Record<string, unknown> {
  return { NumDests: ChangedDests.length, ChangedDests };
}

test('a change is announced, fetched once, and gone', () => {
  const s = new Session();
  const sub = s.subscribe(B);
  expect(s.wrong(s.announce(B, sub))).toBe('RTM-NOTIFY-003');
  const route = s.addRoute(A, '0');
  expect(s.wrong({ name: 'quiesce' })).toBe('RTM-NOTIFY-012');
  expect(s.wrong(s.announce(B, sub, 'other'))).toBe('RTM-NOTIFY-013');
  expect(s.wrong({ ...s.announce(B, sub), Context1: MADE_UP } as never)).toBe('RTM-NOTIFY-013');
  expect(s.wrong({ ...s.announce(A, sub), Context1: sub } as never)).toBe('RTM-NOTIFY-014');
  s.ok(s.announce(B, sub));
  s.quiesce();
  expect(s.wrong(fetch(sub), nothing, ERROR_NO_MORE_ITEMS)).toBe('RTM-NOTIFY-019');
  expect(s.wrong(fetch(sub), nothing)).toBe('RTM-NOTIFY-019');
  const shown = entry(s.fresh(), '0', [[route, A]]);
  expect(s.wrong(fetch(sub), changes(shown, shown))).toBe('RTM-NOTIFY-003');
  expect(s.wrong(fetch(sub), changes(entry(s.fresh(), '0', [null])))).toBe('RTM-NOTIFY-021');
  s.ok(fetch(sub), changes(shown));
  expect(s.wrong(fetch(sub), changes(shown))).toBe('RTM-NOTIFY-003');
  s.ok(fetch(sub), nothing, ERROR_NO_MORE_ITEMS);
  s.quiesce();
  expect(s.wrong(s.announce(B, sub))).toBe('RTM-NOTIFY-003');
  const release = { name: 'RtmReleaseChangedDests', RtmRegHandle: B, NotifyHandle: sub } as const;
  const given = { ...release, NumDests: 1, ChangedDests: [shown] };
  expect(s.wrong(given, undefined, 87)).toBe('RTM-NOTIFY-033');
  s.ok(given);
  s.ok({ ...release, NumDests: 0, ChangedDests: [] });
});

test('an entry that shows an earlier change leaves the latest one to be delivered', () => {
  for (const isStale of [true, false]) {
    const s = new Session();
    const sub = s.subscribe(B);
    const route = s.addRoute(A, '0');
    s.ok(s.announce(B, sub));
    s.deleteRoute(A, route);
    const shown = entry(s.fresh(), '0', [isStale ? [route, A] : null]);
    s.ok(fetch(sub), changes(shown));
    s.ok({
      name: 'RtmReleaseChangedDests',
      RtmRegHandle: B,
      NotifyHandle: sub,
      NumDests: 1,
      ChangedDests: [shown],
    });
    if (isStale) s.ok(s.announce(B, sub));
    s.quiesce();
    if (isStale) expect(s.wrong(fetch(sub), nothing, ERROR_NO_MORE_ITEMS)).toBe('RTM-NOTIFY-019');
    else s.ok(fetch(sub), nothing, ERROR_NO_MORE_ITEMS);
  }
});

test('before all is quiet a change need not be pending yet', () => {
  const s = new Session();
  const sub = s.subscribe(B);
  s.addRoute(A, '0');
  s.ok(fetch(sub), nothing, ERROR_NO_MORE_ITEMS);
  s.ok(s.announce(B, sub));
  s.quiesce();
  expect(s.wrong(fetch(sub), nothing, ERROR_NO_MORE_ITEMS)).toBe('RTM-NOTIFY-019');
});

test('what came and went is reported without its route', () => {
  const s = new Session();
  const sub = s.subscribe(C);
  s.deleteRoute(A, s.addRoute(A, '0'));
  s.quiesce();
  const gone = entry(s.fresh(), '0', [null]);
  expect(s.wrong(fetch(sub, 4, C), nothing, ERROR_NO_MORE_ITEMS)).toBe('RTM-NOTIFY-019');
  s.ok(fetch(sub, 4, C), changes(gone), ERROR_NO_MORE_ITEMS);
});

test('no more than the limit is delivered, and no more than asked for', () => {
  const s = new Session();
  const sub = s.subscribe(C);
  const shown = ['000', '001', '010', '011', '100'].map((prefix) => {
    const route = s.addRoute(A, prefix);
    return entry(s.fresh(), prefix, [[route, A]]);
  });
  expect(s.wrong(fetch(sub, 9, C), changes(...shown))).toBe('RTM-NOTIFY-018');
  expect(s.wrong(fetch(sub, 1, C), changes(...shown.slice(2)))).toBe('RTM-NOTIFY-018');
  s.fails(fetch(sub, 9, C), statuses.ERROR_INVALID_PARAMETER);
  s.ok(fetch(sub, 9, C), changes(...shown.slice(1)));
});

interface Row {
  readonly text: string;
  readonly kinds: number;
  /** The route that is there before, and what it is updated to. */
  readonly before: RouteOptions;
  readonly after: RouteOptions;
  readonly verdict: 'told' | 'silent' | 'open';
}

const [BEST, FORWARDING] = [RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING];
const rows: readonly Row[] = [
  { text: 'flags, all', kinds: 1, before: {}, after: { flags: 0x20 }, verdict: 'told' },
  { text: 'no effect, all', kinds: 1, before: {}, after: {}, verdict: 'open' },
  { text: 'flags, best', kinds: BEST, before: {}, after: { flags: 0x20 }, verdict: 'told' },
  {
    text: 'flags, forwarding',
    kinds: FORWARDING,
    before: {},
    after: { flags: 0x20 },
    verdict: 'silent',
  },
  {
    text: 'forwarding flags',
    kinds: FORWARDING,
    before: {},
    after: { flags: 0x11 },
    verdict: 'told',
  },
  { text: 'metric, best', kinds: BEST, before: {}, after: { metric: 5 }, verdict: 'open' },
  { text: 'specific, best', kinds: BEST, before: {}, after: { specific: 1 }, verdict: 'open' },
  {
    text: 'another view',
    kinds: 1,
    before: { views: 2 },
    after: { views: 2, flags: 0 },
    verdict: 'silent',
  },
  { text: 'into the view', kinds: 1, before: { views: 2 }, after: { views: 3 }, verdict: 'told' },
];

for (const { text, kinds, before, after, verdict } of rows) {
  test(`whether a change is told: ${text}`, () => {
    const s = new Session();
    const route = s.addRoute(A, '0', before);
    const sub = s.subscribe(B, { kinds });
    const isBest = text === 'into the view';
    s.addRoute(A, '0', { ...after, update: route, best: isBest });
    const [missing, announced] = [s.wrong({ name: 'quiesce' }), s.wrong(s.announce(B, sub))];
    expect(missing).toBe(verdict === 'told' ? 'RTM-NOTIFY-012' : undefined);
    expect(announced).toBe(verdict === 'silent' ? 'RTM-NOTIFY-003' : undefined);
  });
}

test('a worse route is no change of the best one', () => {
  const s = new Session();
  const best = s.addRoute(A, '0');
  const [sub, all] = [s.subscribe(B, { kinds: BEST }), s.subscribe(C)];
  s.ok({ name: 'RtmIsBestRoute', RtmRegHandle: A, RouteHandle: best }, { BestInViews: 1 });
  s.addRoute(B, '0', { metric: 9, best: false });
  expect(s.wrong(s.announce(B, sub))).toBe('RTM-NOTIFY-003');
  s.quiesce();
  expect(s.wrong(fetch(all, 4, C), nothing, ERROR_NO_MORE_ITEMS)).toBe('RTM-NOTIFY-019');
});

test('status and ignoring', () => {
  const s = new Session();
  const route = s.addRoute(A, '0');
  const DestHandle = s.destination(C, '0', route, A);
  const sub = s.subscribe(C);
  const status = {
    name: 'RtmGetChangeStatus',
    RtmRegHandle: C,
    NotifyHandle: sub,
    DestHandle,
  } as const;
  expect(s.wrong(status, { ChangeStatus: true })).toBe('RTM-NOTIFY-027');
  s.ok(status, { ChangeStatus: false });
  s.addRoute(A, '0', { flags: 0x20, update: route, best: false });
  s.quiesce();
  expect(s.wrong(status, { ChangeStatus: false })).toBe('RTM-NOTIFY-027');
  s.ok(status, { ChangeStatus: true });
  const ignore = { name: 'RtmIgnoreChangedDests', RtmRegHandle: C, NotifyHandle: sub } as const;
  expect(s.wrong({ ...ignore, NumDests: 1, ChangedDests: [MADE_UP] })).toBe('RTM-NOTIFY-031');
  expect(
    s.wrong(
      { ...ignore, NumDests: 1, ChangedDests: [DestHandle] },
      undefined,
      ERROR_INVALID_HANDLE,
    ),
  ).toBe('RTM-NOTIFY-024');
  s.ok({ ...ignore, NumDests: 1, ChangedDests: [DestHandle] });
  expect(s.wrong(status, { ChangeStatus: true })).toBe('RTM-NOTIFY-027');
  s.ok(fetch(sub, 4, C), nothing, ERROR_NO_MORE_ITEMS);
});

test('marks', () => {
  const s = new Session();
  const [r0, r1] = [s.addRoute(A, '0'), s.addRoute(A, '1')];
  const DestHandle = s.destination(B, '0', r0, A);
  const sub = s.subscribe(B, { kinds: MARKED });
  const common = { RtmRegHandle: B, NotifyHandle: sub, DestHandle };
  const asked = { name: 'RtmIsMarkedForChangeNotification', ...common } as const;
  const mark = { name: 'RtmMarkDestForChangeNotification', ...common } as const;
  expect(s.wrong(asked, { DestMarked: true })).toBe('RTM-NOTIFY-029');
  expect(s.wrong({ ...mark, MarkDest: true }, undefined, ERROR_INVALID_HANDLE)).toBe(
    'RTM-NOTIFY-029',
  );
  s.ok({ ...mark, MarkDest: true });
  expect(s.wrong(asked, { DestMarked: false })).toBe('RTM-NOTIFY-029');
  s.addRoute(A, '1', { flags: 0x20, update: r1, best: false });
  expect(s.wrong(s.announce(B, sub))).toBe('RTM-NOTIFY-003');
  s.addRoute(A, '0', { flags: 0x20, update: r0, best: false });
  expect(s.wrong({ name: 'quiesce' })).toBe('RTM-NOTIFY-012');
  s.ok(s.announce(B, sub));
  s.ok({ ...mark, MarkDest: false });
  s.ok(asked, { DestMarked: false });
  expect(s.wrong(asked, { DestMarked: true })).toBe('RTM-NOTIFY-029');
});

test('the handle of a subscription that has ended may be given out again at once', () => {
  const s = new Session();
  const NotifyHandle = s.subscribe(B);
  expect(s.wrong(subscription(B), { NotifyHandle })).toBe('RTM-REG-003');
  s.ok({ name: 'RtmDeregisterFromChangeNotification', RtmRegHandle: B, NotifyHandle });
  s.ok(subscription(B), { NotifyHandle });
  s.ok(fetch(NotifyHandle), nothing, ERROR_NO_MORE_ITEMS);
});

test('a subscription is made and ends', () => {
  const s = new Session();
  const made = { NotifyHandle: s.fresh() };
  expect(s.wrong(subscription(B, { views: 4 }), made)).toBe('RTM-NOTIFY-015');
  s.fails(subscription(B, { views: 4 }), ERROR_NOT_SUPPORTED);
  expect(s.wrong(subscription(B), {})).toBe('RTM-NOTIFY-001');
  expect(s.wrong(subscription(B), undefined, ERROR_INVALID_HANDLE)).toBe('RTM-NOTIFY-001');
  s.ok(subscription(B), made);
  const { NotifyHandle } = made;
  const end = { name: 'RtmDeregisterFromChangeNotification', RtmRegHandle: B } as const;
  s.addRoute(A, '0');
  expect(s.wrong({ ...end, NotifyHandle: MADE_UP })).toBe('RTM-NOTIFY-031');
  s.ok({ ...end, NotifyHandle });
  expect(s.wrong({ ...end, NotifyHandle })).toBe('RTM-NOTIFY-031');
  // What was under way may come, until all is quiet.
  expect(s.wrong(s.announce(B, NotifyHandle))).toBeUndefined();
  const again = s.subscribe(B);
  s.ok({ ...end, NotifyHandle: again });
  s.addRoute(A, '1');
  expect(s.wrong(s.announce(B, again))).toBe('RTM-NOTIFY-034');
  s.quiesce();
  expect(s.wrong(s.announce(B, NotifyHandle))).toBe('RTM-NOTIFY-013');
});
