import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startAdapter } from './adapter-process.ts';
import type { AdapterLink, Channel, StartOptions } from './types.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));

/** Limits that only what hangs comes up against. */
const PATIENCE = { startMs: 30_000, opMs: 30_000 } as const;

function start(args: readonly string[], options: Partial<StartOptions> = {}): Promise<AdapterLink> {
  const [fixture = '', ...rest] = args;
  const command = [process.execPath, `${FIXTURES}${fixture}`, ...rest];
  return startAdapter({ command, ...PATIENCE, ...options });
}

describe('an adapter that keeps to the protocol', () => {
  test.each<Channel>(['stdio', 'fd3'])('is started, asked and ended over %s', async (channel) => {
    const link = await start(['good.mjs', channel], { channel });
    expect(link.description.implementation.name).toBe('small-rtm');
    await link.request('session.open', { session: 's1', mode: 'sequential' });
    const args = { RtmRegHandle: 'entity:1#1' };
    const op = { session: 's1', lane: 0, id: 1, name: 'RtmDeregisterEntity', args };
    expect(await link.request('op', op)).toEqual({ status: 6 });
    expect(await link.request('session.close', { session: 's1' })).toEqual({});
    await link.close();
    const fault = await link.ended;
    expect(fault.kind).toBe('closed');
    await expect(link.request('ping', {})).rejects.toBe(fault);
  });
});
