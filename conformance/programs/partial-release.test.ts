/** What a release that fails leaves behind is neither used again nor counted on. */
import { expect, test } from 'vitest';
import type { Implementation } from '../../harness/adapters/index.ts';
import { explore } from '../../harness/index.ts';
import { anyChoices } from '../false-alarms/tables/any-choices.ts';
import type { Choices } from '../false-alarms/tables/choices.ts';
import { createEager, eager } from '../false-alarms/tables/eager.ts';
import { RandomSource } from '../../harness/index.ts';
import { connectorFor } from '../runner/connect.ts';
import { harnessProgram } from './harness-program.ts';
import type { Action, RtmProgram } from './rtm-program.ts';
import { invoke } from './table-actions.ts';
import { addNextHop } from './table-steps.ts';

const readings = ['all-others', 'none', 'up-to-the-bad-one'] as const;

function eagerWith(withBadOnes: Choices['withBadOnes']): Implementation {
  return {
    ...eager,
    create: (host) => {
      let last = 0;
      const choices = anyChoices(new RandomSource(1), () => (last += 1));
      return createEager({ ...choices, withBadOnes, shadowed: true }, () => host.now());
    },
  };
}

/** Which calls of a program were made, and what is wrong with an implementation by it. */
function runOf(implementation: Implementation, setup: readonly Action[]): readonly unknown[] {
  const program: RtmProgram = { setup, threads: [] };
  const made: string[] = [];
  const judged = harnessProgram(connectorFor(implementation, 'synchronous'), program, {
    profile: 'documented',
    exactReferences: true,
    expect: ({ action, reply }) => {
      if (reply !== undefined) made.push(action.call === 'invoke' ? action.name : action.call);
      return undefined;
    },
  });
  const { failure } = explore(judged.program, { strategy: 'round-robin', executions: 1 });
  return [...made, failure?.message];
}

const register = (slot: number): Action => ({ call: 'register', slot, identity: slot });

test.each(readings)('entity handles, where a bad one means %s', (reading) => {
  const release: Action = { call: 'release', by: 0, handles: [0, 'null'] };
  const setup = [register(0), register(1), { call: 'list', by: 0 } as const, release, release];
  // The second release names nothing but the bad one: of the first handle nobody knows.
  const made = runOf(eagerWith(reading), [...setup, { call: 'info', by: 0, of: 0 }]);
  expect(made.slice(0, 5)).toEqual(['register', 'register', 'list', 'release', 'release']);
  expect(made.at(-1)).toBeUndefined();
});

test.each(readings)('handles of tables, where a bad one means %s', (reading) => {
  const hop = { named: 'hop' } as const;
  const both = invoke('RtmReleaseNextHops', 0, {
    NumNextHops: 2,
    NextHopHandles: [hop, 'made-up'],
  });
  const alone = invoke('RtmReleaseNextHops', 0, { NumNextHops: 1, NextHopHandles: [hop] });
  const info = invoke('RtmGetNextHopInfo', 0, { NextHopHandle: hop });
  const add = addNextHop(0, '10.255.0.1', 'hop');
  expect(runOf(eagerWith(reading), [register(0), add, info, both, alone, info])).toEqual([
    'register',
    'RtmAddNextHop',
    'RtmGetNextHopInfo',
    'RtmReleaseNextHops',
    undefined,
  ]);
});
