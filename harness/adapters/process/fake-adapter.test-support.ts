/** An adapter in memory that behaves as a test tells it to. */
import { PassThrough } from 'node:stream';
import type { Child } from './child.ts';
import { Link } from './link.ts';
import type { SessionListener, StartOptions } from './types.ts';

/** Whole messages or, where they are to be wrong, whole lines. */
export type Said = string | Readonly<Record<string, unknown>>;

interface Asked {
  readonly id: number;
  /** Absent from answers. */
  readonly method?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type Behaviour = (asked: Asked, say: (...said: Said[]) => void) => void;

const OPTIONS: StartOptions = { command: [], startMs: 30_000, opMs: 30_000 };
export const NEVER: SessionListener = {
  request: () => new Promise(() => {}),
  notification: () => {},
};
export const OP = { session: 's1', lane: 0, id: 5, name: 'RtmRegisterEntity', args: {} };
export const CALLBACK = {
  session: 's1',
  lane: 0,
  callback: 1,
  RtmRegHandle: 'entity:1#1',
  EventType: 0,
  Context1: 'entity:2#1',
};

/** An adapter that answers everything but one method with {}, and behaves as told at that. */
export function linkTo(
  behave: Behaviour,
  options: Partial<StartOptions> = {},
  method = 'op',
): Link {
  const input = new PassThrough();
  const output = new PassThrough();
  const say = (...said: Said[]) => {
    for (const line of said) {
      output.write(`${typeof line === 'string' ? line : rpc(line)}\n`);
    }
  };
  input.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().trim().split('\n')) {
      const asked = JSON.parse(line) as Asked;
      if (asked.method === method) behave(asked, say);
      else if (asked.method !== undefined && asked.id !== undefined)
        say({ id: asked.id, result: {} });
    }
  });
  const child: Child = {
    pid: 0,
    input,
    output,
    ended: new Promise(() => {}),
    lastWords: () => '',
    kill: () => Promise.resolve(),
  };
  return new Link(child, { ...OPTIONS, ...options });
}

export function rpc(message: object): string {
  return JSON.stringify({ jsonrpc: '2.0', ...message });
}

export async function opened(behave: Behaviour, mode: 'free' | 'points' = 'free'): Promise<Link> {
  const link = linkTo(behave);
  link.listen('s1', NEVER);
  await link.request('session.open', { session: 's1', mode });
  return link;
}

export function callback(id: unknown, changes: object = {}): Said {
  return { id, method: 'event.callback', params: { ...CALLBACK, ...changes } };
}

export function point(changes: object = {}): Said {
  return { method: 'point', params: { session: 's1', lane: 0, label: 'lock', ...changes } };
}
