/** The harness on what has nothing to do with RTM: all interleavings of the correct one, the shortest of the broken one. */
import { readFileSync } from 'node:fs';
import {
  explore,
  exploring,
  InterleavingError,
  minimize,
  type MinimizedFailure,
  type Program,
  programs,
  type QueueCall,
  replay,
} from 'rtm-conformance/harness';
import { expect, test, vi } from 'vitest';
import fc from 'fast-check';
import { boundedBuffer } from './bounded-buffer.ts';
import { queueProgram } from './queue.ts';
import { workStealingDeque } from './work-stealing-deque.ts';

function smallestFailure(program: Program): MinimizedFailure {
  const { failure } = explore(program);
  if (failure === undefined) throw new Error('nothing was found');
  return minimize(program, failure);
}

/** What each thread did, in the order in which it happened: one line for each stretch of a thread. */
function story({ trace }: MinimizedFailure): string[] {
  const lines: string[] = [];
  let last = -1;
  for (const entry of trace.entries) {
    if (entry.thread < 0) continue;
    const text = entry.kind === 'note' ? `(${entry.text})` : `${entry.operation} ${entry.object}`;
    if (entry.thread === last) lines.push(`${lines.pop()}, ${text}`);
    else lines.push(`${trace.threads[entry.thread]}: ${text}`);
    last = entry.thread;
  }
  return lines;
}

test('the bounded buffer never blocks for ever', () => {
  const result = explore(boundedBuffer(), { strategy: 'optimal-dpor' });
  expect(result).toMatchObject({ executions: 56, complete: true, failures: 0 });
});

test('one condition for two reasons to wait loses a wake-up', () => {
  const program = boundedBuffer({ sharesCondition: true });
  const failure = smallestFailure(program);
  expect(failure).toMatchObject({ kind: 'deadlock', minimization: { exhaustive: true } });
  expect(story(failure)).toEqual([
    'first taker: lock lock, read items, wait changed',
    'second taker: lock lock, read items, wait changed',
    'puts apple: lock lock, read items, read items, write items, notify changed, unlock lock',
    'puts pear: lock lock, read items, wait changed',
    'first taker: wake changed, read items, read items, write items, notify changed, unlock lock',
    'second taker: wake changed, read items, wait changed',
  ]);
  expect(replay(program, failure.token).trace).toEqual(failure.trace);
});

test('the deque hands out every item once', () => {
  const result = explore(workStealingDeque(), { strategy: 'dfs', preemptionBound: 3 });
  expect(result).toMatchObject({ executions: 716, complete: true, failures: 0 });
});

test('an owner that does not compete takes what a thief has', () => {
  const program = workStealingDeque({ takesWithoutAsking: true });
  const failure = smallestFailure(program);
  expect(failure).toMatchObject({ kind: 'not-linearizable', minimization: { exhaustive: true } });
  expect(story(failure).slice(-3)).toEqual([
    'thief: load top, load bottom, load slot 0',
    'owner: store bottom, load top, load slot 0, (take → a)',
    'thief: compareExchange top, (steal → a), load top, load bottom, (steal → empty)',
  ]);
  expect(replay(program, failure.token).trace).toEqual(failure.trace);
});

const queueCalls = fc.oneof(
  fc.record({ kind: fc.constant('enqueue' as const), value: fc.integer({ min: 1, max: 9 }) }),
  fc.constant<QueueCall>({ kind: 'dequeue' }),
);
const queuePrograms = programs<QueueCall>(fc, { operations: queueCalls });

test('no program of random calls finds a mistake in the queue', () => {
  fc.assert(
    fc.property(queuePrograms, (plan) => exploring(queueProgram(plan), { executions: 60 })),
    { numRuns: 40 },
  );
});

test('a queue that does not ask whether somebody was faster hands out an item twice', () => {
  const { counterexample, errorInstance } = fc.check(
    fc.property(queuePrograms, (plan) =>
      exploring(queueProgram(plan, { takesWithoutAsking: true })),
    ),
    { seed: 1 },
  );
  // Two that dequeue the same item, and somebody who has put it there.
  const calls = counterexample?.[0].threads.flat().map(({ kind }) => kind);
  expect(calls?.toSorted()).toEqual(['dequeue', 'dequeue', 'enqueue']);
  expect(errorInstance).toBeInstanceOf(InterleavingError);
  const { failure } = errorInstance as InterleavingError;
  expect(failure.kind).toBe('not-linearizable');
  expect(failure.minimization.minimal).toMatchObject({ switches: 'proved', steps: 'proved' });
});

test('lost-update.ts prints what the README says', async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  await import('./lost-update.ts');
  log.mockRestore();
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const printed = lines.map((line) => `${line.trimEnd()}\n`).join('');
  expect(readme).toContain(`\`\`\`text\n${printed}\`\`\``);
});
