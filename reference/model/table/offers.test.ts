/** Route lists, methods, opaque pointers and locks of destinations. */
import { expect, test } from 'vitest';
import { constants, statuses } from '../../../spec/index.ts';
import { canonicalKey } from '../keys.ts';
import type { TableCallOf } from './calls.ts';
import { methodName } from './methods-exported.ts';
import { A, addition, B, C, MADE_UP, Session } from './walks-session.ts';

const { ERROR_INVALID_PARAMETER, ERROR_INVALID_HANDLE, ERROR_NOT_FOUND } = statuses;
const { ERROR_INSUFFICIENT_BUFFER, ERROR_ACCESS_DENIED, ERROR_NO_MORE_ITEMS } = statuses;

function newList(s: Session, by: number): number {
  const list = s.fresh();
  s.ok({ name: 'RtmCreateRouteList', RtmRegHandle: by }, { RouteListHandle: list });
  return list;
}

function insert(
  by: number,
  list: number | null,
  ...RouteHandles: readonly number[]
): TableCallOf<'RtmInsertInRouteList'> {
  const NumRoutes = RouteHandles.length;
  return {
    name: 'RtmInsertInRouteList',
    RtmRegHandle: by,
    RouteListHandle: list,
    NumRoutes,
    RouteHandles,
  };
}

/** The rule against delivering these routes of the list and then nothing more. */
function members(
  s: Session,
  by: number,
  list: number,
  ...RouteHandles: readonly number[]
): string | undefined {
  const walk = s.fresh();
  s.ok(
    { name: 'RtmCreateRouteListEnum', RtmRegHandle: by, RouteListHandle: list },
    { RtmEnumHandle: walk },
  );
  const fetch = {
    name: 'RtmGetListEnumRoutes',
    RtmRegHandle: by,
    EnumHandle: walk,
    NumRoutes: 4,
  } as const;
  const NumRoutes = RouteHandles.length;
  const first = s.wrong(fetch, { NumRoutes, RouteHandles });
  if (first !== undefined) return first;
  s.ok(fetch, { NumRoutes, RouteHandles });
  return s.wrong(fetch, { NumRoutes: 0, RouteHandles: [] });
}

test('routes are on one list at most', () => {
  const s = new Session();
  const [r0, r1] = [s.addRoute(A, '0'), s.addRoute(A, '1')];
  const [one, two] = [newList(s, A), newList(s, A)];
  expect(members(s, A, one)).toBeUndefined();
  expect(members(s, A, one, r0)).toBe('RTM-RLIST-008');
  expect(s.wrong(insert(A, one, r0, r1), undefined, ERROR_INVALID_HANDLE)).toBe('RTM-RLIST-002');
  s.ok(insert(A, one, r0, r1));
  expect(members(s, A, one, r1, r0)).toBeUndefined();
  expect(members(s, A, one, r1, r1)).toBe('RTM-RLIST-008');
  expect(members(s, A, one, r1)).toBe('RTM-RLIST-011');
  s.ok(insert(A, two, r0));
  expect(members(s, A, one, r1, r0)).toBe('RTM-RLIST-008');
  expect(members(s, A, two, r0)).toBeUndefined();
  s.ok(insert(A, null, r0));
  expect(members(s, A, two)).toBeUndefined();
  expect(members(s, A, two, r0)).toBe('RTM-RLIST-008');
  s.ok(insert(A, one));
  expect(s.wrong(insert(A, one), undefined, ERROR_INVALID_PARAMETER)).toBe('RTM-RLIST-018');
  expect(s.wrong(insert(A, MADE_UP, r0))).toBe('RTM-RLIST-006');
  expect(s.wrong(insert(A, one, MADE_UP))).toBe('RTM-RLIST-006');
});

test('a route is put on a list as it is added, and stays there or not when none is named', () => {
  const s = new Session();
  const list = newList(s, A);
  const r0 = s.addRoute(A, '0', { list });
  expect(members(s, A, list)).toBe('RTM-RLIST-011');
  expect(members(s, A, list, r0)).toBeUndefined();
  s.addRoute(A, '0', { update: r0, best: false });
  expect(members(s, A, list)).toBeUndefined();
  expect(members(s, A, list, r0)).toBeUndefined();
});

test('enumerations of lists end without an error, keep to their room, and go with their list', () => {
  const s = new Session();
  const list = newList(s, A);
  const [r0, r1] = [s.addRoute(A, '0', { list }), s.addRoute(A, '1', { list })];
  const walk = s.fresh();
  const begin = { name: 'RtmCreateRouteListEnum', RtmRegHandle: A, RouteListHandle: list } as const;
  s.ok(begin, { RtmEnumHandle: walk });
  const fetch = { name: 'RtmGetListEnumRoutes', RtmRegHandle: A, EnumHandle: walk } as const;
  const both = { NumRoutes: 2, RouteHandles: [r0, r1] };
  expect(s.wrong({ ...fetch, NumRoutes: 1 }, both)).toBe('RTM-RLIST-009');
  expect(s.wrong({ ...fetch, NumRoutes: 5 }, both)).toBe('RTM-RLIST-010');
  s.ok({ ...fetch, NumRoutes: 1 }, { NumRoutes: 1, RouteHandles: [r1] });
  s.ok(insert(A, null, r1));
  const rest = { NumRoutes: 1, RouteHandles: [r0] };
  expect(s.wrong({ ...fetch, NumRoutes: 2 }, rest, ERROR_NO_MORE_ITEMS)).toBe('RTM-RLIST-008');
  s.ok({ ...fetch, NumRoutes: 2 }, rest);
  const end = { name: 'RtmDeleteRouteList', RtmRegHandle: A } as const;
  expect(s.wrong({ ...end, RouteListHandle: MADE_UP })).toBe('RTM-RLIST-006');
  expect(s.wrong({ ...end, RouteListHandle: list }, undefined, 87)).toBe('RTM-RLIST-015');
  s.ok({ ...end, RouteListHandle: list });
  s.ok({ ...fetch, NumRoutes: 2 }, { NumRoutes: 0, RouteHandles: [] });
  expect(s.wrong(begin, { RtmEnumHandle: s.fresh() })).toBe('RTM-RLIST-006');
});

// --- Methods ------------------------------------------------------------------------------------------

function invocation(
  by: number,
  target: number,
  MethodType: number,
): TableCallOf<'RtmInvokeMethod'> {
  const Input = { MethodType, InputSize: 2, InputData: [5, 6] };
  return {
    name: 'RtmInvokeMethod',
    RtmRegHandle: by,
    EntityHandle: target,
    Input,
    OutputSize: 4096,
  };
}

const run = (Method: number, MethodType: number) =>
  ({
    name: 'method',
    Method,
    CallerHandle: B,
    CalleeHandle: A,
    MethodType,
    InputData: [5, 6],
  }) as const;

function output(...types: readonly number[]): Record<string, unknown> {
  const Output = types.map((MethodType) => ({
    MethodType,
    MethodStatus: 0,
    OutputSize: 0,
    OutputData: [],
  }));
  return { OutputSize: 16 * types.length, Output };
}

test('methods are listed', () => {
  const s = new Session();
  const list = (EntityHandle: number, NumMethods: number) =>
    ({ name: 'RtmGetEntityMethods', RtmRegHandle: B, EntityHandle, NumMethods }) as const;
  s.ok(list(A, 2), { NumMethods: 2, ExptMethods: ['f', 'g'] });
  expect(s.wrong(list(A, 2), { NumMethods: 1, ExptMethods: ['f'] })).toBe('RTM-METHOD-001');
  expect(s.wrong(list(A, 1), { NumMethods: 2, ExptMethods: ['f'] })).toBe('RTM-METHOD-003');
  s.ok(list(A, 1), { NumMethods: 2 }, ERROR_INSUFFICIENT_BUFFER);
  const [first, second] = [methodName(7), methodName(8)];
  s.ok(list(A, 2), { NumMethods: 2, ExptMethods: [first, second] });
  const [swapped, other] = [
    [second, first],
    [first, methodName(undefined)],
  ];
  for (const ExptMethods of [swapped, other])
    expect(s.wrong(list(A, 2), { NumMethods: 2, ExptMethods })).toBe('RTM-METHOD-001');
  s.ok(list(A, 1), { NumMethods: 1, ExptMethods: [first] }, ERROR_INSUFFICIENT_BUFFER);
  const [own, short] = [
    { ...list(A, 1), RtmRegHandle: A },
    { NumMethods: 1, ExptMethods: [second] },
  ];
  expect(s.wrong(own, short, ERROR_INSUFFICIENT_BUFFER)).toBe('RTM-METHOD-001');
  s.ok(list(A, 0), { NumMethods: 2 });
  expect(s.wrong(list(A, 0), { NumMethods: 0 })).toBe('RTM-METHOD-002');
  s.ok(list(B, 0), { NumMethods: 0 });
  expect(s.wrong(list(MADE_UP, 0), { NumMethods: 0 })).toBe('RTM-METHOD-012');
});

test('an invocation runs what it selects, once, with its input', () => {
  const s = new Session();
  expect(s.wrong(run(7, 1))).toBe('RTM-METHOD-006');
  const [op, call] = [s.newOp(), invocation(B, A, 1)];
  s.ok({ name: 'invoke.begin', op, call });
  expect(s.wrong(run(8, 2))).toBe('RTM-METHOD-006');
  expect(s.wrong({ ...run(7, 1), CallerHandle: C })).toBe('RTM-METHOD-007');
  expect(s.wrong({ ...run(7, 1), CalleeHandle: C })).toBe('RTM-METHOD-007');
  expect(s.wrong({ ...run(7, 1), InputData: [5] })).toBe('RTM-METHOD-008');
  expect(s.wrong({ ...call, op }, output(1))).toBe('RTM-METHOD-006');
  s.ok(run(7, 1));
  expect(s.wrong(run(7, 1))).toBe('RTM-METHOD-006');
  expect(s.wrong({ ...call, op }, output())).toBe('RTM-METHOD-009');
  expect(s.wrong({ ...call, op }, { ...output(1), OutputSize: 5000 })).toBe('RTM-METHOD-010');
  s.ok({ ...call, op }, output(1));
  const [own, self] = [s.newOp(), invocation(A, A, 2)];
  s.ok({ name: 'invoke.begin', op: own, call: self });
  s.ok({ ...run(8, 2), CallerHandle: A });
  expect(s.wrong({ ...self, op: own }, undefined, ERROR_INVALID_HANDLE)).toBe('RTM-METHOD-006');
  s.ok({ ...self, op: own }, output(2));
});

test('the output of an invocation is what its methods have written', () => {
  const s = new Session();
  const [op, call] = [s.newOp(), invocation(B, A, 1)];
  s.ok({ name: 'invoke.begin', op, call });
  s.ok({ ...run(7, 1), OutputData: [4, 5] });
  const told = (OutputData: readonly number[], OutputSize = OutputData.length) => ({
    OutputSize: 64,
    Output: [{ MethodType: 1, MethodStatus: 0, OutputSize, OutputData }],
  });
  expect(s.wrong({ ...call, op }, told([4, 6]))).toBe('RTM-METHOD-009');
  expect(s.wrong({ ...call, op }, told([]))).toBe('RTM-METHOD-009');
  expect(s.wrong({ ...call, op }, told([4, 5], 1))).toBe('RTM-METHOD-009');
  s.ok({ ...call, op }, told([4, 5]));
});

test('no method begins while its client blocks, and no invocation returns', () => {
  const s = new Session();
  const block = {
    name: 'RtmBlockMethods',
    RtmRegHandle: A,
    TargetHandle: null,
    TargetType: 0,
    BlockingFlag: constants.RTM_BLOCK_METHODS,
  } as const;
  const [early, op, call] = [s.newOp(), s.newOp(), invocation(B, A, 1)];
  s.ok({ name: 'invoke.begin', op: early, call });
  expect(s.wrong(block, undefined, ERROR_INVALID_PARAMETER)).toBe('RTM-METHOD-016');
  s.ok(block);
  // What began before the block may run.
  s.ok(run(7, 1));
  s.ok({ ...call, op: early }, output(1));
  s.ok({ name: 'invoke.begin', op, call });
  expect(s.wrong(run(7, 1))).toBe('RTM-METHOD-013');
  expect(s.wrong({ ...call, op }, output(1))).toBe('RTM-METHOD-014');
  s.ok({ ...block, BlockingFlag: constants.RTM_RESUME_METHODS });
  s.ok(run(7, 1));
  s.ok({ ...call, op }, output(1));
});

test('blocks, invocations and locks make states that are not equal', () => {
  const s = new Session();
  const route = s.addRoute(A, '0');
  const DestHandle = s.destination(A, '0', route, A);
  const keys: string[] = [];
  const remember = (): number => keys.push(s.states.map(canonicalKey).join());
  remember();
  const block = { name: 'RtmBlockMethods', RtmRegHandle: A, TargetHandle: null } as const;
  s.ok({ ...block, TargetType: 0, BlockingFlag: constants.RTM_BLOCK_METHODS });
  remember();
  s.ok({ name: 'invoke.begin', op: s.newOp(), call: invocation(B, A, 1) });
  remember();
  const lock = { name: 'RtmLockDestination', RtmRegHandle: A, DestHandle } as const;
  s.ok({ ...lock, Exclusive: true, LockDest: true });
  remember();
  expect(new Set(keys).size).toBe(4);
});

test('nobody who has left is invoked', () => {
  const s = new Session();
  s.ok({ name: 'RtmDeregisterEntity', RtmRegHandle: A });
  const [op, call] = [s.newOp(), invocation(B, A, 1)];
  s.ok({ name: 'invoke.begin', op, call });
  expect(s.wrong(run(7, 1))).toBe('RTM-METHOD-006');
  expect(s.wrong({ ...call, op }, output(1))).toBe('RTM-METHOD-017');
  s.fails({ ...call, op }, ERROR_INVALID_HANDLE);
});

test.each([
  ['the client that invokes', B],
  ['its target', A],
])(
  'an invocation that has run its methods succeeds though %s leaves before it returns',
  (_, who) => {
    const s = new Session();
    const [op, call] = [s.newOp(), invocation(B, A, 1)];
    s.ok({ name: 'invoke.begin', op, call });
    expect(s.wrong({ ...call, op }, output(1))).toBe('RTM-METHOD-006');
    s.ok(run(7, 1));
    s.ok({ name: 'RtmDeregisterEntity', RtmRegHandle: who });
    expect(s.wrong({ ...call, op }, output())).toBe('RTM-METHOD-009');
    s.ok({ ...call, op }, output(1));
  },
);

// --- Opaque pointers and locks ------------------------------------------------------------------------

test('a slot keeps what its client stores', () => {
  const s = new Session();
  const route = s.addRoute(B, '0');
  const [DestHandle, other] = [s.destination(A, '0', route, B), s.destination(B, '0', route, B)];
  const get = { name: 'RtmGetOpaqueInformationPointer', RtmRegHandle: A, DestHandle } as const;
  const slot = { OpaqueInfoPointer: { value: null } };
  expect(s.wrong(get, undefined, ERROR_NOT_FOUND)).toBe('RTM-OPAQUE-001');
  s.ok(get, slot);
  expect(s.wrong({ ...get, DestHandle: MADE_UP }, slot)).toBe('RTM-OPAQUE-003');
  const theirs = { ...get, RtmRegHandle: B, DestHandle: other };
  expect(s.wrong(theirs, slot)).toBe('RTM-OPAQUE-002');
  s.fails(theirs, ERROR_NOT_FOUND);
  const read = { name: 'read.opaque', RtmRegHandle: A, DestHandle } as const;
  expect(s.wrong({ ...read, value: 5 })).toBe('RTM-OPAQUE-009');
  s.ok({ ...read, name: 'write.opaque', value: 6 });
  expect(s.wrong({ ...read, value: null })).toBe('RTM-OPAQUE-004');
  s.ok({ ...read, value: 6 });
});

test('a lock keeps others out', () => {
  const s = new Session();
  const route = s.addRoute(A, '0');
  const lock = (by: number, Exclusive: boolean, LockDest = true) =>
    ({
      name: 'RtmLockDestination',
      RtmRegHandle: by,
      DestHandle: handles[by] ?? MADE_UP,
      Exclusive,
      LockDest,
    }) as const;
  const handles: Record<number, number> = {
    [A]: s.destination(A, '0', route, A),
    [B]: s.destination(B, '0', route, A),
  };
  expect(s.wrong(lock(C, true))).toBe('RTM-LOCK-005');
  expect(s.wrong(lock(A, true), undefined, ERROR_ACCESS_DENIED)).toBe('RTM-LOCK-001');
  expect(s.wrong(lock(B, true), undefined, ERROR_ACCESS_DENIED)).toBeUndefined();
  s.ok(lock(A, true));
  expect(s.wrong(lock(B, false))).toBe('RTM-LOCK-002');
  const added = { ChangeFlags: 2, RouteHandle: s.fresh() };
  expect(s.wrong(addition(B, '0', { metric: 5 }), added)).toBe('RTM-LOCK-002');
  s.addRoute(B, '1');
  s.addRoute(A, '0', { flags: 0x20, update: route, best: false });
  s.ok(lock(A, true, false));
  s.ok(lock(B, false));
  s.ok(lock(A, false));
  expect(s.wrong(lock(A, true))).toBe('RTM-LOCK-002');
  const updated = { ChangeFlags: 0, RouteHandle: route };
  expect(s.wrong(addition(A, '0', { flags: 0x10 }), updated)).toBe('RTM-LOCK-003');
  s.ok(lock(B, false, false));
  s.ok(lock(A, false, false));
  s.addRoute(A, '0', { update: route, best: false });
});
