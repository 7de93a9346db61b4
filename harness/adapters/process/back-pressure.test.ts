/** An adapter that writes and does not read is not read either, until it does. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { CALLBACK, NEVER, rpc } from './fake-adapter.test-support.ts';
import { Link } from './link.ts';

const ANSWER_BYTES = 1_000_000;
/** Many more than there is room for. */
const CALLS = 60;
const BACKLOG_BYTES_MAX = 20 * 2 ** 20;

test('what an adapter does not read does not pile up', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const link = new Link(
    {
      pid: 0,
      input,
      output,
      ended: new Promise(() => {}),
      lastWords: () => '',
      kill: () => Promise.resolve(),
    },
    { command: [], startMs: 30_000, opMs: 30_000 },
  );
  let answered = 0;
  link.listen('s1', {
    ...NEVER,
    request: () => {
      answered += 1;
      return Promise.resolve({ status: 0, padding: 'x'.repeat(ANSWER_BYTES) } as never);
    },
  });
  link.request('session.open', { session: 's1', mode: 'free' }).catch(() => {});
  for (let call = 0; call < CALLS; call += 1) {
    const params = { ...CALLBACK, lane: -1 - call };
    output.write(`${rpc({ id: call, method: 'event.callback', params })}\n`);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  expect(output.isPaused()).toBe(true);
  expect(input.writableLength).toBeLessThan(BACKLOG_BYTES_MAX);
  expect(answered).toBeGreaterThan(10);
  expect(answered).toBeLessThan(CALLS);
  // It reads again, and nothing is lost.
  input.resume();
  await expect.poll(() => answered, { timeout: 30_000 }).toBe(CALLS);
  await expect.poll(() => output.isPaused(), { timeout: 30_000 }).toBe(false);
  await link.kill();
});
