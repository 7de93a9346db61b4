import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { Program } from '../runtime/types.ts';
import { STRATEGY_NAMES } from './strategies.ts';

const twoByThree: Program = (rt) => {
  const counter = rt.atomic(0, 'counter');
  for (const name of ['a', 'b']) {
    rt.spawn(name, function* () {
      for (let i = 0; i < 3; i += 1) yield* counter.fetchAdd(1);
    });
  }
};

describe('what a result tells of the strategies', () => {
  it('portfolio: every member takes its turn, and PCT knows its bounds', () => {
    const { strategies } = explore(twoByThree, { executions: 20 });
    const size = { threads: 2, steps: 6 };
    // n = 2 and k = 6. ln 0.05 / ln(1 - p) is 214.2 for p = 1/72, 34.4 for 1/12 and 4.3 for 1/2.
    expect(strategies).toEqual([
      { name: 'random', executions: 4, ...size },
      { name: 'pos', executions: 4, ...size },
      { name: 'surw', executions: 3, ...size },
      { name: 'pct', executions: 3, ...size, depth: 3, bound: 1 / 72, cleanRunsFor95: 215 },
      { name: 'pct', executions: 3, ...size, depth: 2, bound: 1 / 12, cleanRunsFor95: 35 },
      { name: 'pct', executions: 3, ...size, depth: 1, bound: 1 / 2, cleanRunsFor95: 5 },
    ]);
  });

  it('portfolio: in a long campaign reads-from feedback takes part, and nobody goes short', () => {
    const { strategies = [], executions } = explore(twoByThree, { executions: 7_000 });
    expect(strategies.map(({ name }) => name)).toEqual([
      ...['random', 'pos', 'surw', 'pct', 'pct', 'pct'],
      'rff',
    ]);
    expect(executions).toBe(7_000);
    for (const member of strategies)
      expect(member.executions).toBeGreaterThan(0.98 * (7_000 / 7 / 2));
    // What each adds to the counter reads from can come in 20 ways, which have soon been seen; what is left
    // is an even share for everybody.
    for (const member of strategies) expect(member.executions).toBeGreaterThan(850);
  });

  it('portfolio: whose executions show something new have more of them', () => {
    // Without preemptions there are two executions; at random they are nearly all different.
    const long: Program = (rt) => {
      const counter = rt.atomic(0, 'counter');
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          for (let i = 0; i < 14; i += 1) yield* counter.fetchAdd(1);
        });
      }
    };
    const { strategies = [] } = explore(long, { executions: 7_000 });
    const [random, , , , , pct1] = strategies.map((member) => member.executions);
    expect(pct1).toBeGreaterThan(490);
    expect(pct1).toBeLessThan(600);
    expect(random).toBeGreaterThan(1_000);
  });

  it.each(STRATEGY_NAMES.filter((name) => name !== 'portfolio'))('%s tells of itself', (name) => {
    const { strategies, executions } = explore(twoByThree, { strategy: name, executions: 20 });
    expect(strategies).toHaveLength(1);
    expect(strategies?.[0]).toMatchObject({ name, executions, threads: 2, steps: 6 });
    expect(strategies?.[0]?.bound).toBe(name === 'pct' ? 1 / 72 : undefined);
  });

  it('one clean run is enough where there is nothing to choose', () => {
    const program: Program = (rt) => {
      rt.spawn('only', () => rt.point('step'));
    };
    const { strategies } = explore(program, { strategy: 'pct', depth: 3, executions: 1 });
    expect(strategies?.[0]).toMatchObject({ bound: 1, cleanRunsFor95: 1 });
  });

  it('there is no bound for a program without steps', () => {
    const { strategies } = explore(() => {}, { executions: 6 });
    expect(strategies?.[3]).toEqual({ name: 'pct', executions: 1, threads: 0, steps: 0 });
  });

  it('is plain data, and the same for the same seed', () => {
    const [first, second] = [1, 2].map(() => explore(twoByThree, { seed: 4, executions: 50 }));
    expect(second).toEqual(first);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });
});

it('PCT learns from the first execution of the portfolio, the random walk', () => {
  // With a known length, no execution of PCT of depth 1 preempts: the sixth execution is its first.
  const preemptions: number[] = [];
  const program: Program = (rt) => {
    let order = '';
    for (const name of ['a', 'b', 'c']) {
      rt.spawn(name, function* () {
        for (let i = 0; i < 20; i += 1) {
          yield* rt.point(name);
          order += name;
        }
      });
    }
    rt.finally(() => {
      preemptions.push(order.replaceAll(/(.)\1*/g, '$1').length - 3);
    });
  };
  explore(program, { executions: 12 });
  expect([preemptions[5], preemptions[11]]).toEqual([0, 0]);
  expect(preemptions[0]).toBeGreaterThan(10);
});
