import { expect, it } from 'vitest';
import { minimize } from '../shrinking/minimize.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { explore } from './explore.ts';
import { traceText } from './trace-text.ts';

const lostUpdate: Program = (rt: Runtime) => {
  const count = rt.atomic(0, 'count');
  for (const name of ['first', 'B']) {
    rt.spawn(name, function* () {
      const before = yield* count.load();
      rt.note(() => `has seen ${before}`);
      yield* count.store(before + 1);
    });
  }
  rt.finally(() => {
    rt.note('the end');
    rt.assert(count.value === 2, 'both are counted');
  });
};

it('says who does what, and marks the switches that count', () => {
  const { failure } = explore(lostUpdate);
  if (failure === undefined) throw new Error('the program was to fail');
  expect(traceText(minimize(lostUpdate, failure).trace).split('\n')).toEqual([
    '    first  load count   = 0',
    '    first  (has seen 0)',
    ' »! B      load count   = 0',
    '    B      (has seen 0)',
    '    B      store count  0 → 1',
    '    first  store count  1 → 1',
    '           (the end)',
    '',
    '» preempts the thread above · ! makes the failure',
  ]);
});

it('is nothing of nothing, and has no legend where there is nothing to explain', () => {
  expect(traceText({ threads: [], entries: [] })).toBe('');
  const alone: Program = (rt: Runtime) => {
    rt.spawn('T', function* () {
      yield* rt.yieldNow();
      rt.fail('kind', 'message');
    });
  };
  const { failure } = explore(alone);
  expect(failure && traceText(failure.trace)).toBe('    T  yieldNow');
});
