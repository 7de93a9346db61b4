import { describe, expect, test } from 'vitest';
import type { Implementation, Rtm } from '../../harness/adapters/index.ts';
import type { Mutex, Task } from '../../harness/index.ts';
import { notesProtocol } from '../../reference/index.ts';
import { connect } from './connect.ts';
import { fixedCheck } from './fixed-check.ts';

const check = fixedCheck({
  id: 'test/warnings',
  title: 'One registers, another one leaves',
  area: 'test',
  level: 'core',
  kind: 'litmus',
  rules: ['RTM-SAFE-001'],
  profiles: ['documented', 'notes'],
  program: {
    setup: [{ call: 'register', slot: 0, identity: 0 }],
    threads: [[{ call: 'register', slot: 1, identity: 1 }], [{ call: 'deregister', by: 0 }]],
  },
  lens: {},
  // Whoever has begun goes on to the end: the deadlock itself is never met.
  explore: { strategy: 'dfs', preemptionBound: 0 },
});

describe('a warning is a remark on the check', () => {
  test('locks taken in circular orders', async () => {
    const outcome = await outcomeFor(['A', 'B'], ['B', 'A']);
    expect(outcome.status).toBe('pass');
    expect(outcome.remarks).toEqual([expect.stringMatching(/^warning, lock-order: .*A.*B/)]);
  });

  test('none where the order is one', async () => {
    const outcome = await outcomeFor(['A', 'B'], ['A', 'B']);
    expect(outcome.status).toBe('pass');
    expect(outcome.remarks).toBeUndefined();
  });
});

type Name = 'A' | 'B';
type Pair = readonly [Name, Name];

async function outcomeFor(
  toRegister: Pair,
  toLeave: Pair,
): Promise<Awaited<ReturnType<typeof check.run>>> {
  const subject = await connect(lockingInOrder(toRegister, toLeave), { adapter: 'test' });
  return check.run(subject, { seed: 1, effort: 1, interrupted: () => false });
}

/** A correct implementation that registers and deregisters under two locks of its own. */
function lockingInOrder(toRegister: Pair, toLeave: Pair): Implementation {
  return {
    ...notesProtocol,
    create(host) {
      const rtm = notesProtocol.create(host) as Rtm;
      const locks = { A: host.rt.mutex('A'), B: host.rt.mutex('B') };
      const both = (names: Pair): Mutex[] => names.map((name) => locks[name]);
      const under = <T>(names: Pair, result: unknown): Task<T> =>
        locked(both(names), result as Task<T>);
      const locking: Partial<Rtm> = {
        RtmRegisterEntity: (thread, args) => under(toRegister, rtm.RtmRegisterEntity(thread, args)),
        RtmDeregisterEntity: (thread, args) =>
          under(toLeave, rtm.RtmDeregisterEntity(thread, args)),
      };
      return Object.assign(Object.create(rtm) as Rtm, locking);
    },
  };
}

function* locked<T>(locks: readonly Mutex[], task: Task<T>): Task<T> {
  for (const lock of locks) yield* lock.lock();
  const result = yield* task;
  for (const lock of locks.toReversed()) yield* lock.unlock();
  return result;
}
