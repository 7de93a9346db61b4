/** Every function of level core against every status, and what each reply leads to. */
import { describe, expect, test } from 'vitest';
import { statuses } from '../../spec/index.ts';
import type { Call, Reply } from './calls.ts';
import { createContext } from './context.ts';
import {
  deregister,
  described,
  getInfo,
  infoOf,
  invalidHandle,
  list,
  listed,
  ok,
  reference,
  register,
  registered,
  release,
  releaseInfo,
} from './example-calls.ts';
import {
  B_LEAVES,
  type Exchange,
  a,
  after,
  arrive,
  b,
  c,
  documented,
  failed,
  list12,
  overflow,
} from './judge.test-support.ts';
import { blame, matches } from './judge.ts';

const notes = createContext({ profile: 'notes' });

type Row = readonly [
  title: string,
  history: readonly Exchange[],
  call: Call,
  reply: Reply,
  /** `permitted` or the rule to be blamed. */
  verdict: string,
  context?: ReturnType<typeof createContext>,
];

const rows: readonly Row[] = [
  // RtmRegisterEntity
  ['a first registration', [], register(a), registered(1), 'permitted'],
  ['no callback', [], register(a, null), registered(1), 'permitted'],
  ['no handle', [], register(a), ok, 'RTM-REG-002'],
  ['a NULL handle', [], register(a), registered(0), 'RTM-REG-002'],
  ['no profile', [], register(a), { status: 0, out: { RtmRegHandle: 1 } }, 'RTM-REG-002'],
  ['the handle of another', [arrive[0]!], register(b), registered(1), 'RTM-REG-003'],
  ['an identity twice', arrive, register(b), registered(3), 'RTM-REG-004'],
  [
    'an identity twice, refused',
    arrive,
    register(b),
    failed(statuses.ERROR_ALREADY_EXISTS),
    'permitted',
  ],
  [
    'refused without a reason',
    arrive,
    register(c),
    failed(statuses.ERROR_ALREADY_EXISTS),
    'RTM-REG-001',
  ],
  [
    'the same identity in another family',
    arrive,
    register(infoOf(1, { family: 23 })),
    registered(3),
    'permitted',
  ],
  ['again after leaving', [...arrive, B_LEAVES], register(b), registered(2), 'permitted'],
  [
    'refused again after leaving',
    [...arrive, B_LEAVES],
    register(b),
    failed(statuses.ERROR_ALREADY_EXISTS),
    'RTM-REG-001',
  ],
  [
    'refused while the old object is held',
    [...arrive, list12, B_LEAVES],
    register(b),
    failed(statuses.ERROR_ALREADY_EXISTS),
    'permitted',
  ],
  [
    'refused while the old object is held, though free at once',
    [...arrive, list12, B_LEAVES],
    register(b),
    failed(statuses.ERROR_ALREADY_EXISTS),
    'RTM-REG-001',
    createContext({ readings: { identityFree: 'at-deregistration' } }),
  ],
  [
    'refused after the old object was released',
    [...arrive, list12, B_LEAVES, [release(1, 12, 1), ok]],
    register(b),
    failed(statuses.ERROR_ALREADY_EXISTS),
    'RTM-REG-001',
  ],
  ['a handle used again', [...arrive, B_LEAVES], register(c), registered(2), 'permitted'],
  [
    'a handle used again though it is held',
    [...arrive, [list(1), listed([1, a], [2, b])], B_LEAVES],
    register(c),
    registered(2),
    'RTM-REG-003',
  ],
  ...(
    [
      ['ERROR_INVALID_DATA', 'RTM-REG-001'],
      ['ERROR_INVALID_PARAMETER', 'RTM-REG-001'],
      ['ERROR_BAD_CONFIGURATION', 'RTM-REG-001'],
      ['ERROR_FILE_NOT_FOUND', 'RTM-REG-001'],
      ['ERROR_NO_SYSTEM_RESOURCES', 'RTM-REG-001'],
      ['ERROR_NOT_ENOUGH_MEMORY', 'RTM-REG-001'],
    ] as const
  ).map(([name, rule]): Row => [
    `${name} in health`,
    [],
    register(a),
    failed(statuses[name]),
    rule,
  ]),
  ...(
    [
      'ERROR_BAD_CONFIGURATION',
      'ERROR_FILE_NOT_FOUND',
      'ERROR_NO_SYSTEM_RESOURCES',
      'ERROR_NOT_ENOUGH_MEMORY',
    ] as const
  ).map((name): Row => [
    `${name} when things may be short`,
    [],
    register(a),
    failed(statuses[name]),
    'permitted',
    createContext({ readings: { environment: 'any' } }),
  ]),
  [
    'an instance other than 0, refused',
    [],
    register({ ...a, RtmInstanceId: 7 }),
    failed(statuses.ERROR_FILE_NOT_FOUND),
    'permitted',
  ],
  [
    'a NULL info',
    [],
    { name: 'RtmRegisterEntity', RtmEntityInfo: null, EventCallback: null },
    failed(statuses.ERROR_INVALID_DATA),
    'permitted',
  ],
  [
    'a NULL info accepted',
    [],
    { name: 'RtmRegisterEntity', RtmEntityInfo: null, EventCallback: null },
    registered(1),
    'RTM-REG-013',
  ],

  // RtmDeregisterEntity
  ['leaving', arrive, deregister(1), ok, 'permitted'],
  ['not let go', arrive, deregister(1), invalidHandle, 'RTM-DEREG-001'],
  ['leaving with a made-up handle', arrive, deregister(99), ok, 'RTM-DEREG-004'],
  ['leaving with a made-up handle, refused', arrive, deregister(99), invalidHandle, 'permitted'],
  ['leaving with NULL, refused', arrive, deregister(0), invalidHandle, 'permitted'],
  ['leaving with NULL', arrive, deregister(0), ok, 'RTM-DEREG-004'],
  ['leaving twice', [...arrive, B_LEAVES], deregister(2), ok, 'RTM-DEREG-002'],
  ['leaving twice, refused', [...arrive, B_LEAVES], deregister(2), invalidHandle, 'permitted'],
  ['leaving twice, other error', [...arrive, B_LEAVES], deregister(2), failed(5), 'permitted'],
  [
    'leaving twice, other error, by the notes',
    [...arrive, B_LEAVES],
    deregister(2),
    failed(5),
    'RTM-DEREG-003',
    notes,
  ],
  ['leaving with handles', [...arrive, list12], deregister(1), ok, 'permitted'],
  ['not let go with handles', [...arrive, list12], deregister(1), failed(5), 'permitted'],
  [
    'not let go with handles, by the notes',
    [...arrive, list12],
    deregister(1),
    invalidHandle,
    'RTM-DEREG-001',
    notes,
  ],

  // RtmGetRegisteredEntities
  ['all', arrive, list(1), listed([1, a], [2, b]), 'permitted'],
  ['all in another order', arrive, list(1), listed([22, b], [1, a]), 'permitted'],
  ['all the others', arrive, list(1), listed([2, b]), 'permitted'],
  ['only the caller', arrive, list(1), listed([1, a]), 'RTM-LIST-001'],
  ['nobody', arrive, list(1), listed(), 'RTM-LIST-001'],
  ['nobody, alone', [arrive[0]!], list(1), listed(), 'permitted'],
  [
    'now with the caller, then without',
    [...arrive, list12],
    list(1),
    listed([12, b]),
    'RTM-LIST-001',
  ],
  ['somebody unknown', arrive, list(1), listed([1, a], [2, b], [3, c]), 'RTM-LIST-002'],
  ['somebody who left', [...arrive, B_LEAVES], list(1), listed([1, a], [2, b]), 'RTM-LIST-002'],
  ['somebody twice', arrive, list(1), listed([1, a], [2, b], [2, b]), 'RTM-LIST-003'],
  ['somebody twice by other handles', arrive, list(1), listed([2, b], [22, b]), 'RTM-LIST-003'],
  ['handles swapped', arrive, list(1), listed([2, a], [1, b]), 'RTM-LIST-010'],
  ['a NULL handle in it', arrive, list(1), listed([1, a], [0, b]), 'RTM-OUT-001'],
  [
    'handles alone',
    arrive,
    list(1, 8, { EntityInfos: null }),
    { status: 0, out: { NumEntities: 2, EntityHandles: [31, 32] } },
    'permitted',
  ],
  [
    'descriptions alone',
    arrive,
    list(1, 8, { EntityHandles: null }),
    { status: 0, out: { NumEntities: 2, EntityInfos: [b, a] } },
    'permitted',
  ],
  [
    'another family',
    [...arrive, [register(infoOf(3, { family: 23 })), registered(3)]],
    list(1),
    listed([1, a], [2, b], [3, infoOf(3, { family: 23 })]),
    'RTM-LIST-002',
  ],
  [
    'a count too high',
    arrive,
    list(1),
    { ...listed([1, a], [2, b]), out: { ...listed([1, a], [2, b]).out, NumEntities: 3 } },
    'RTM-OUT-001',
  ],
  ['no count', arrive, list(1), ok, 'RTM-LIST-005'],
  ['too little room', arrive, list(1, 0), overflow(0), 'permitted'],
  ['too little room, total', arrive, list(1, 0), overflow(2), 'permitted'],
  ['too little room, nonsense', arrive, list(1, 0), overflow(7), 'RTM-OUT-004'],
  ['too little room, no count', arrive, list(1, 0), failed(122), 'permitted'],
  [
    'too little room, no count, by the notes',
    arrive,
    list(1, 0),
    failed(122),
    'RTM-OUT-002',
    notes,
  ],
  ['too little room ignored', arrive, list(1, 0), listed(), 'RTM-LIST-006'],
  ['room enough denied', arrive, list(1, 2), overflow(2), 'RTM-LIST-007'],
  ['room for the others only', arrive, list(1, 1), overflow(1), 'permitted'],
  ['room for the others only, used', arrive, list(1, 1), listed([2, b]), 'permitted'],
  [
    'no array wanted',
    arrive,
    list(1, 0, { EntityHandles: null, EntityInfos: null }),
    { status: 0, out: { NumEntities: 2 } },
    'permitted',
  ],
  [
    'no array wanted, nonsense',
    arrive,
    list(1, 0, { EntityHandles: null, EntityInfos: null }),
    { status: 0, out: { NumEntities: 9 } },
    'RTM-LIST-005',
  ],
  ['a made-up handle', arrive, list(99), listed([1, a], [2, b]), 'RTM-DEREG-002'],
  ['a made-up handle, refused', arrive, list(99), invalidHandle, 'permitted'],
  ['a made-up handle, refused otherwise', arrive, list(99), failed(87), 'permitted'],
  [
    'a made-up handle, otherwise, by the notes',
    arrive,
    list(99),
    failed(87),
    'RTM-DEREG-002',
    notes,
  ],
  ['after leaving', [...arrive, B_LEAVES], list(2), listed([1, a]), 'RTM-DEREG-002'],
  ['after leaving, refused', [...arrive, B_LEAVES], list(2), invalidHandle, 'permitted'],

  [
    'now without the caller, then with it',
    [...arrive, [list(1), listed([2, b])]],
    list(1),
    listed([1, a], [2, b]),
    'RTM-LIST-002',
  ],
  [
    'refused while a holder that left may have left a reference behind',
    [...arrive, list12, [deregister(1), ok], B_LEAVES],
    register(b),
    failed(statuses.ERROR_ALREADY_EXISTS),
    'permitted',
  ],

  // RtmReleaseEntities
  ['released', [...arrive, list12], release(1, 12), ok, 'permitted'],
  ['not released', [...arrive, list12], release(1, 12), invalidHandle, 'RTM-REL-002'],
  ['both at once', [...arrive, list12], release(1, 12, 1), ok, 'permitted'],
  ['one twice, refused', [...arrive, list12], release(1, 12, 12), invalidHandle, 'permitted'],
  ['released after it left', [...arrive, list12, B_LEAVES], release(1, 12), ok, 'permitted'],
  [
    'not released after it left',
    [...arrive, list12, B_LEAVES],
    release(1, 12),
    invalidHandle,
    'RTM-REL-004',
  ],
  ['a made-up handle released', arrive, release(1, 99), ok, 'RTM-REL-005'],
  ['a made-up handle not released', arrive, release(1, 99), invalidHandle, 'permitted'],
  ['by nobody', [...arrive, list12], release(99, 12), ok, 'RTM-REL-005'],
  ['by nobody, refused', [...arrive, list12], release(99, 12), invalidHandle, 'permitted'],
  [
    'released too often',
    [...arrive, list12, [release(1, 12), ok]],
    release(1, 12),
    ok,
    'permitted',
  ],
  ['an empty array', arrive, release(1), failed(87), 'permitted'],

  // RtmReferenceHandles
  ['referenced', [...arrive, list12], reference(1, 12, 12), ok, 'permitted'],
  ['not referenced', [...arrive, list12], reference(1, 12), invalidHandle, 'RTM-REF-003'],
  ['a made-up handle referenced', arrive, reference(1, 12), ok, 'RTM-REF-013'],
  ['NULL not referenced', arrive, reference(1, 0), invalidHandle, 'permitted'],
  [
    'a reference not given back',
    [...arrive, list12, [reference(1, 12), ok], [release(1, 12), ok]],
    release(1, 12),
    invalidHandle,
    'RTM-REL-002',
  ],

  // RtmGetEntityInfo and RtmReleaseEntityInfo
  ['described', [...arrive, list12], getInfo(1, 12), described(b), 'permitted'],
  ['described as another', [...arrive, list12], getInfo(1, 12), described(a), 'RTM-INFO-001'],
  ['described without a word', [...arrive, list12], getInfo(1, 12), ok, 'RTM-INFO-001'],
  ['not described', [...arrive, list12], getInfo(1, 12), invalidHandle, 'RTM-INFO-001'],
  [
    'described after it left',
    [...arrive, list12, B_LEAVES],
    getInfo(1, 12),
    described(b),
    'permitted',
  ],
  ['no more described', [...arrive, list12, B_LEAVES], getInfo(1, 12), invalidHandle, 'permitted'],
  ['a made-up handle described', arrive, getInfo(1, 12), described(b), 'RTM-INFO-002'],
  ['oneself described', arrive, getInfo(1, 1), described(a), 'permitted'],
  ['oneself described as another', arrive, getInfo(1, 1), described(b), 'RTM-INFO-001'],
  [
    'given back',
    [...arrive, list12, [getInfo(1, 12), described(b)]],
    releaseInfo(1, b),
    ok,
    'permitted',
  ],
  [
    'not taken back',
    [...arrive, list12, [getInfo(1, 12), described(b)]],
    releaseInfo(1, b),
    invalidHandle,
    'RTM-INFO-005',
  ],
  [
    'given back twice',
    [...arrive, list12, [getInfo(1, 12), described(b)], [releaseInfo(1, b), ok]],
    releaseInfo(1, b),
    invalidHandle,
    'permitted',
  ],
  ['given back by nobody', arrive, releaseInfo(99, b), ok, 'RTM-INFO-006'],
  ['given back by nobody, refused', arrive, releaseInfo(99, b), invalidHandle, 'permitted'],
  ['never taken', arrive, releaseInfo(1, b), invalidHandle, 'permitted'],
];

describe('a reply is judged', () => {
  for (const [title, history, call, reply, verdict, context = documented] of rows) {
    test(`${call.name}: ${title}`, () => {
      const states = after(...history);
      const found = states.map((state) => blame(state, call, reply, context)?.rule ?? 'permitted');
      expect(found).toContain(verdict);
      const explained = states.flatMap((state) => matches(state, call, reply, context));
      expect(explained.length > 0).toBe(verdict === 'permitted');
    });
  }
});
