/** Groups of actions that register, list, describe and leave, so that tables see clients come and go. */
import fc from 'fast-check';
import type { Action, HandleRef } from '../programs/rtm-program.ts';
import { drain } from '../programs/table-drain.ts';
import { type Family, type Group, slot as anySlot, SLOTS } from './table-values.ts';

/** Registers the client of a slot, with an identity that is the slot's own. */
export function client(slot: number, { table }: Family): fc.Arbitrary<Action> {
  return fc.record(
    {
      call: fc.constant('register' as const),
      slot: fc.constant(slot),
      identity: fc.constant(slot),
      table: fc.constant(table),
      script: fc.constant([]),
      onChange: fc.constant([
        drain('self', 'RtmGetChangedDests', 'subject', { room: 1, release: 'filled' }),
      ]),
      methods: fc.constantFrom([{ id: 1 }], [{ id: 1 }, { id: 2 }]),
      opaque: fc.constant(true as const),
      expiryAnswer: fc.constant(50),
    },
    { requiredKeys: ['call', 'slot', 'identity', 'table'] },
  );
}

export function entityGroups(family: Family): readonly Group[] {
  const registered = fc.oneof(...Array.from({ length: SLOTS }, (_, slot) => client(slot, family)));
  return [
    // There is one already, or there is no description.
    registered.map((action) => [action]),
    registered.map((action) => [{ ...action, noInfo: true } as Action]),
    fc
      .record({ slot: anySlot, tidy: fc.boolean() })
      .chain(({ slot, tidy }) =>
        client(slot, family).map((again) => [
          { call: 'deregister', by: slot, ...(tidy ? { tidy } : {}) } as const,
          again,
        ]),
      ),
    ...handleGroups(),
  ];
}

/** Entity handles and what they tell, asked for by clients and by nobody. */
function handleGroups(): readonly Group[] {
  const of = fc.constantFrom<HandleRef>(0, 1, 'null', 'made-up');
  const described = fc.record({ by: anySlot, of }).map(({ by, of: entity }): readonly Action[] => [
    { call: 'list', by },
    { call: 'info', by, of: entity },
    { call: 'releaseInfo', by: 'made-up', from: by, info: 0 },
    { call: 'releaseInfo', by, info: 0 },
  ]);
  const counted = fc.record({ by: anySlot, of }).map(({ by, of: entity }): readonly Action[] => [
    { call: 'list', by },
    { call: 'reference', by, handles: [entity] },
    { call: 'release', by, handles: [entity] },
  ]);
  // With too little room nobody knows whether the handles delivered are counted: none are asked for.
  const cut = anySlot.map((by): readonly Action[] => [
    { call: 'list', by, capacity: 0, handles: false },
  ]);
  const nobody = fc
    .constantFrom('null' as const, 'made-up' as const)
    .map((by): readonly Action[] => [
      { call: 'list', by },
      { call: 'deregister', by },
    ]);
  return [described, counted, cut, nobody];
}
