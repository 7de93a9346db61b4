/** Random sequences: the model against a naive oracle, and what must hold of every state. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statuses } from '../../spec/index.ts';
import type { Call, CoreCall, EntityInfo, EventCall, Reply, Token } from './calls.ts';
import { isSameInfo, isSameTable } from './calls.ts';
import {
  deregister,
  getInfo,
  infoOf,
  list,
  reference,
  register,
  registered,
  release,
  releaseInfo,
  told,
} from './example-calls.ts';
import { follow, matches, step } from './judge.ts';
import { canonicalKey, exactKey } from './keys.ts';
import type { State } from './state.ts';
import { entityOf, initialState } from './state.ts';

/** What a client may do, with handles as places in what it has seen, so that any sequence is valid. */
type Intent = { readonly kind: Kind; readonly who: number; readonly what: number };
const kinds = [
  'register',
  'leave',
  'list',
  'release',
  'reference',
  'info',
  'giveBack',
  'bad',
] as const;
type Kind = (typeof kinds)[number];

const intents: fc.Arbitrary<readonly Intent[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Kind[]>('register', 'register', 'list', 'list', ...kinds),
    who: fc.nat(5),
    what: fc.nat(9),
  }),
  { minLength: 5, maxLength: 30, size: 'max' },
);

interface Member {
  readonly handle: Token;
  readonly info: EntityInfo;
  readonly callback: number;
  isRegistered: boolean;
  references: number;
}

/** An RTM as simple as can be: one list, one handle value per entity, events in a queue. */
class NaiveManager {
  readonly members: Member[] = [];
  readonly queue: EventCall[] = [];
  #next: Token;
  readonly #listsCaller: boolean;

  constructor(options: { readonly listsCaller: boolean; readonly firstHandle: Token }) {
    this.#listsCaller = options.listsCaller;
    this.#next = options.firstHandle;
  }

  answer(call: CoreCall): Reply {
    switch (call.name) {
      case 'RtmRegisterEntity': {
        const info = call.RtmEntityInfo ?? infoOf(0);
        if (this.members.some((m) => m.isRegistered && isSameInfo(m.info, info)))
          return { status: statuses.ERROR_ALREADY_EXISTS };
        const handle = this.#next++;
        const callback = call.EventCallback ?? 0;
        this.#tell('of arrival', { handle, info, callback, isRegistered: true, references: 0 });
        this.members.push({ handle, info, callback, isRegistered: true, references: 0 });
        return registered(handle);
      }
      case 'RtmDeregisterEntity': {
        const caller = this.#caller(call.RtmRegHandle);
        if (caller === undefined) return { status: statuses.ERROR_INVALID_HANDLE };
        caller.isRegistered = false;
        this.#tell('of departure', caller);
        return { status: 0 };
      }
      case 'RtmGetRegisteredEntities': {
        const caller = this.#caller(call.RtmRegHandle);
        if (caller === undefined) return { status: statuses.ERROR_INVALID_HANDLE };
        const shown = this.members.filter(
          (m) =>
            m.isRegistered &&
            isSameTable(m.info, caller.info) &&
            (this.#listsCaller || m !== caller),
        );
        if (shown.length > call.NumEntities)
          return {
            status: statuses.ERROR_INSUFFICIENT_BUFFER,
            out: { NumEntities: shown.length },
          };
        for (const member of shown) member.references++;
        const out = {
          NumEntities: shown.length,
          EntityHandles: shown.map((m) => m.handle),
          EntityInfos: shown.map((m) => m.info),
        };
        return { status: 0, out };
      }
      case 'RtmReleaseEntities':
        return this.#count(call.RtmRegHandle, call.EntityHandles, -1);
      case 'RtmReferenceHandles':
        return this.#count(call.RtmRegHandle, call.RtmHandles, 1);
      case 'RtmGetEntityInfo': {
        const subject = this.members.find((m) => m.handle === call.EntityHandle);
        return this.#caller(call.RtmRegHandle) === undefined || subject === undefined
          ? { status: statuses.ERROR_INVALID_HANDLE }
          : { status: 0, out: { EntityInfo: subject.info } };
      }
      case 'RtmReleaseEntityInfo': {
        const isKnown = this.#caller(call.RtmRegHandle) !== undefined;
        return { status: isKnown ? 0 : statuses.ERROR_INVALID_HANDLE };
      }
    }
  }

  #caller(handle: Token): Member | undefined {
    return this.members.find((m) => m.isRegistered && m.handle === handle);
  }

  #count(caller: Token, handles: readonly Token[], change: number): Reply {
    const subjects = handles.map((handle) => this.members.find((m) => m.handle === handle));
    if (this.#caller(caller) === undefined || subjects.includes(undefined))
      return { status: statuses.ERROR_INVALID_HANDLE };
    for (const subject of subjects) if (subject !== undefined) subject.references += change;
    return { status: 0 };
  }

  #tell(type: Parameters<typeof told>[0], subject: Member): void {
    for (const receiver of this.members) {
      if (
        receiver.isRegistered &&
        receiver.handle !== subject.handle &&
        isSameTable(receiver.info, subject.info)
      )
        this.queue.push(told(type, receiver, subject));
    }
    const stillThere = this.queue.filter((event) => this.#caller(event.RtmRegHandle) !== undefined);
    this.queue.splice(0, this.queue.length, ...stillThere);
  }
}

/** Turns intents into calls that a careful client could make, and runs them with the events between. */
function play(
  manager: NaiveManager,
  plan: readonly Intent[],
  visit: (call: Call, reply: Reply) => void,
): void {
  const held = new Map<Token, Token[]>();
  const structures = new Map<Token, EntityInfo[]>();
  for (const [index, { kind, who, what }] of plan.entries()) {
    const living = manager.members.filter((member) => member.isRegistered);
    const caller = living[who % Math.max(1, living.length)]?.handle ?? 999;
    const own = held.get(caller) ?? [];
    const handle = own[what % Math.max(1, own.length)];
    const call = toCall(
      { kind, who, what },
      { caller, handle, structures: structures.get(caller) ?? [], index },
    );
    if (call === undefined) continue;
    const reply = manager.answer(call);
    visit(call, reply);
    if (reply.status === 0) keepBooks(call, reply, { held, structures });
    for (const event of manager.queue.splice(0)) visit(event, { status: 0 });
  }
  visit({ name: 'quiesce' }, { status: 0 });
}

function toCall(
  { kind, what }: Intent,
  around: {
    readonly caller: Token;
    readonly handle: Token | undefined;
    readonly structures: readonly EntityInfo[];
    readonly index: number;
  },
): CoreCall | undefined {
  const { caller, handle, index } = around;
  switch (kind) {
    case 'register':
      return register(infoOf(what % 4, { family: what < 8 ? 2 : 23 }), 1000 + index);
    case 'leave':
      return deregister(caller);
    case 'list':
      return list(caller, what);
    case 'release':
      return handle === undefined ? undefined : release(caller, handle);
    case 'reference':
      return handle === undefined ? undefined : reference(caller, handle);
    case 'info':
      return handle === undefined ? undefined : getInfo(caller, handle);
    case 'giveBack': {
      const [info] = around.structures;
      return info === undefined ? undefined : releaseInfo(caller, info);
    }
    case 'bad':
      return [deregister(777), list(777), release(caller, 777), getInfo(caller, 777)][what % 4];
  }
}

function keepBooks(
  call: Call,
  reply: Reply,
  books: { readonly held: Map<Token, Token[]>; readonly structures: Map<Token, EntityInfo[]> },
): void {
  if (!('RtmRegHandle' in call)) return;
  const own = books.held.get(call.RtmRegHandle) ?? [];
  const infos = books.structures.get(call.RtmRegHandle) ?? [];
  if (call.name === 'RtmGetRegisteredEntities')
    own.push(...((reply.out?.['EntityHandles'] ?? []) as readonly Token[]));
  if (call.name === 'RtmReferenceHandles') own.push(...call.RtmHandles);
  if (call.name === 'RtmReleaseEntities')
    for (const handle of call.EntityHandles) own.splice(own.indexOf(handle), 1);
  if (call.name === 'RtmGetEntityInfo') infos.push(reply.out?.['EntityInfo'] as EntityInfo);
  if (call.name === 'RtmReleaseEntityInfo') infos.shift();
  books.held.set(call.RtmRegHandle, own);
  books.structures.set(call.RtmRegHandle, infos);
}

test('whatever the naive manager answers is permitted', () => {
  let [calls, events] = [0, 0];
  fc.assert(
    fc.property(intents, fc.boolean(), (plan, listsCaller) => {
      let states: readonly State[] = [initialState];
      play(new NaiveManager({ listsCaller, firstHandle: 1 }), plan, (call, reply) => {
        states = follow(states, call, reply);
        expect(states.length, `${call.name} ${JSON.stringify(reply)}`).toBeGreaterThan(0);
        if (call.name === 'event') events++;
        calls++;
      });
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(calls).toBeGreaterThan(3000);
  expect(events).toBeGreaterThan(500);
});

test('one answer changed in what it says is refused', () => {
  let changed = 0;
  fc.assert(
    fc.property(intents, fc.boolean(), fc.nat(20), (plan, listsCaller, at) => {
      let states: readonly State[] = [initialState];
      let count = 0;
      play(new NaiveManager({ listsCaller, firstHandle: 1 }), plan, (call, reply) => {
        const wrong = distort(call, reply);
        if (wrong !== undefined && count++ === at) {
          changed++;
          expect(follow(states, call, wrong), `${call.name} ${JSON.stringify(wrong)}`).toEqual([]);
        }
        states = follow(states, call, reply);
      });
    }),
    { numRuns: 300, seed: 8 },
  );
  expect(changed).toBeGreaterThan(80);
});

/** An answer that no rule permits where the given one is right; undefined when there is none. */
function distort(call: Call, reply: Reply): Reply | undefined {
  if (reply.status === statuses.ERROR_INVALID_HANDLE) return { status: 0 };
  if (reply.status === statuses.ERROR_ALREADY_EXISTS) return registered(4242);
  if (reply.status !== 0) return undefined;
  if (call.name === 'RtmRegisterEntity')
    return { status: 0, out: { ...reply.out, RtmRegHandle: 0 } };
  if (call.name === 'RtmGetRegisteredEntities')
    return {
      status: 0,
      out: { ...reply.out, EntityInfos: [infoOf(99)], EntityHandles: [98], NumEntities: 1 },
    };
  if (call.name === 'RtmGetEntityInfo') return { status: 0, out: { EntityInfo: infoOf(99) } };
  return undefined;
}

test('counts are never negative, tables stay sorted, and answers do not depend on the moment', () => {
  fc.assert(
    fc.property(intents, (plan) => {
      let states: readonly State[] = [initialState];
      play(new NaiveManager({ listsCaller: true, firstHandle: 1 }), plan, (call, reply) => {
        const [state = initialState] = states;
        expect(step(state, call)).toEqual(step(state, call));
        states = follow(states, call, reply);
        for (const next of states) {
          for (const { holder, least, most } of next.holdings) {
            expect(entityOf(next, holder)?.left).toBe(false);
            expect(least).toBeGreaterThanOrEqual(0);
            expect(most).toBeGreaterThanOrEqual(Math.max(1, least));
          }
          for (const keys of [
            next.entities.map(({ key }) => key),
            next.bindings.map(({ token }) => token),
          ])
            expect(keys).toEqual([...new Set(keys)].toSorted((x, y) => x - y));
        }
      });
    }),
    { numRuns: 100, seed: 9 },
  );
});

test('the canonical key forgets the spelling of handles, the exact key does not', () => {
  let different = 0;
  fc.assert(
    fc.property(intents, (plan) => {
      const ends = [1, 100].map((firstHandle) => {
        let states: readonly State[] = [initialState];
        const manager = new NaiveManager({ listsCaller: true, firstHandle });
        play(manager, plan, (call, reply) => {
          states = follow(states, call, reply);
        });
        return states;
      });
      const [small, large] = ends.map((states) => new Set(states.map(canonicalKey)));
      expect(small).toEqual(large);
      const [first, second] = ends.map((states) => states.map(exactKey).join());
      if (first !== second) different++;
    }),
    { numRuns: 100, seed: 10 },
  );
  expect(different).toBeGreaterThan(20);
});

test('the canonical key tells apart what no renaming makes equal', () => {
  const keys = [[], [infoOf(1)], [infoOf(2)], [infoOf(1), infoOf(2)]].map((infos) => {
    let states: readonly State[] = [initialState];
    for (const [index, info] of infos.entries())
      states = follow(states, register(info), registered(index + 1));
    return states.map(canonicalKey).join();
  });
  expect(new Set(keys).size).toBe(4);
});

test('the order in which handles became known does not matter for the canonical key', () => {
  const handles = { status: 0, out: { NumEntities: 2, EntityHandles: [31, 32] } };
  const [start = initialState] = [
    register(infoOf(1)),
    register(infoOf(2)),
    register(infoOf(3)),
  ].reduce<readonly State[]>(
    (states, call, index) => follow(states, call, registered(index + 1)),
    [initialState],
  );
  const call = list(1, 8, { EntityInfos: null });
  const ways = matches(start, call, handles);
  expect(ways).toHaveLength(2);
  expect(new Set(ways.map(exactKey)).size).toBe(2);
  expect(new Set(ways.map(canonicalKey)).size).toBe(1);
});

test('many stale handles do not slow the canonical key down', () => {
  let states: readonly State[] = [initialState];
  for (let round = 1; round <= 30; round++) {
    states = follow(states, register(infoOf(1)), registered(round));
    states = follow(states, deregister(round), { status: 0 });
  }
  expect(states[0]?.bindings).toHaveLength(30);
  expect(states.map(canonicalKey)).toHaveLength(1);
});
