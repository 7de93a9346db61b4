import { expect, test } from 'vitest';
import { explore, type Program, type Task, type Thread } from '../index.ts';

test('a chain of ten thousand joins unwinds without recursion', () => {
  const LENGTH = 10_000;
  const ended: string[] = [];
  const program: Program = (rt) => {
    const go = rt.event('go');
    let before: Thread = rt.spawn('0', () => go.wait());
    for (let i = 1; i < LENGTH; i += 1) before = rt.spawn(`${i}`, joining(before));
    rt.spawn('starter', () => go.set());
  };
  function joining(thread: Thread): () => Task {
    return function* () {
      yield* thread.join();
      ended.push(thread.name);
    };
  }
  const { failure, steps } = explore(program, { strategy: 'round-robin', executions: 1 });
  expect(failure).toBeUndefined();
  expect(steps).toBe(2);
  expect(ended).toEqual(Array.from({ length: LENGTH - 1 }, (_, i) => `${i}`));
});

test('those who wait for one end go on in the order of their ids, each with all that waits for it', () => {
  const order: string[] = [];
  const program: Program = (rt) => {
    const go = rt.event('go');
    const root = rt.spawn('root', () => go.wait());
    const first = rt.spawn('first', () => after(root, 'first'));
    rt.spawn('second', () => after(root, 'second'));
    rt.spawn('after first', () => after(first, 'after first'));
    rt.spawn('starter', () => go.set());
  };
  function* after(thread: Thread, name: string): Task {
    yield* thread.join();
    order.push(name);
  }
  explore(program, { strategy: 'round-robin', executions: 1 });
  expect(order).toEqual(['first', 'after first', 'second']);
});
