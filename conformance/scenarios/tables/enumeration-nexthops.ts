/** Scenarios of RtmCreateNextHopEnum and RtmGetEnumNextHops. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addNextHop, named } from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { client, ok } from './route-steps.ts';
import { allHops, fetchHops, hopEnum, one } from './walk-steps.ts';

const { RTM_ENUM_NEXT, RTM_ENUM_RANGE } = constants;

const base = { area: 'enumeration', level: 'enumeration', needs: ['nexthops'] } as const;

const addresses = ['10.5.0.7', '10.1.0.3', '192.168.0.1', '10.5.0.2'];
const ascending = ['10.1.0.3/32', '10.5.0.2/32', '10.5.0.7/32', '192.168.0.1/32'];

const hops: readonly Step[] = [
  ...client(0),
  ...addresses.map((address, index) => ok(addNextHop(0, address, `h${index}`))),
  ...client(1),
  ok(addNextHop(1, '10.5.0.5', 'foreign')),
];

/** All that an enumeration delivers, in order. */
function delivers(from: string, ...expected: readonly string[]): readonly Step[] {
  const as = `${from}.hops`;
  return [
    allHops(0, from, expected.length, { as }),
    ...expected.map((NextHopAddress, index) =>
      ok(invoke('RtmGetNextHopInfo', 0, { NextHopHandle: named(as, String(index)) }), {
        NextHopInfo: { NextHopAddress },
      }),
    ),
  ];
}

export const hopEnumerationScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'enumeration/all-next-hops',
    title: 'An enumeration of next hops delivers each of the caller’s once',
    rules: ['RTM-ENUM-030', 'RTM-ENUM-015', 'RTM-ENUM-017'],
    steps: [...hops, ok(hopEnum(0, 'e')), ...delivers('e', ...ascending)],
  },
  {
    ...base,
    id: 'enumeration/next-hops-in-order',
    title: 'Next hops come in order of address, one by one too',
    rules: ['RTM-ENUM-008', 'RTM-ENUM-012', 'RTM-ENUM-013'],
    steps: [
      ...hops,
      ok(hopEnum(0, 'e')),
      one(fetchHops(0, 'e', 1, 'first'), { NumNextHops: 1 }),
      ok(invoke('RtmGetNextHopInfo', 0, { NextHopHandle: named('first') }), {
        NextHopInfo: { NextHopAddress: '10.1.0.3/32' },
      }),
      ...delivers('e', ...ascending.slice(1)),
    ],
  },
  {
    ...base,
    id: 'enumeration/next-hops-of-one-address',
    title:
      'Next hops that differ only in their interface are each delivered, at the edge of a batch too',
    rules: ['RTM-ENUM-030', 'RTM-ENUM-012', 'RTM-ENUM-017'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.5.0.2', 'h1', { interfaceIndex: 1 })),
      ok(addNextHop(0, '10.5.0.2', 'h2', { interfaceIndex: 2 })),
      ok(addNextHop(0, '10.5.0.2', 'h3', { interfaceIndex: 3 })),
      ok(hopEnum(0, 'e')),
      allHops(0, 'e', 3, { room: 1 }),
      ok(hopEnum(0, 'two')),
      allHops(0, 'two', 3, { room: 2 }),
    ],
  },
  {
    ...base,
    id: 'enumeration/no-next-hops',
    title: 'An enumeration of no next hops ends at once',
    rules: ['RTM-ENUM-017', 'RTM-ENUM-030'],
    steps: [...hops, ...client(2), ok(hopEnum(2, 'e')), allHops(2, 'e', 0)],
  },
  {
    ...base,
    id: 'enumeration/next-hops-from-a-prefix',
    title: 'RTM_ENUM_NEXT goes from an address, itself included, to the end of the list',
    rules: ['RTM-ENUM-032'],
    steps: [
      ...hops,
      ok(hopEnum(0, 'e', { flags: RTM_ENUM_NEXT, from: '10.5.0.2/32' })),
      ...delivers('e', ...ascending.slice(1)),
      ok(hopEnum(0, 'absent', { flags: RTM_ENUM_NEXT, from: '10.5.0.3/32' })),
      ...delivers('absent', ...ascending.slice(2)),
    ],
  },
  {
    ...base,
    id: 'enumeration/next-hops-inside-a-prefix',
    title: 'RTM_ENUM_RANGE covers exactly the next hops with an address inside the prefix',
    rules: ['RTM-ENUM-033'],
    steps: [
      ...hops,
      ok(hopEnum(0, 'e', { flags: RTM_ENUM_RANGE, from: '10.5.0.0/16' })),
      ...delivers('e', '10.5.0.2/32', '10.5.0.7/32'),
      ok(hopEnum(0, 'host', { flags: RTM_ENUM_RANGE, from: '10.5.0.7/32' })),
      ...delivers('host', '10.5.0.7/32'),
      ok(hopEnum(0, 'none', { flags: RTM_ENUM_RANGE, from: '10.6.0.0/16' })),
      allHops(0, 'none', 0),
    ],
  },
];
