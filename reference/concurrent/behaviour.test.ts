/** What both implementations do when nobody disturbs them, and that they differ where they may. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Implementation } from '../../harness/adapters/index.ts';
import type { Runtime, Task } from '../../harness/index.ts';
import { explore } from '../../harness/index.ts';
import { events, statuses } from '../../spec/index.ts';
import { monitor, notesProtocol, referenceImplementations } from '../index.ts';
import { Client, infoOf } from './client.ts';
import type { ConcurrentImplementation, ConcurrentRtm, EventCallback, Handle } from './rtm.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_ALREADY_EXISTS } = statuses;
const { ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_PARAMETER } = statuses;

type Body = (context: {
  readonly rt: Runtime;
  readonly rtm: ConcurrentRtm;
  readonly a: Client;
  readonly b: Client;
  readonly c: Client;
}) => Task;

/** Runs a body in one thread; nothing may be left over once the implementation is closed. */
function run(implementation: ConcurrentImplementation, body: Body): void {
  const result = explore(
    (rt) => {
      const rtm = implementation.create({ rt });
      const [a, b, c] = [1, 2, 3].map((id) => new Client(rt, rtm, infoOf(id)));
      if (a === undefined || b === undefined || c === undefined) throw new Error('three clients');
      rt.spawn('client', () => body({ rt, rtm, a, b, c }));
      rt.finally(() => rtm.close());
    },
    { strategy: 'round-robin', executions: 1 },
  );
  expect(result.failure?.message).toBeUndefined();
}

function counts(rtm: ConcurrentRtm): readonly number[] {
  return rtm.census().entity.toSorted((x, y) => x - y);
}

function recorder(log: unknown[][]): EventCallback {
  // oxlint-disable-next-line require-yield -- a callback is a task, also when it takes no step
  return function* (...args) {
    log.push(args);
    return NO_ERROR;
  };
}

const rows: Record<string, Body> = {
  *'registers, and frees all when all have left'({ rtm, a, b }) {
    expect(yield* a.register()).toBe(NO_ERROR);
    expect(yield* b.register()).toBe(NO_ERROR);
    expect(a.handle).not.toBe(b.handle);
    expect(counts(rtm)).toEqual([1, 1]);
    expect(yield* a.deregister()).toBe(NO_ERROR);
    expect(yield* b.deregister()).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([]);
  },

  *'refuses an identity that is registered, until it is free'({ rt, rtm, a }) {
    const log: unknown[][] = [];
    const again = new Client(rt, rtm, a.info);
    yield* a.register(recorder(log));
    expect(yield* again.register()).toBe(ERROR_ALREADY_EXISTS);
    expect(counts(rtm)).toEqual([1]);
    expect(log).toEqual([]);
    yield* a.deregister();
    expect(yield* again.register()).toBe(NO_ERROR);
    expect(again.handle).not.toBe(a.handle);
  },

  *'keeps instances and families apart'({ rt, rtm, a }) {
    const log: unknown[][] = [];
    const family = new Client(rt, rtm, infoOf(1, { family: 23 }));
    const instance = new Client(rt, rtm, infoOf(1, { instance: 1 }));
    yield* a.register(recorder(log));
    expect(yield* family.register()).toBe(NO_ERROR);
    expect(yield* instance.register()).toBe(NO_ERROR);
    const { out } = yield* instance.list(9, { EntityHandles: null });
    expect(out?.EntityInfos?.filter(({ RtmInstanceId }) => RtmInstanceId !== 1)).toEqual([]);
    expect((yield* instance.look(a.handle)).status).toBe(ERROR_INVALID_HANDLE);
    expect(yield* family.deregister()).toBe(NO_ERROR);
    expect(log).toEqual([]);
  },

  *'refuses arguments that describe nobody'({ rt, rtm }) {
    const bad = [null, undefined, 7, {}, { ...infoOf(1), AddressFamily: 0x10000 }];
    for (const info of bad) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a client in C could pass
      const client = new Client(rt, rtm, info as never);
      expect(yield* client.register()).toBe(ERROR_INVALID_PARAMETER);
    }
    expect(counts(rtm)).toEqual([]);
  },

  *'refuses handles that never were any, in every function'({ rt, rtm, a }) {
    yield* a.register();
    const bad: readonly Handle[] = [
      null,
      undefined,
      0,
      -1,
      0.5,
      1,
      4096,
      Number.NaN,
      'x',
      {},
      Infinity,
    ];
    for (const handle of bad) {
      const stranger = new Client(rt, rtm, infoOf(9));
      stranger.handle = handle;
      yield* expectShutOut(stranger, a.handle);
      expect((yield* a.look(handle)).status).toBe(ERROR_INVALID_HANDLE);
      expect(yield* a.reference([handle])).toBe(ERROR_INVALID_HANDLE);
      expect(yield* a.release([handle])).toBe(ERROR_INVALID_HANDLE);
    }
    expect(counts(rtm)).toEqual([1]);
  },

  *'refuses the handle of an entity that has left, also after later registrations'({ a, b, c }) {
    yield* a.register();
    yield* a.deregister();
    yield* expectShutOut(a, a.handle);
    yield* b.register();
    yield* c.register();
    yield* expectShutOut(a, b.handle);
    expect((yield* b.look(a.handle)).status).toBe(ERROR_INVALID_HANDLE);
    expect(yield* b.release([a.handle])).toBe(ERROR_INVALID_HANDLE);
  },

  *'lists what was registered, handles and records in one order'({ rtm, a, b, c }) {
    for (const client of [a, b, c]) yield* client.register();
    const { status, out } = yield* a.list(3);
    expect(status).toBe(NO_ERROR);
    const handles = out?.EntityHandles ?? [];
    const infos = out?.EntityInfos ?? [];
    expect([handles.length, infos.length]).toEqual([out?.NumEntities, out?.NumEntities]);
    expect(infos).toEqual(expect.arrayContaining([b.info, c.info]));
    for (const [index, handle] of handles.entries()) {
      expect((yield* a.look(handle)).out?.EntityInfo).toEqual(infos[index]);
    }
    expect(counts(rtm).reduce((sum, count) => sum + count, 0)).toBe(3 + handles.length);
    expect(yield* a.release(handles)).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1, 1, 1]);
  },

  *'delivers and references only what is wanted'({ rtm, a, b }) {
    for (const client of [a, b]) yield* client.register();
    const records = yield* a.list(2, { EntityHandles: null });
    expect(Object.keys(records.out ?? {}).toSorted()).toEqual(['EntityInfos', 'NumEntities']);
    expect(counts(rtm)).toEqual([1, 1]);
    const handles = yield* a.list(2, { EntityInfos: null });
    expect(Object.keys(handles.out ?? {}).toSorted()).toEqual(['EntityHandles', 'NumEntities']);
    expect(yield* a.release(handles.out?.EntityHandles ?? [])).toBe(NO_ERROR);
  },

  *'takes no reference when the room does not suffice'({ rtm, a, b, c }) {
    for (const client of [a, b, c]) yield* client.register();
    const { status, out } = yield* a.list(1);
    expect(status).toBe(ERROR_INSUFFICIENT_BUFFER);
    expect(typeof out?.NumEntities).toBe('number');
    expect(out?.EntityHandles ?? []).toEqual([]);
    expect(counts(rtm)).toEqual([1, 1, 1]);
  },

  *'keeps an entity as long as somebody holds it'({ rtm, a, b }) {
    yield* b.register();
    yield* a.register();
    const [handle] = yield* handleOf(a, b);
    expect(yield* a.reference([handle, handle])).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1, 4]);
    yield* b.deregister();
    expect(counts(rtm)).toEqual([1, 3]);
    expect(yield* a.release([handle])).toBe(NO_ERROR);
    expect(yield* a.release([handle, handle])).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1]);
    expect(yield* a.release([handle])).toBe(ERROR_INVALID_HANDLE);
  },

  *'frees an identity at once, also while handles keep the old entity'({ rt, rtm, a, b }) {
    yield* b.register();
    yield* a.register();
    const held = yield* handleOf(a, b);
    yield* b.deregister();
    expect(yield* new Client(rt, rtm, b.info).register()).toBe(NO_ERROR);
    expect(yield* a.release(held)).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1, 1]);
  },

  *'never gives away the reference of a registration'({ rtm, a, b }) {
    yield* b.register();
    yield* a.register();
    const [handle] = yield* handleOf(a, b);
    expect(yield* a.release([handle])).toBe(NO_ERROR);
    expect(yield* a.release([handle])).toBe(ERROR_INVALID_HANDLE);
    expect(counts(rtm)).toEqual([1, 1]);
    expect(yield* b.deregister()).toBe(NO_ERROR);
  },

  *'references all entries or none'({ rtm, a, b }) {
    for (const client of [a, b]) yield* client.register();
    expect(yield* a.reference([b.handle, null])).toBe(ERROR_INVALID_HANDLE);
    expect(counts(rtm)).toEqual([1, 1]);
  },

  *'refuses a count beyond the array'({ rtm, a }) {
    yield* a.register();
    const caller = { id: 0, name: '' };
    const call = { RtmRegHandle: a.handle, NumHandles: 0xffffffff, RtmHandles: [] };
    const { status } = yield* rtm.RtmReferenceHandles(caller, call);
    expect(status).toBe(ERROR_INVALID_HANDLE);
  },

  *'describes a client by a copy of its own'({ rtm, a, b }) {
    yield* b.register();
    yield* a.register();
    const { out } = yield* a.look(b.handle);
    expect(out?.EntityInfo).toEqual(b.info);
    Object.assign(out?.EntityInfo ?? {}, { RtmInstanceId: 99 });
    expect((yield* a.look(b.handle)).out?.EntityInfo).toEqual(b.info);
    expect(yield* a.giveBack(b.info)).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1, 1]);
  },

  *'tells others of arrivals and departures, once and with the right words'({ a, b, c }) {
    const [ofA, ofB]: unknown[][][] = [[], []];
    yield* a.register(recorder(ofA ?? []));
    yield* b.register(recorder(ofB ?? []));
    yield* c.register();
    yield* c.deregister();
    yield* a.deregister();
    const { RTM_ENTITY_REGISTERED, RTM_ENTITY_DEREGISTERED } = events;
    expect(ofA?.map(([to, type, , info]) => [to, type, info])).toEqual([
      [a.handle, RTM_ENTITY_REGISTERED, b.info],
      [a.handle, RTM_ENTITY_REGISTERED, c.info],
      [a.handle, RTM_ENTITY_DEREGISTERED, c.info],
    ]);
    expect(ofB?.map(([to, type, , info]) => [to, type, info])).toEqual([
      [b.handle, RTM_ENTITY_REGISTERED, c.info],
      [b.handle, RTM_ENTITY_DEREGISTERED, c.info],
      [b.handle, RTM_ENTITY_DEREGISTERED, a.info],
    ]);
    expect(ofA?.[1]?.[2]).toBe(ofA?.[2]?.[2]);
  },

  *'lets a callback look, keep and release'({ rtm, a, b }) {
    const kept: Handle[] = [];
    yield* a.register(function* (_handle, type, subject) {
      if (type !== events.RTM_ENTITY_REGISTERED) return NO_ERROR;
      expect((yield* a.look(subject)).out?.EntityInfo).toEqual(b.info);
      expect(yield* a.reference([subject, subject])).toBe(NO_ERROR);
      expect(yield* a.release([subject])).toBe(NO_ERROR);
      kept.push(subject);
      return NO_ERROR;
    });
    yield* b.register();
    expect(counts(rtm)).toEqual([1, 2]);
    yield* b.deregister();
    expect(yield* a.release(kept)).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1]);
  },

  *'lets a client leave in its own callback'({ rtm, a, b, c }) {
    const ofC: unknown[][] = [];
    yield* c.register(recorder(ofC));
    yield* a.register(function* () {
      expect(yield* a.deregister()).toBe(NO_ERROR);
      expect(yield* a.deregister()).toBe(ERROR_INVALID_HANDLE);
      return NO_ERROR;
    });
    expect(yield* b.register()).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1, 1]);
    expect(yield* b.deregister()).toBe(NO_ERROR);
    const { RTM_ENTITY_REGISTERED, RTM_ENTITY_DEREGISTERED } = events;
    expect(ofC.map(([, type, , info]) => [type, info])).toEqual([
      [RTM_ENTITY_REGISTERED, a.info],
      [RTM_ENTITY_REGISTERED, b.info],
      [RTM_ENTITY_DEREGISTERED, a.info],
      [RTM_ENTITY_DEREGISTERED, b.info],
    ]);
  },

  *'copes with the other calls that are forbidden in a callback'({ rtm, a, b, c }) {
    let isFirst = true;
    yield* a.register(function* () {
      if (!isFirst) return NO_ERROR;
      isFirst = false;
      expect(yield* c.register()).toBe(NO_ERROR);
      expect(yield* a.release(yield* a.handles(9))).toBe(NO_ERROR);
      expect(yield* c.deregister()).toBe(NO_ERROR);
      return NO_ERROR;
    });
    expect(yield* b.register()).toBe(NO_ERROR);
    expect(counts(rtm)).toEqual([1, 1]);
  },
};

function* expectShutOut(client: Client, other: Handle): Task {
  expect(yield* client.deregister()).toBe(ERROR_INVALID_HANDLE);
  expect((yield* client.list(9)).status).toBe(ERROR_INVALID_HANDLE);
  expect(yield* client.release([other])).toBe(ERROR_INVALID_HANDLE);
  expect(yield* client.reference([other])).toBe(ERROR_INVALID_HANDLE);
  expect((yield* client.look(other)).status).toBe(ERROR_INVALID_HANDLE);
  expect(yield* client.giveBack(client.info)).toBe(ERROR_INVALID_HANDLE);
}

/** The handle of one other client, with one reference. */
function* handleOf(client: Client, other: Client): Task<readonly Handle[]> {
  const { out } = yield* client.list(9);
  const infos = out?.EntityInfos ?? [];
  const handles = out?.EntityHandles ?? [];
  const isOther = (index: number) =>
    infos[index]?.EntityId.EntityProtocolId === other.info.EntityId.EntityProtocolId;
  yield* client.release(handles.filter((_, index) => !isOther(index)));
  return handles.filter((_, index) => isOther(index));
}

describe.each(referenceImplementations)('$name', (implementation) => {
  test.each(Object.entries(rows))('%s', (_title, body) => {
    expect.hasAssertions();
    run(implementation, body);
  });
});

function observeChoices(implementation: ConcurrentImplementation): readonly unknown[] {
  const seen: unknown[] = [];
  run(implementation, function* ({ a, b }) {
    for (const client of [a, b]) yield* client.register();
    const [handle] = yield* handleOf(a, b);
    const { out } = yield* a.list(9, { EntityHandles: null });
    const { out: tooLittle } = yield* a.list(0);
    yield* b.deregister();
    const { status } = yield* a.look(handle);
    seen.push(handle === b.handle, out?.NumEntities, tooLittle?.NumEntities, status);
  });
  return seen;
}

test('the two differ where the documents leave it open', () => {
  expect(observeChoices(notesProtocol)).toEqual([true, 2, 2, NO_ERROR]);
  expect(observeChoices(monitor)).toEqual([false, 1, 0, ERROR_INVALID_HANDLE]);
});

test('both are implementations as the suite expects them', () => {
  expectTypeOf(notesProtocol).toExtend<Implementation>();
  expectTypeOf(monitor).toExtend<Implementation>();
});
