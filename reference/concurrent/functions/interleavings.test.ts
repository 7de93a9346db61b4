/** What the tables keep to in every interleaving of small programs: no race, no deadlock, nothing left over. */
import { describe, expect, test } from 'vitest';
import type { Runtime, StrategyName, Task } from '../../../harness/index.ts';
import { explore } from '../../../harness/index.ts';
import { constants, events, statuses } from '../../../spec/index.ts';
import { infoOf } from '../client.ts';
import { monitor } from '../monitor.ts';
import type { ConcurrentRtm, Handle } from '../rtm.ts';
import type { TableFunctions } from './procedure.ts';
import { hopInfo, netAddress, TableClient } from './table-client.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_NOT_FOUND, ERROR_NO_MORE_ITEMS } = statuses;
const net = netAddress([10], 8);
const UNICAST = { ProtocolId: 0, TargetViews: 1 };

type Rtm = ConcurrentRtm & TableFunctions;

function pair(rt: Runtime, rtm: Rtm): { readonly a: TableClient; readonly b: TableClient } {
  return { a: new TableClient(rt, rtm, infoOf(1)), b: new TableClient(rt, rtm, infoOf(2)) };
}

function expectStatus(rt: Runtime, status: number | undefined, ...permitted: number[]): void {
  rt.assert(permitted.includes(status ?? -1), `status ${status}, not ${permitted.join(' or ')}`);
}

/** Each returns what is run when all threads are done. */
const scenes: Record<string, (rt: Runtime, rtm: Rtm) => void> = {
  'deletion meets update, look-up and deregistration'(rt: Runtime, rtm) {
    const { a, b } = pair(rt, rtm);
    rt.spawn('main', function* () {
      yield* a.register();
      yield* b.register();
      const hop = (yield* a.get('RtmAddNextHop', { NextHopInfo: hopInfo(1) })).NextHopHandle;
      const hops = { NextHopsList: { NumNextHops: 1, NextHops: [hop] } };
      const RouteHandle = (yield* a.add(net, hops)).out?.RouteHandle;
      const threads = [
        rt.spawn('delete', function* () {
          const status = yield* a.status('RtmDeleteRouteToDest', { RouteHandle });
          expectStatus(rt, status, NO_ERROR, ERROR_INVALID_HANDLE);
        }),
        rt.spawn('look', function* () {
          const info = yield* b.lookUp(net);
          const route = info?.ViewInfo[0]?.Route;
          if (info === undefined || route === undefined) return;
          const { status, out } = yield* b.call('RtmGetRouteInfo', { RouteHandle: route });
          if (info.ViewInfo[0]?.Route !== null) expectStatus(rt, status, NO_ERROR);
          if (out?.RouteInfo !== undefined) {
            const { RouteInfo } = out;
            expectStatus(rt, yield* b.status('RtmReleaseRouteInfo', { RouteInfo }), NO_ERROR);
          }
          expectStatus(rt, yield* b.status('RtmReleaseDestInfo', { DestInfo: info }), NO_ERROR);
        }),
        rt.spawn('leave', function* () {
          expectStatus(rt, yield* a.deregister(), NO_ERROR);
        }),
      ];
      for (const thread of threads) yield* thread.join();
      yield* b.deregister();
    });
  },

  'a subscriber’s picture equals the table in the end'(rt: Runtime, rtm) {
    const { a, b } = pair(rt, rtm);
    const metrics = new Map<Handle, number>();
    let NotifyHandle: Handle = null;
    const fetch = function* (): Task {
      for (;;) {
        const { status, out } = yield* b.call('RtmGetChangedDests', { NotifyHandle, NumDests: 1 });
        if (status === ERROR_NO_MORE_ITEMS || out === undefined) return;
        for (const { DestHandle, ViewInfo } of out.ChangedDests) {
          const RouteHandle = ViewInfo[0]?.Route ?? null;
          metrics.set(DestHandle, -1);
          if (RouteHandle === null) continue;
          const info = yield* b.call('RtmGetRouteInfo', { RouteHandle });
          metrics.set(DestHandle, info.out?.RouteInfo?.PrefInfo.Metric ?? -2);
        }
      }
    };
    rt.spawn('main', function* () {
      yield* a.register();
      yield* b.register({
        *callback(_handle, type) {
          if (type === events.RTM_CHANGE_NOTIFICATION) yield* fetch();
          return NO_ERROR;
        },
      });
      const wanted = { TargetViews: 1, NotifyFlags: constants.RTM_CHANGE_TYPE_ALL };
      const subscription = { ...wanted, NotifyContext: 0 };
      ({ NotifyHandle } = yield* b.get('RtmRegisterForChangeNotification', subscription));
      const threads = [5, 6].map((Metric) =>
        rt.spawn(`change ${Metric}`, function* () {
          yield* a.add(net, { PrefInfo: { Metric, Preference: 1 } });
        }),
      );
      for (const thread of threads) yield* thread.join();
      const info = yield* a.lookUp(net);
      const RouteHandle = info?.ViewInfo[0]?.Route;
      const { RouteInfo } = yield* a.get('RtmGetRouteInfo', { RouteHandle });
      const known = metrics.get(info?.DestHandle);
      rt.assert(known === RouteInfo?.PrefInfo.Metric, `knows of ${known}`);
      yield* b.deregister();
      yield* a.deregister();
    });
  },

  'locks keep one out until the other lets go'(rt: Runtime, rtm) {
    const { a, b } = pair(rt, rtm);
    let inside = 0;
    rt.spawn('main', function* () {
      yield* a.register();
      yield* b.register();
      yield* a.add(net);
      const { DestHandle } = (yield* a.lookUp(net)) ?? {};
      const threads = [a, b].map((client, index) =>
        rt.spawn(`lock ${index}`, function* () {
          const lock = { DestHandle, Exclusive: true, LockDest: true };
          expectStatus(rt, yield* client.status('RtmLockDestination', lock), NO_ERROR);
          inside += 1;
          rt.assert(inside === 1, 'two hold an exclusive lock');
          yield* rt.point('inside');
          inside -= 1;
          const unlock = { ...lock, LockDest: false };
          expectStatus(rt, yield* client.status('RtmLockDestination', unlock), NO_ERROR);
        }),
      );
      for (const thread of threads) yield* thread.join();
      yield* a.deregister();
      yield* b.deregister();
    });
  },

  'a held change is seen by others before or after'(rt: Runtime, rtm) {
    const { a, b } = pair(rt, rtm);
    rt.spawn('main', function* () {
      yield* a.register();
      yield* b.register();
      yield* a.add(net);
      const { DestHandle } = (yield* b.lookUp(net)) ?? {};
      const writer = rt.spawn('write', function* () {
        const lock = { DestHandle, Exclusive: true, LockDest: true };
        yield* a.get('RtmLockDestination', lock);
        yield* a.add(net, { PrefInfo: { Metric: 2, Preference: 1 } });
        yield* a.add(net, { PrefInfo: { Metric: 3, Preference: 1 } });
        yield* a.get('RtmLockDestination', { ...lock, LockDest: false });
      });
      const { DestInfo } = yield* b.get('RtmGetDestInfo', { DestHandle, ...UNICAST });
      const RouteHandle = DestInfo.ViewInfo[0]?.Route;
      const { RouteInfo } = yield* b.get('RtmGetRouteInfo', { RouteHandle });
      rt.assert(RouteInfo?.PrefInfo.Metric !== 2, 'a state between two changes was shown');
      yield* writer.join();
      yield* a.deregister();
      yield* b.deregister();
    });
  },

  'expiry meets update and deletion'(rt: Runtime, rtm) {
    const { a } = pair(rt, rtm);
    rt.spawn('main', function* () {
      let expired = 0;
      yield* a.register({
        *callback(_handle, type, route) {
          if (type !== events.RTM_ROUTE_EXPIRED) return NO_ERROR;
          expired += 1;
          const info = yield* a.status('RtmGetRouteInfo', { RouteHandle: route });
          expectStatus(rt, info, NO_ERROR, ERROR_INVALID_HANDLE);
          return statuses.ERROR_NOT_SUPPORTED;
        },
      });
      const RouteHandle = (yield* a.add(net, {}, { TimeToLive: 100 })).out?.RouteHandle;
      const updater = rt.spawn('update', function* () {
        yield* rt.sleep(100);
        const { status } = yield* a.add(net, {}, { RouteHandle, TimeToLive: 50 });
        expectStatus(rt, status, NO_ERROR, ERROR_INVALID_HANDLE);
      });
      yield* rt.sleep(100);
      const status = yield* a.status('RtmDeleteRouteToDest', { RouteHandle });
      expectStatus(rt, status, NO_ERROR, ERROR_NOT_FOUND);
      yield* updater.join();
      yield* rt.sleep(500);
      rt.assert(expired <= 1, `expired ${expired} times`);
      expectStatus(rt, yield* a.deregister(), NO_ERROR);
    });
  },

  'methods meet blocks and deregistration'(rt: Runtime, rtm) {
    const { a, b } = pair(rt, rtm);
    let isBlocked = false;
    let hasLeft = false;
    rt.spawn('main', function* () {
      yield* a.register({
        methods: [
          function* () {
            rt.assert(!hasLeft, 'a method runs for a client that has left');
            yield* rt.point('in the method');
            rt.assert(!hasLeft, 'a client has left while its method runs');
            return { MethodStatus: 0, OutputData: [] };
          },
        ],
      });
      yield* b.register();
      const block = { TargetHandle: null, TargetType: 0 };
      yield* a.get('RtmBlockMethods', { ...block, BlockingFlag: 1 });
      isBlocked = true;
      const invoker = rt.spawn('invoke', function* () {
        const Input = { MethodType: 1, InputSize: 0, InputData: [] };
        const call = { EntityHandle: a.handle, Input, OutputSize: 99 };
        const status = yield* b.status('RtmInvokeMethod', call);
        expectStatus(rt, status, NO_ERROR, ERROR_INVALID_HANDLE);
        rt.assert(!isBlocked || hasLeft || status !== NO_ERROR, 'ran while blocked');
      });
      const resumer = rt.spawn('resume', function* () {
        isBlocked = false;
        const status = yield* a.status('RtmBlockMethods', { ...block, BlockingFlag: 0 });
        expectStatus(rt, status, NO_ERROR, ERROR_INVALID_HANDLE);
      });
      expectStatus(rt, yield* a.deregister(), NO_ERROR);
      hasLeft = true;
      yield* invoker.join();
      yield* resumer.join();
      expectStatus(rt, yield* b.deregister(), NO_ERROR);
    });
  },
};

const runs: readonly (readonly [StrategyName, number])[] = [
  ['random', 400],
  ['pct', 200],
  ['pos', 200],
];

describe.each(Object.entries(scenes))('%s', (_, scene) => {
  test.each(runs)('%s', (strategy, executions) => {
    const result = explore(
      (rt: Runtime) => {
        const rtm = monitor.create({ rt });
        scene(rt, rtm);
        rt.finally(() => {
          const left = Object.values(rtm.census()).flat();
          rt.assert(left.length === 0, `left over: ${JSON.stringify(rtm.census())}`);
        });
      },
      { strategy, executions, seed: 5, detect: { leaks: true } },
    );
    expect(result.failure?.message).toBeUndefined();
    expect(result.executions).toBe(executions);
  });
});
