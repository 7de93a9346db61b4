/** What the tables of the notes' protocol keep to in every interleaving of small programs: no race, no deadlock, no leak. */
import { expect, test } from 'vitest';
import type { Runtime, StrategyName, Task, Thread } from '../../../harness/index.ts';
import { explore } from '../../../harness/index.ts';
import { constants, events, statuses } from '../../../spec/index.ts';
import { infoOf } from '../client.ts';
import { hopInfo, netAddress, TableClient } from '../functions/table-client.ts';
import { notesProtocol } from '../notes-protocol.ts';
import type { Handle } from '../rtm.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_NOT_FOUND, ERROR_NO_MORE_ITEMS } = statuses;
const net = netAddress([10], 8);
const UNICAST = { ProtocolId: 0, TargetViews: 1 };
const { INFINITE } = constants;

interface Scene {
  readonly rt: Runtime;
  readonly a: TableClient;
  readonly b: TableClient;
  readonly expectStatus: (status: number, ...permitted: readonly number[]) => void;
}

/** Sets up what it needs, and returns what runs beside each other. */
type Play = (scene: Scene) => Task<readonly (() => Task)[]>;

/** The clients have left by the end of each play, or leave then; nothing may be left over. */
function program(rt: Runtime, play: Play): void {
  const rtm = notesProtocol.create({ rt });
  const a = new TableClient(rt, rtm, infoOf(1));
  const b = new TableClient(rt, rtm, infoOf(2));
  const expectStatus: Scene['expectStatus'] = (status, ...permitted) => {
    rt.assert(permitted.includes(status), `status ${status}, not ${permitted.join(' or ')}`);
  };
  rt.spawn('main', function* () {
    const bodies = yield* play({ rt, a, b, expectStatus });
    const threads: Thread[] = bodies.map((body, index) => rt.spawn(`t${index + 1}`, body));
    for (const thread of threads) yield* thread.join();
    for (const client of [a, b]) {
      expectStatus(yield* client.deregister(), NO_ERROR, ERROR_INVALID_HANDLE);
    }
    // The worker may be about to find that nobody is there to be told.
    yield* rt.sleep(1);
    const left = JSON.stringify(rtm.census());
    rt.assert(Object.values(rtm.census()).flat().length === 0, `left over: ${left}`);
  });
}

function* lookAndGiveBack({ b, expectStatus }: Scene): Task {
  const DestInfo = yield* b.lookUp(net);
  if (DestInfo === undefined) return;
  const RouteHandle = DestInfo.ViewInfo[0]?.Route ?? null;
  if (RouteHandle !== null) {
    const { status, out } = yield* b.call('RtmGetRouteInfo', { RouteHandle });
    expectStatus(status, NO_ERROR, ERROR_INVALID_HANDLE);
    const RouteInfo = out?.RouteInfo;
    if (RouteInfo !== undefined) {
      expectStatus(yield* b.status('RtmReleaseRouteInfo', { RouteInfo }), NO_ERROR);
    }
  }
  expectStatus(yield* b.status('RtmReleaseDestInfo', { DestInfo }), NO_ERROR);
}

const plays: Record<string, Play> = {
  *'deletion meets look-up and departure'(scene) {
    const { a, b, expectStatus } = scene;
    yield* a.register();
    yield* b.register();
    const { NextHopHandle } = yield* a.get('RtmAddNextHop', { NextHopInfo: hopInfo(1) });
    const hops = { NextHopsList: { NumNextHops: 1, NextHops: [NextHopHandle] } };
    const RouteHandle = (yield* a.add(net, hops)).out?.RouteHandle;
    const NextHops = { NumNextHops: 1, NextHopHandles: [NextHopHandle] };
    expectStatus(yield* a.status('RtmReleaseNextHops', NextHops), NO_ERROR);
    return [
      function* () {
        expectStatus(yield* a.status('RtmDeleteRouteToDest', { RouteHandle }), NO_ERROR);
        expectStatus(yield* a.deregister(), NO_ERROR);
      },
      () => lookAndGiveBack(scene),
    ];
  },

  *'readers hold the same destination at once'(scene) {
    const { a, b } = scene;
    yield* a.register();
    yield* b.register();
    yield* a.add(net, {}, { RouteHandle: null });
    return [() => lookAndGiveBack(scene), () => lookAndGiveBack(scene)];
  },

  *'a lock keeps others out until it is given up'({ rt, a, b, expectStatus }: Scene) {
    yield* a.register();
    yield* b.register();
    yield* a.add(net, {}, { RouteHandle: null });
    const DestInfo = yield* a.lookUp(net);
    const DestHandle: Handle = DestInfo?.DestHandle ?? null;
    return [
      function* () {
        const lock = { DestHandle, Exclusive: true };
        expectStatus(yield* a.status('RtmLockDestination', { ...lock, LockDest: true }), NO_ERROR);
        yield* a.add(net, { BelongsToViews: 3 }, { RouteHandle: null });
        yield* a.add(net, { BelongsToViews: 1 }, { RouteHandle: null });
        expectStatus(yield* a.status('RtmLockDestination', { ...lock, LockDest: false }), NO_ERROR);
        if (DestInfo !== undefined) yield* a.status('RtmReleaseDestInfo', { DestInfo });
      },
      function* () {
        const info = yield* b.lookUp(net);
        if (info?.BelongsToViews !== 1) rt.fail('assertion', 'a state between the changes shows');
        if (info !== undefined) yield* b.status('RtmReleaseDestInfo', { DestInfo: info });
      },
    ];
  },

  *'a subscription ends beside a change and its announcement'({ a, b, expectStatus }) {
    const told: Handle[] = [];
    yield* a.register({
      // oxlint-disable-next-line require-yield -- a callback is a task, also when it takes no step
      *callback(_, type, context1) {
        if (type === events.RTM_CHANGE_NOTIFICATION) told.push(context1);
        return NO_ERROR;
      },
    });
    yield* b.register();
    const watch = { TargetViews: 1, NotifyFlags: 7, NotifyContext: 0 };
    const { NotifyHandle } = yield* a.get('RtmRegisterForChangeNotification', watch);
    return [
      function* () {
        yield* b.add(net, {}, { RouteHandle: null });
      },
      function* () {
        const fetch = { NotifyHandle, NumDests: 4 };
        const { status, out } = yield* a.call('RtmGetChangedDests', fetch);
        expectStatus(status, ERROR_NO_MORE_ITEMS);
        expectStatus(
          yield* a.status('RtmDeregisterFromChangeNotification', { NotifyHandle }),
          NO_ERROR,
        );
        const { NumDests = 0, ChangedDests = [] } = out ?? {};
        if (NumDests === 0) return;
        const back = { NotifyHandle, NumDests, ChangedDests };
        expectStatus(yield* a.status('RtmReleaseChangedDests', back), NO_ERROR);
      },
    ];
  },

  *'an expiry meets an update'({ rt, a, b, expectStatus }) {
    yield* a.register({
      // oxlint-disable-next-line require-yield -- a callback is a task, also when it takes no step
      *callback() {
        return statuses.ERROR_NOT_SUPPORTED;
      },
    });
    yield* b.register();
    yield* a.add(net, {}, { RouteHandle: null, TimeToLive: 10 });
    return [
      function* () {
        yield* rt.sleep(10);
        yield* a.add(net, {}, { RouteHandle: null, TimeToLive: INFINITE });
        const call = { DestAddress: net, ...UNICAST };
        const { status, out } = yield* b.call('RtmGetExactMatchDestination', call);
        expectStatus(status, NO_ERROR, ERROR_NOT_FOUND);
        if (out !== undefined) yield* b.status('RtmReleaseDestInfo', { DestInfo: out.DestInfo });
      },
    ];
  },

  *'methods run, are blocked and resumed beside the departure of their client'({
    rt,
    a,
    b,
    expectStatus,
  }: Scene) {
    let isRunning = false;
    yield* a.register({
      methods: [
        function* () {
          isRunning = true;
          yield* rt.point('in the method');
          isRunning = false;
          return { MethodStatus: NO_ERROR, OutputData: [1] };
        },
      ],
    });
    yield* b.register();
    const EntityHandle = a.handle;
    const blocking = { TargetHandle: null, TargetType: 0 };
    yield* a.status('RtmBlockMethods', { ...blocking, BlockingFlag: 1 });
    return [
      function* () {
        const Input = { MethodType: 1, InputSize: 0, InputData: [] };
        const call = { EntityHandle, Input, OutputSize: 64 };
        expectStatus(yield* b.status('RtmInvokeMethod', call), NO_ERROR, ERROR_INVALID_HANDLE);
      },
      function* () {
        yield* a.status('RtmBlockMethods', { ...blocking, BlockingFlag: 0 });
        yield* a.status('RtmBlockMethods', { ...blocking, BlockingFlag: 1 });
        expectStatus(yield* a.deregister(), NO_ERROR);
        if (isRunning) rt.fail('assertion', 'a method runs though its client has left');
      },
    ];
  },
};

const strategies: readonly StrategyName[] = ['random', 'pct', 'pos'];

for (const [name, play] of Object.entries(plays)) {
  test.each(strategies)(`${name} (%s)`, (strategy) => {
    const result = explore((rt) => program(rt, play), {
      strategy,
      seed: 1,
      executions: 150,
      detect: { races: true, leaks: true, deadlock: true, lockOrder: true },
    });
    expect(result.failure?.message).toBeUndefined();
    expect(result.executions).toBe(150);
  });
}
