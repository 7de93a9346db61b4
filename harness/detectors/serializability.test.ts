/** The verdict on declared operations against the definition, on all executions of random programs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runExecution } from '../exploration/run.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program, Task } from '../runtime/types.ts';
import { createStrategy } from '../scheduling/strategies.ts';
import { canonicalTrace, isSerializable, type ObservedStep } from './serializability.ts';

type Action =
  | { readonly kind: 'load' | 'add' | 'swap' | 'read' | 'write'; readonly on: number }
  | { readonly kind: 'lock' | 'unlock' };

/** What each thread does: operations, each declared or not, of one or several actions. */
interface SmallProgram {
  readonly threads: readonly (readonly {
    readonly declared: boolean;
    readonly actions: readonly Action[];
  }[])[];
}

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('load', 'add', 'swap', 'read', 'write'),
      on: fc.nat({ max: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('lock', 'unlock') }) },
) as fc.Arbitrary<Action>;

const smallProgram: fc.Arbitrary<SmallProgram> = fc
  .record({
    threads: fc.array(
      fc.array(
        fc.record({
          declared: fc.nat({ max: 3 }).map((draw) => draw > 0),
          actions: fc.array(action, { minLength: 2, maxLength: 3 }),
        }),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
      { minLength: 2, maxLength: 3 },
    ),
  })
  .filter(({ threads }) => threads.flat().flatMap(({ actions }) => actions).length <= 7);

/** Writes down each step in `steps` as it is taken. An unlock of what is not held is left out. */
function toProgram({ threads }: SmallProgram, steps: ObservedStep[]): Program {
  return (rt) => {
    steps.length = 0;
    let operations = 0;
    const atomics = [rt.atomic(0), rt.atomic(0)] as const;
    const cells = [rt.cell(0), rt.cell(0)] as const;
    const mutex = rt.mutex();
    for (const [thread, parts] of threads.entries()) {
      let holds = false;
      function* perform(one: Action, operation: number): Task {
        const add = (object: string, writes: boolean): void => {
          steps.push({ thread, operation, object, writes });
        };
        if (!('on' in one)) {
          if (one.kind === 'lock' ? holds : !holds) return;
          yield* mutex[one.kind]();
          holds = one.kind === 'lock';
          return add('mutex', true);
        }
        const atomic = one.on === 0 ? atomics[0] : atomics[1];
        const cell = one.on === 0 ? cells[0] : cells[1];
        if (one.kind === 'load') yield* atomic.load();
        else if (one.kind === 'add') yield* atomic.fetchAdd(1);
        else if (one.kind === 'read') yield* cell.read();
        else if (one.kind === 'write') yield* cell.write(1);
        else return add(`atomic ${one.on}`, (yield* atomic.compareExchange(0, 5)) === 0);
        const kind = one.kind === 'load' || one.kind === 'add' ? 'atomic' : 'cell';
        add(`${kind} ${one.on}`, one.kind === 'add' || one.kind === 'write');
      }
      function* part(actions: readonly Action[], declared: boolean): Task {
        const operation = operations++;
        for (const one of actions) yield* perform(one, declared ? operation : operations++);
      }
      rt.spawn(`T${thread}`, function* () {
        for (const { declared, actions } of parts) {
          if (declared) yield* rt.atomically('part', () => part(actions, true));
          else yield* part(actions, false);
        }
      });
    }
  };
}

/** By trace: whether some execution of it was found to violate atomicity. Runs all that the strategy does. */
function verdicts(small: SmallProgram, strategy: 'dfs' | 'optimal-dpor'): Map<string, boolean>[] {
  const steps: ObservedStep[] = [];
  const program = toProgram(small, steps);
  const engine = new Engine({
    races: false,
    deadlock: true,
    leaks: true,
    atomicity: true,
    stopAtRace: false,
  });
  const rt = createRuntime(engine);
  const search = createStrategy({ strategy });
  const limits = { maxSteps: 100, fairSteps: 100, livelock: true };
  const found = new Map<string, boolean>();
  const defined = new Map<string, boolean>();
  while (search.begin()) {
    runExecution({ engine, rt, program, strategy: search, limits });
    search.end(engine);
    const trace = canonicalTrace(steps);
    const isViolated = engine.fault?.kind === 'atomicity';
    expect(found.get(trace) ?? isViolated).toBe(isViolated);
    found.set(trace, isViolated);
    if (!defined.has(trace)) defined.set(trace, !isSerializable(steps));
  }
  return [found, defined];
}

describe('random programs', () => {
  it('are judged as by the definition, in every execution, and alike with and without reduction', () => {
    const seen = { serializable: 0, not: 0 };
    fc.assert(
      fc.property(smallProgram, (small) => {
        const [found, defined] = verdicts(small, 'dfs');
        expect(found).toEqual(defined);
        const [reduced] = verdicts(small, 'optimal-dpor');
        expect(reduced).toEqual(found);
        for (const isViolated of found?.values() ?? [])
          seen[isViolated ? 'not' : 'serializable'] += 1;
      }),
      { numRuns: 200, seed: 3 },
    );
    expect(Math.min(seen.serializable, seen.not)).toBeGreaterThan(50);
  });
});
