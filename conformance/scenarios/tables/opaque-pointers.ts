/** Scenarios of opaque pointers, and of the locks of destinations that guard them. */
import type { StatusName } from '../../../spec/index.ts';
import {
  addNextHop,
  addRoute,
  deleteRoute,
  exactMatch,
  named,
} from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { register } from '../steps.ts';
import {
  findSlot,
  lockDestination,
  PREFIX,
  readSlot,
  unlockDestination,
  writeSlot,
} from './method-steps.ts';
import { ok, refused } from './route-steps.ts';

const base = { area: 'opaque', level: 'opaque', needs: ['routes', 'nexthops', 'lookup'] } as const;

const OTHER_PREFIX = '10.2.0.0/16';

/** How many slots there are is not told (RTM-AMB-286): whoever comes second may be refused, or have none. */
const perhapsNoSlot: readonly StatusName[] = ['NO_ERROR', 'ERROR_NOT_FOUND'];
const perhapsRefused: readonly StatusName[] = [
  'NO_ERROR',
  'ERROR_NO_SYSTEM_RESOURCES',
  'ERROR_NOT_ENOUGH_MEMORY',
];

/** A client that reserved a pointer and owns the best route of a destination: it may lock it in any case. */
const owner: readonly Step[] = [
  { do: register(0, { opaque: true }) },
  ok(addNextHop(0, '10.255.0.1', 'a')),
  ok(addRoute(0, PREFIX, { hops: ['a'] }, 'r')),
  ok(exactMatch(0, PREFIX, 'd')),
];

const dest = named('d', 'DestHandle');

/** Another client with a route of its own. */
const stranger = (slot: number, prefix: string): readonly Step[] => [
  { do: register(slot) },
  ok(addNextHop(slot, `10.255.${slot}.1`, `hop ${slot}`)),
  ok(addRoute(slot, prefix, { hops: [`hop ${slot}`] }, `route ${slot}`)),
];

/** Stores a value under the lock. */
const store = (value: number, slot = 'p'): readonly Step[] => [
  ok(lockDestination(0, dest)),
  ok(findSlot(0, dest, slot)),
  { do: writeSlot(0, slot, value) },
  ok(unlockDestination(0, dest)),
];

/** The value is there, by what is delivered and by what is read. */
const stored = (value: number | null): readonly Step[] => [
  ok(lockDestination(0, dest)),
  ok(findSlot(0, dest, 'again'), { OpaqueInfoPointer: { value } }),
  { do: readSlot(0, 'again') },
  ok(unlockDestination(0, dest)),
];

export const opaqueScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'opaque/slot-in-every-destination',
    title: 'A client that reserved a pointer has a slot in every destination, old and new',
    rules: ['RTM-OPAQUE-001', 'RTM-OPAQUE-007'],
    steps: [
      ...stranger(1, OTHER_PREFIX),
      ...owner,
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'] })),
      ok(exactMatch(0, '10.0.0.0/8', 'wide')),
      ok(exactMatch(0, OTHER_PREFIX, 'old')),
      ok(findSlot(0, dest), { OpaqueInfoPointer: { $present: true } }),
      ok(findSlot(0, named('wide', 'DestHandle')), { OpaqueInfoPointer: { $present: true } }),
      ok(findSlot(0, named('old', 'DestHandle')), { OpaqueInfoPointer: { $present: true } }),
    ],
  },
  {
    ...base,
    id: 'opaque/none-reserved',
    title: 'A client that reserved no pointer has none, whatever others have',
    rules: ['RTM-OPAQUE-002'],
    steps: [
      ...owner,
      { do: register(1) },
      ok(exactMatch(1, PREFIX, 'e')),
      ...store(5),
      refused(findSlot(1, named('e', 'DestHandle')), 'ERROR_NOT_FOUND'),
    ],
  },
  {
    ...base,
    id: 'opaque/bad-handles',
    title: 'A slot is not found by handles that never were any',
    rules: ['RTM-OPAQUE-003'],
    steps: [
      ...owner,
      refused(findSlot(0, 'made-up'), 'ERROR_INVALID_HANDLE'),
      refused(findSlot(0, 'null'), 'ERROR_INVALID_HANDLE'),
      refused(findSlot('made-up', dest), 'ERROR_INVALID_HANDLE'),
      refused(findSlot('null', dest), 'ERROR_INVALID_HANDLE'),
    ],
  },
  {
    ...base,
    id: 'opaque/what-is-stored-stays',
    title:
      'What is stored is found again, until something else is stored, whatever becomes of routes',
    rules: ['RTM-OPAQUE-004'],
    steps: [
      ...owner,
      ...store(5),
      ...stored(5),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 7 })),
      ...stranger(1, PREFIX),
      ok(exactMatch(1, PREFIX)),
      ...stored(5),
      ...store(6, 'q'),
      ...stored(6),
    ],
  },
  {
    ...base,
    id: 'opaque/slots-of-two-clients',
    title: 'What one client stores shows in no slot of another',
    rules: ['RTM-OPAQUE-005', 'RTM-OPAQUE-008'],
    steps: [
      ...owner,
      { do: register(1, { opaque: true }), expect: { status: perhapsRefused } },
      { do: exactMatch(1, PREFIX, 'e') },
      { do: addNextHop(1, '10.255.1.1', 'b') },
      { do: addRoute(1, PREFIX, { hops: ['b'] }, 's') },
      ok(deleteRoute(0, 'r')),
      // Whose route is the only one may lock under every reading of RTM-AMB-290.
      ...[
        lockDestination(1, named('e', 'DestHandle')),
        findSlot(1, named('e', 'DestHandle'), 'its'),
        writeSlot(1, 'its', 9),
        unlockDestination(1, named('e', 'DestHandle')),
      ].map((action) => ({ do: action })),
      ok(addRoute(0, PREFIX, { hops: ['a'] })),
      { do: deleteRoute(1, 's') },
      ...store(5),
      {
        do: findSlot(1, named('e', 'DestHandle')),
        expect: { status: perhapsNoSlot, out: { OpaqueInfoPointer: { value: 9 } } },
      },
      ...stored(5),
    ],
  },
  {
    ...base,
    id: 'opaque/slots-in-two-destinations',
    title: 'What is stored in one destination shows in no other',
    rules: ['RTM-OPAQUE-006'],
    steps: [
      ...owner,
      ok(addRoute(0, OTHER_PREFIX, { hops: ['a'] })),
      ok(exactMatch(0, OTHER_PREFIX, 'e')),
      ok(lockDestination(0, named('e', 'DestHandle'))),
      ok(findSlot(0, named('e', 'DestHandle'), 'there')),
      { do: writeSlot(0, 'there', 6) },
      ok(unlockDestination(0, named('e', 'DestHandle'))),
      ...store(5),
      ok(findSlot(0, named('e', 'DestHandle')), { OpaqueInfoPointer: { value: 6 } }),
      ...stored(5),
    ],
  },
  {
    ...base,
    id: 'opaque/slot-where-others-are-best',
    title: 'A client reaches its slot where the best route, or all routes, belong to others',
    rules: ['RTM-OPAQUE-007'],
    steps: [
      { do: register(0, { opaque: true }) },
      ...stranger(1, PREFIX),
      ok(exactMatch(0, PREFIX, 'd')),
      ok(findSlot(0, dest), { OpaqueInfoPointer: { $present: true } }),
    ],
  },
  {
    ...base,
    id: 'opaque/first-come-first-served',
    title: 'A slot in use is not taken away for a client that registers later',
    rules: ['RTM-OPAQUE-008'],
    steps: [
      ...owner,
      ...store(5),
      { do: register(1, { opaque: true }), expect: { status: perhapsRefused } },
      { do: register(2, { opaque: true }), expect: { status: perhapsRefused } },
      ...stored(5),
    ],
  },
  {
    ...base,
    id: 'opaque/begins-empty',
    title: 'A slot in which nothing was stored holds NULL',
    rules: ['RTM-OPAQUE-009'],
    steps: [...owner, ...stored(null)],
  },
  {
    ...base,
    id: 'opaque/found-under-lock',
    title: 'A slot can be found while its destination is locked, exclusively or shared',
    rules: ['RTM-OPAQUE-010', 'RTM-LOCK-001'],
    steps: [
      ...owner,
      ok(lockDestination(0, dest, false)),
      ok(findSlot(0, dest), { OpaqueInfoPointer: { $present: true } }),
      ok(unlockDestination(0, dest, false)),
      ok(lockDestination(0, dest)),
      ok(findSlot(0, dest), { OpaqueInfoPointer: { $present: true } }),
      ok(unlockDestination(0, dest)),
    ],
  },
  {
    ...base,
    id: 'opaque/sample-use-a-slot',
    title:
      'A client locks, finds its slot empty, stores, and later finds and changes it, as in the sample',
    rules: ['RTM-OPAQUE-004', 'RTM-OPAQUE-010', 'RTM-LOCK-001'],
    steps: [
      ...owner,
      ok(lockDestination(0, dest)),
      ok(findSlot(0, dest, 'p')),
      { do: readSlot(0, 'p') },
      { do: writeSlot(0, 'p', 1) },
      ok(unlockDestination(0, dest)),
      ok(lockDestination(0, dest)),
      ok(findSlot(0, dest, 'q'), { OpaqueInfoPointer: { value: 1 } }),
      { do: readSlot(0, 'q') },
      { do: writeSlot(0, 'q', 2) },
      ok(unlockDestination(0, dest)),
      ...stored(2),
    ],
  },
  {
    ...base,
    id: 'opaque/lock-and-unlock',
    title:
      'The owner of the best route locks a destination and gives it up, in both modes, again and again',
    rules: ['RTM-LOCK-001', 'RTM-LOCK-004'],
    steps: [true, false, true].reduce<readonly Step[]>(
      (steps, isExclusive) => [
        ...steps,
        ok(lockDestination(0, dest, isExclusive)),
        ok(unlockDestination(0, dest, isExclusive)),
      ],
      owner,
    ),
  },
  {
    ...base,
    id: 'opaque/unlocked-for-others',
    title: 'A destination that was unlocked is there for others, to look at and to change',
    rules: ['RTM-LOCK-004', 'RTM-LOCK-001'],
    steps: [
      ...owner,
      ok(lockDestination(0, dest)),
      ok(unlockDestination(0, dest)),
      ...stranger(1, PREFIX),
      ok(exactMatch(1, PREFIX), { DestInfo: { DestAddress: PREFIX } }),
    ],
  },
  {
    ...base,
    id: 'opaque/lock-of-nothing',
    title: 'Locking by and of what never was is refused, and locks nothing',
    rules: ['RTM-LOCK-005'],
    steps: [
      ...owner,
      refused(lockDestination(0, 'made-up'), 'ERROR_INVALID_HANDLE'),
      refused(lockDestination(0, 'null'), 'ERROR_INVALID_HANDLE'),
      refused(lockDestination('made-up', dest), 'ERROR_INVALID_HANDLE'),
      refused(lockDestination('null', dest), 'ERROR_INVALID_HANDLE'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 7 })),
      ok(lockDestination(0, dest)),
      ok(unlockDestination(0, dest)),
    ],
  },
  {
    ...base,
    id: 'opaque/lock-by-a-stranger',
    title:
      'A client without a route to a destination is refused the lock, if it is, as one without the right',
    rules: ['RTM-LOCK-006'],
    steps: [
      ...owner,
      { do: register(1) },
      ok(exactMatch(1, PREFIX, 'e')),
      refused(lockDestination(1, named('e', 'DestHandle')), 'NO_ERROR', 'ERROR_ACCESS_DENIED'),
      // Whichever it was, nothing is locked when it has given up what it may have.
      { do: unlockDestination(1, named('e', 'DestHandle')) },
      ok(lockDestination(0, dest)),
      ok(unlockDestination(0, dest)),
    ],
  },
];
