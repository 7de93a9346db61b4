import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { replay } from '../exploration/replay.ts';
import type { TraceStep } from '../exploration/types.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { minimize } from './minimize.ts';

/** The critical steps of the smallest failure, as "thread operation object". */
function criticalOf(program: Program): string[] {
  const { failure } = explore(program, { strategy: 'random', seed: 1 });
  if (failure === undefined) throw new Error('the program was to fail');
  const minimal = minimize(program, failure);
  expect(replay(program, minimal.token).trace).toEqual(minimal.trace);
  expect(failure.trace.entries.filter((entry) => 'critical' in entry)).toEqual([]);
  return minimal.trace.entries
    .filter((entry): entry is TraceStep => entry.kind === 'step' && entry.critical === true)
    .map(({ thread, operation, object }) =>
      [minimal.trace.threads[thread], operation, object].join(' '),
    );
}

describe('the critical switch', () => {
  it('is the preemption without which nothing is lost', () => {
    const program: Program = (rt: Runtime) => {
      const count = rt.atomic(0, 'count');
      for (const name of ['A', 'B']) {
        rt.spawn(name, function* () {
          const before = yield* count.load();
          yield* count.store(before + 1);
        });
      }
      rt.finally(() => rt.assert(count.value === 2, 'both are counted'));
    };
    expect(criticalOf(program)).toEqual(['B load count']);
  });

  it('of several that are needed is the last to touch what failed', () => {
    // B has to come in at the gate, and C between the two steps on `data`.
    const program: Program = (rt: Runtime) => {
      const [gate, data, aside] = [
        rt.atomic(0, 'gate'),
        rt.atomic(0, 'data'),
        rt.atomic(0, 'aside'),
      ];
      rt.spawn('A', function* () {
        yield* gate.store(1);
        yield* gate.store(2);
        const before = yield* data.load();
        const open = yield* aside.load();
        const after = yield* data.load();
        rt.assert(before === after || open === 0, 'data stays');
      });
      rt.spawn('B', function* () {
        if ((yield* gate.load()) === 1) yield* aside.store(1);
      });
      rt.spawn('C', function* () {
        yield* data.store(1);
      });
    };
    expect(criticalOf(program)).toEqual(['C store data']);
  });

  it('where nobody is preempted is the turn that comes too early', () => {
    const program: Program = (rt: Runtime) => {
      const [x, open] = [rt.atomic(0, 'x'), rt.event('open')];
      rt.spawn('A', function* () {
        yield* open.wait();
        rt.assert((yield* x.load()) === 1, 'x is there');
      });
      rt.spawn('opens', () => open.set());
      rt.spawn('writes', () => x.store(1));
    };
    expect(criticalOf(program)).toEqual(['A wait open']);
  });

  it('is none where no switch is needed', () => {
    const program: Program = (rt: Runtime) => {
      rt.spawn('A', function* () {
        yield* rt.point('here');
        rt.fail('kind', 'message');
      });
      rt.spawn('B', () => rt.point('there'));
    };
    expect(criticalOf(program)).toEqual([]);
  });
});
