/** Set-up and final checks of programs, and threads that the end does not wait for. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { codeOf, run, untyped } from './misuse.test-support.ts';
import type { Program, Runtime, Task } from './types.ts';

describe('set-up and final checks', () => {
  it('a program that throws fails with an exception, and its threads do not run', () => {
    const result = run((rt) => {
      rt.spawn('T', () => rt.fail('wrong', 'the thread ran'));
      throw new Error('no');
    });
    expect(result.failure).toMatchObject({ kind: 'exception', message: 'Error: no', thread: '' });
  });

  it.each<[string, (rt: Runtime) => void | Task, string]>([
    [
      'an error',
      () => {
        throw new TypeError('late');
      },
      'exception: TypeError: late',
    ],
    ['a failed assertion', (rt: Runtime) => rt.assert(false, 'no'), 'assertion: no'],
    [
      'a task that waits for ever',
      (rt) => rt.event('gate').wait(),
      'deadlock: the final check waits for wait of `gate`',
    ],
    [
      'a task that uses everything',
      function* (rt) {
        const [cell, mutex, lock] = [rt.cell(1), rt.mutex(), rt.rwLock()];
        yield* mutex.lock();
        yield* mutex.unlock();
        yield* lock.lockRead();
        yield* lock.unlockRead();
        yield* lock.lockWrite();
        yield* lock.unlockWrite();
        yield* rt.yieldNow();
        yield* rt.sleep(25);
        yield* cell.write(2);
        rt.fail('seen', `${yield* cell.read()} at ${rt.now()}`);
      },
      'seen: 2 at 25',
    ],
  ])('%s', (_, check, expected) => {
    const { failure } = run((rt) => {
      rt.spawn('T', () => rt.point('x'));
      rt.finally(() => check(rt));
    });
    expect(`${failure?.kind}: ${failure?.message}`).toBe(expected);
  });

  it('a thread spawned at the very end is refused', () => {
    const program: Program = (rt) => {
      rt.finally(() => void rt.spawn('late', () => rt.point('x')));
    };
    expect(codeOf(() => run(program))).toBe('outside-thread');
  });

  it('a bare yield in a final check is refused', () => {
    const program: Program = (rt) => {
      rt.finally(function* () {
        yield untyped(5);
      });
    };
    expect(codeOf(() => run(program))).toBe('foreign-step');
  });

  it('checks run in order, and not after the first that fails', () => {
    const seen: string[] = [];
    const result = explore(
      (rt) => {
        rt.finally(() => void seen.push('first'));
        rt.finally(() => rt.fail('second', 'no'));
        rt.finally(() => void seen.push('third'));
      },
      { executions: 1 },
    );
    expect(result.failure?.kind).toBe('second');
    expect(new Set(seen)).toEqual(new Set(['first']));
  });

  it('daemons may wait for ever, but do not outlive the others', () => {
    const result = explore(
      (rt) => {
        const served = rt.atomic(0);
        const requests = rt.semaphore(0);
        rt.spawn(
          'server',
          function* () {
            for (;;) {
              yield* requests.acquire();
              yield* served.fetchAdd(1);
            }
          },
          { daemon: true },
        );
        rt.spawn('client', function* () {
          yield* requests.release();
          yield* served.waitUntil((count) => count === 1);
        });
        rt.finally(() => rt.assert(served.value === 1, 'the request is served'));
      },
      { strategy: 'dfs' },
    );
    expect(result).toMatchObject({ failures: 0, complete: true });
  });
});
