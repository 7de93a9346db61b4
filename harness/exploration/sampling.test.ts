import { expect, it } from 'vitest';
import { drive, type Failure, type Runtime, sampling } from '../index.ts';

it('runs nothing a second time, and has the trace of what failed all the same', () => {
  let executions = 0;
  const seen: Failure[] = [];
  const sample = drive(
    sampling(
      (rt: Runtime) => {
        executions += 1;
        const number = executions;
        rt.spawn('T', function* () {
          yield* rt.point(`execution ${number}`);
          // No schedule decides this.
          rt.assert(number % 3 !== 0, `number ${number}`);
        });
      },
      { executions: 7, seed: 1, failed: (failure) => seen.push(failure) < 5 },
    ),
  );
  expect(sample).toMatchObject({ executions: 7, failures: 2, interleavings: 1 });
  expect(executions).toBe(7);
  expect(sample.failure?.message).toBe('number 3');
  expect(sample.failure?.trace.entries).toMatchObject([{ detail: 'execution 3' }]);
  expect(seen).toHaveLength(2);
});

it('stops when a failure is enough', () => {
  const sample = drive(
    sampling(
      (rt: Runtime) => {
        rt.spawn('T', function* () {
          yield* rt.point('only');
          rt.fail('timeout', 'over');
        });
      },
      { executions: 50, failed: () => false },
    ),
  );
  expect(sample).toMatchObject({ executions: 1, failures: 1, failure: { kind: 'timeout' } });
});
