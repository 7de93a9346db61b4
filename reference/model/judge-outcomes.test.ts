/** What the model says of a call before it is made: examples, events that become due, and explanations. */
import { expect, test } from 'vitest';
import type { Call, Reply } from './calls.ts';
import {
  deregister,
  getInfo,
  list,
  ok,
  reference,
  register,
  registered,
  release,
  releaseInfo,
  told,
} from './example-calls.ts';
import { a, after, arrive, b, c, list12, receiver, told1 } from './judge.test-support.ts';
import { explain, matches, permitted, step } from './judge.ts';
import { exactKey } from './keys.ts';
import { initialState } from './state.ts';

test('every example that step gives is a reply that matches', () => {
  const states = after(...told1, list12);
  const calls: readonly Call[] = [
    register(c, 103),
    register(b),
    deregister(1),
    deregister(2),
    list(1),
    list(1, 0),
    list(1, 0, { EntityHandles: null, EntityInfos: null }),
    release(1, 12),
    reference(1, 12),
    getInfo(1, 12),
    releaseInfo(1, b),
    told('of arrival', receiver, { handle: 2, info: b }),
  ];
  for (const state of states) {
    for (const call of calls) {
      const outcomes = step(state, call);
      expect(outcomes.length, call.name).toBeGreaterThan(0);
      for (const { status, out, next } of outcomes) {
        const reply: Reply = out === undefined ? { status } : { status, out };
        expect(matches(state, call, reply).map(exactKey)).toContain(exactKey(next));
      }
    }
  }
});

test('an outcome names the events that become due', () => {
  const [state] = after([register(a, 101), registered(1)]);
  const [outcome] = step(state ?? initialState, register(b));
  expect(outcome?.owed).toHaveLength(1);
});

test('an explanation names the rule and what would have been right', () => {
  const [state = initialState] = after(...arrive);
  expect(explain(state, deregister(99), ok)).toBe(
    'RtmDeregisterEntity { RtmRegHandle: 99 } returned NO_ERROR, against RTM-DEREG-004: ' +
      'NO_ERROR is not permitted here. Permitted is:\n' +
      '  ERROR_INVALID_HANDLE: RtmRegHandle never was a registration handle, so the call is ' +
      'refused (RTM-DEREG-004)',
  );
  expect(explain(state, deregister(1), ok)).toContain('which is permitted');
  expect(permitted(state, list(1, 0))).toEqual([
    'ERROR_INSUFFICIENT_BUFFER: room for 0 may be too little, and NumEntities is then what was ' +
      'delivered or what there is (RTM-LIST-006)',
  ]);
});
