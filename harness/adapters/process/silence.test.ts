/** When an adapter that says nothing is to blame, and when it is not. */
import { describe, expect, test } from 'vitest';
import { callback, linkTo, NEVER, OP, point, type Said } from './fake-adapter.test-support.ts';

describe('silence', () => {
  test('is counted from the last message of the session', async () => {
    const opMs = 1_000;
    let say: (...said: Said[]) => void = () => {};
    let asked = 0;
    const link = linkTo(
      ({ id }, speak) => {
        asked = id;
        say = speak;
      },
      { opMs },
    );
    link.listen('s1', NEVER);
    await link.request('session.open', { session: 's1', mode: 'points' });
    const call = link.request('op', OP);
    for (let turn = 0; turn < 8; turn += 1) {
      await pause(150);
      say(point());
      await pause(0);
      link.notify('resume', { session: 's1', lane: 0 });
    }
    say({ id: asked, result: { status: 0 } });
    expect(await call).toEqual({ status: 0 });
  });

  test('is not held against who waits for the runner', async () => {
    const opMs = 50;
    const link = linkTo((_, say) => say(callback(1)), { opMs });
    let answer: (result: unknown) => void = () => {};
    const asked = new Promise<void>((resolve) => {
      link.listen('s1', {
        ...NEVER,
        request: () => {
          resolve();
          return new Promise((answered) => {
            answer = answered as (result: unknown) => void;
          });
        },
      });
    });
    await link.request('session.open', { session: 's1', mode: 'free' });
    const call = link.request('op', OP).catch((error: unknown) => error);
    await asked;
    await pause(4 * opMs);
    expect(await link.request('ping', {})).toEqual({});
    answer({ status: 0 });
    // Now it is the adapter's turn, and it says nothing.
    expect(await call).toMatchObject({ kind: 'timeout', message: /'op RtmRegisterEntity'/ });
  });

  test('of a runner that could not run itself is pardoned', async () => {
    const opMs = 300;
    const link = linkTo(({ id }, say) => setTimeout(() => say({ id, result: { status: 0 } }), 50), {
      opMs,
    });
    await link.request('session.open', { session: 's1', mode: 'free' });
    const call = link.request('op', OP);
    const until = performance.now() + 3 * opMs;
    while (performance.now() < until);
    expect(await call).toEqual({ status: 0 });
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
