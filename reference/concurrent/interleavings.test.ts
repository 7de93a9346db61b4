/** What both implementations keep to in every interleaving of small programs. */
import { describe, expect, test } from 'vitest';
import type { Runtime, StrategyName, Task } from '../../harness/index.ts';
import { explore } from '../../harness/index.ts';
import { events, statuses } from '../../spec/index.ts';
import { referenceImplementations } from '../index.ts';
import { Client, infoOf } from './client.ts';
import type { ConcurrentRtm, EventCallback, Handle } from './rtm.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_ALREADY_EXISTS } = statuses;

type Scene = (rt: Runtime, rtm: ConcurrentRtm) => void;

/** Nothing is left over: every client has given back what it held, and has left. */
function expectEmpty(rt: Runtime, rtm: ConcurrentRtm): void {
  rt.finally(() => {
    rt.assert(rtm.census().entity.length === 0, `left over: ${rtm.census().entity.join()}`);
  });
}

function expectStatus(rt: Runtime, status: number, ...permitted: readonly number[]): void {
  rt.assert(permitted.includes(status), `status ${status}, not ${permitted.join(' or ')}`);
}

/** Comes, calls back in on every event, lists, looks at everybody, gives everything back and leaves. */
function visit(rt: Runtime, client: Client): () => Task {
  return function* () {
    expectStatus(rt, yield* client.register(callBackIn(client)), NO_ERROR);
    const handles = yield* client.handles(9);
    for (const handle of handles) yield* client.look(handle);
    expectStatus(rt, yield* client.release(handles), NO_ERROR);
    expectStatus(rt, yield* client.deregister(), NO_ERROR);
  };
}

function callBackIn(client: Client): EventCallback {
  return function* (_handle, _type, subject) {
    yield* client.look(subject);
    return NO_ERROR;
  };
}

const scenes: Record<string, Scene> = {
  'three clients come and go'(rt: Runtime, rtm) {
    for (const id of [1, 2, 3]) {
      const client = new Client(rt, rtm, infoOf(id));
      rt.spawn(`client ${id}`, visit(rt, client));
    }
    expectEmpty(rt, rtm);
  },

  'one identity is wanted by two'(rt: Runtime, rtm) {
    let registered = 0;
    for (const name of ['x', 'y']) {
      const client = new Client(rt, rtm, infoOf(1));
      rt.spawn(name, function* () {
        const status = yield* client.register();
        expectStatus(rt, status, NO_ERROR, ERROR_ALREADY_EXISTS);
        if (status === NO_ERROR) registered += 1;
      });
    }
    rt.finally(() => {
      rt.assert(registered === 1, `${registered} were registered`);
      rt.assert(rtm.census().entity.join() === '1', 'one entity, with one reference');
    });
  },

  'deregistration meets operations and another deregistration'(rt: Runtime, rtm) {
    const client = new Client(rt, rtm, infoOf(1));
    let succeeded = 0;
    rt.spawn('main', function* () {
      yield* client.register();
      for (const name of ['leave', 'leave too']) {
        rt.spawn(name, function* () {
          const status = yield* client.deregister();
          expectStatus(rt, status, NO_ERROR, ERROR_INVALID_HANDLE);
          if (status === NO_ERROR) succeeded += 1;
        });
      }
      rt.spawn('list', function* () {
        const { status } = yield* client.list(9, { EntityHandles: null });
        expectStatus(rt, status, NO_ERROR, ERROR_INVALID_HANDLE);
      });
    });
    rt.finally(() => {
      rt.assert(succeeded === 1, `${succeeded} deregistrations succeeded`);
      rt.assert(rtm.census().entity.length === 0, 'nothing is left');
    });
  },

  'the last two references go at once'(rt: Runtime, rtm) {
    const [owner, holder] = [new Client(rt, rtm, infoOf(1)), new Client(rt, rtm, infoOf(2))];
    rt.spawn('main', function* () {
      yield* owner.register();
      yield* holder.register();
      yield* holder.reference([owner.handle, owner.handle]);
      const threads = ['x', 'y'].map((name) =>
        rt.spawn(name, function* () {
          expectStatus(rt, yield* holder.release([owner.handle]), NO_ERROR);
        }),
      );
      expectStatus(rt, yield* owner.deregister(), NO_ERROR);
      for (const thread of threads) yield* thread.join();
      yield* holder.deregister();
    });
    expectEmpty(rt, rtm);
  },

  'a list meets a departure'(rt: Runtime, rtm) {
    const [lister, leaver] = [new Client(rt, rtm, infoOf(1)), new Client(rt, rtm, infoOf(2))];
    rt.spawn('main', function* () {
      yield* lister.register();
      yield* leaver.register();
      rt.spawn('leave', () => leaver.deregister());
      const { out } = yield* lister.list(9);
      const handles = out?.EntityHandles ?? [];
      rt.assert(handles.length === out?.EntityInfos?.length, 'as many handles as records');
      expectStatus(rt, yield* lister.release(handles), NO_ERROR);
    });
    rt.finally(() => rt.assert(rtm.census().entity.join() === '1', 'the lister, referenced once'));
  },

  'callbacks end before deregistration returns'(rt: Runtime, rtm) {
    const told = new Client(rt, rtm, infoOf(1));
    let isInside = false;
    let hasLeft = false;
    const toldBefore = new Client(rt, rtm, infoOf(4));
    rt.spawn('main', function* () {
      yield* toldBefore.register(callBackIn(toldBefore));
      yield* told.register(function* () {
        rt.assert(!hasLeft, 'a callback began after deregistration returned');
        isInside = true;
        yield* rt.point('inside');
        isInside = false;
        return NO_ERROR;
      });
      for (const id of [2, 3]) {
        const other = new Client(rt, rtm, infoOf(id));
        rt.spawn(`client ${id}`, () => other.register());
      }
      expectStatus(rt, yield* told.deregister(), NO_ERROR);
      hasLeft = true;
      rt.assert(!isInside, 'deregistration returned while a callback was running');
    });
  },

  'no event is lost, doubled or out of order'(rt: Runtime, rtm) {
    const told = new Client(rt, rtm, infoOf(1));
    const types = new Map<Handle, number[]>();
    rt.spawn('main', function* () {
      // oxlint-disable-next-line require-yield -- a callback is a task, also when it takes no step
      yield* told.register(function* (_handle, type, _subject, info) {
        const key = JSON.stringify(info);
        types.set(key, [...(types.get(key) ?? []), type]);
        return NO_ERROR;
      });
      for (const id of [2, 3]) {
        const other = new Client(rt, rtm, infoOf(id));
        rt.spawn(`client ${id}`, function* () {
          yield* other.register();
          yield* other.deregister();
        });
      }
    });
    rt.finally(() => {
      const seen = [...types.values()].map((list) => list.join()).join(' ');
      const both = [events.RTM_ENTITY_REGISTERED, events.RTM_ENTITY_DEREGISTERED].join();
      rt.assert(seen === `${both} ${both}`, `events: ${seen}`);
      rt.assert(rtm.census().entity.join() === '1', 'one entity, with one reference');
    });
  },

  'clients leave from inside their own callbacks'(rt: Runtime, rtm) {
    const clients = [1, 2, 3].map((id) => new Client(rt, rtm, infoOf(id)));
    for (const client of clients) {
      rt.spawn(`client ${client.info.EntityId.EntityProtocolId}`, function* () {
        yield* client.register(function* () {
          expectStatus(rt, yield* client.deregister(), NO_ERROR, ERROR_INVALID_HANDLE);
          return NO_ERROR;
        });
        yield* client.deregister();
      });
    }
    expectEmpty(rt, rtm);
  },

  'clients deregister each other from inside callbacks'(rt: Runtime, rtm) {
    const [x, y] = [new Client(rt, rtm, infoOf(1)), new Client(rt, rtm, infoOf(2))];
    const refuses: EventCallback = function* (handle) {
      const other = handle === x.handle ? y : x;
      expectStatus(rt, yield* other.deregister(), NO_ERROR, ERROR_INVALID_HANDLE);
      return NO_ERROR;
    };
    rt.spawn('main', function* () {
      yield* x.register(refuses);
      yield* y.register(refuses);
      for (const id of [3, 4]) {
        rt.spawn(`client ${id}`, () => new Client(rt, rtm, infoOf(id)).register());
      }
    });
  },
};

const searches: readonly {
  readonly strategy: StrategyName;
  readonly executions: number;
  readonly preemptionBound?: number;
}[] = [
  { strategy: 'random', executions: 200 },
  { strategy: 'pct', executions: 200 },
  { strategy: 'portfolio', executions: 200 },
  { strategy: 'dfs', executions: 600, preemptionBound: 2 },
];

describe.each(referenceImplementations)('$name', (implementation) => {
  describe.each(Object.entries(scenes))('%s', (_title, scene) => {
    test.each(searches)('$strategy', (search) => {
      const result = explore(
        (rt) => {
          const rtm = implementation.create({ rt });
          scene(rt, rtm);
          rt.finally(() => rtm.close());
        },
        { ...search, seed: 7 },
      );
      expect(result.failure?.message).toBeUndefined();
      expect(result.complete || result.executions === search.executions).toBe(true);
    });
  });
});

/** A callback that ends only when the deregistration has begun, and a look at who was first. */
test.each(referenceImplementations)('$name: deregistration really waits', (implementation) => {
  const orders = new Set<string>();
  const result = explore(
    (rt) => {
      const rtm = implementation.create({ rt });
      const [told, other] = [new Client(rt, rtm, infoOf(1)), new Client(rt, rtm, infoOf(2))];
      const entered = rt.event('entered');
      const go = rt.event('go');
      const order: string[] = [];
      rt.spawn('main', function* () {
        yield* told.register(function* () {
          yield* entered.set();
          yield* go.wait();
          order.push('callback');
          return NO_ERROR;
        });
        rt.spawn('other', () => other.register());
        yield* entered.wait();
        rt.spawn('later', () => go.set());
        yield* told.deregister();
        order.push('deregistration');
      });
      rt.finally(() => {
        orders.add(order.join());
        return rtm.close();
      });
    },
    { strategy: 'dfs', preemptionBound: 1 },
  );
  expect(result.failure?.message).toBeUndefined();
  expect(result.complete).toBe(true);
  expect([...orders]).toEqual(['callback,deregistration']);
});
