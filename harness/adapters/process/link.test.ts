/** What an adapter may say and what it may not, over streams in memory. */
import { describe, expect, test } from 'vitest';
import {
  CALLBACK,
  callback,
  linkTo,
  NEVER,
  OP,
  opened,
  point,
  rpc,
  type Said,
} from './fake-adapter.test-support.ts';
import { AdapterFault } from './fault.ts';
import { SESSION_CLOSED } from './types.ts';

/** What the adapter says when it is asked for op 5 by the request `id`. */
const VIOLATIONS: readonly (readonly [string, (id: number) => Said[], RegExp])[] = [
  ['an empty line', () => [''], /is not JSON: $/],
  ['a number', () => ['42'], /is no JSON object: 42/],
  ['a batch', (id) => [`[${rpc({ id, result: {} })}]`], /is a batch/],
  ['no version', (id) => [`{"id":${id},"result":{}}`], /lacks `jsonrpc`/],
  ['nothing at all', () => [{}], /has neither `method` nor exactly one of/],
  ['both result and error', (id) => [{ id, result: {}, error: {} }], /has neither/],
  ['an answer that is a call', (id) => [{ id, method: 'log', result: {} }], /both a request and/],
  ['the id of nobody', () => [{ id: 99, result: {} }], /request 99, which was never made/],
  ['a text for an id', (id) => [{ id: `${id}`, result: {} }], /no number of a request/],
  ['a parse error', () => [{ id: null, error: { code: -32700, message: '?' } }], /made no sense/],
  ['an error of no code', (id) => [{ id, error: 'no' }], /lacks an integer `code`/],
  [
    'a status in words',
    (id) => [{ id, result: { status: 'OK' } }],
    /`result.status` must be integer/,
  ],
  ['a status below 0', (id) => [{ id, result: { status: -1 } }], /`result.status` must be >= 0/],
  ['no outcome', (id) => [{ id, result: {} }], /must have one of 'status'/],
  ['two outcomes', (id) => [{ id, result: { status: 0, errored: '' } }], /must have one of/],
  ['null', (id) => [{ id, result: null }], /`result` must/],
  [
    'OUT parameters in a list',
    (id) => [{ id, result: { status: 0, out: [] } }],
    /`result.out` must/,
  ],
  [
    'two answers',
    (id) => [
      { id, result: { status: 0 } },
      { id, result: { status: 0 } },
    ],
    /awaits no answer any more/,
  ],
  ['a method of the runner', () => [{ id: 1, method: 'op', params: OP }], /'op', which an adapter/],
  ['an unknown method', () => [{ method: 'rtm.sing' }], /'rtm.sing', which an adapter cannot/],
  ['a method of no name', () => [{ method: 7 }], /`method` that is no string/],
  ['a log with an id', () => [{ id: 1, method: 'log', params: { message: '' } }], /gets no answer/],
  ['a log of nothing', () => [{ method: 'log' }], /`params` must be object/],
  [
    'a callback without an id',
    () => [{ method: 'event.callback', params: CALLBACK }],
    /lacks an `id`/,
  ],
  [
    'a callback with half an id',
    () => [{ id: 1.5, method: 'event.callback', params: CALLBACK }],
    /neither a string nor an integer/,
  ],
  [
    'two callbacks with one id',
    () => [callback(1, { lane: -1 }), callback(1)],
    /the id 1 of another request/,
  ],
  ['a callback in no session', () => [callback(1, { session: 's2' })], /'s2', which is not open/],
  ['a callback on an idle lane', () => [callback(1, { lane: 3 })], /lane 3, which runs no call/],
  ['a callback in a callback', () => [callback(1), callback(2)], /lane 0, which runs no call/],
  ['a handle that is a number', () => [callback(1, { RtmRegHandle: 42 })], /RtmRegHandle` must be/],
  ['an event of no type', () => [callback(1, { EventType: 'x' })], /EventType` must be integer/],
  [
    'an answer before the callback has returned',
    (id) => [callback(1), { id, result: { status: 0 } }],
    /answers op 5 while something inside it is unfinished/,
  ],
  ['a point in a session without', () => [point()], /session of mode 'free'/],
  ['a context that is no handle', () => [callback(1, { Context1: {} })], /Context1` must be/],
  [
    'a number for a handle',
    (id) => [{ id, result: { status: 0, out: { RtmRegHandle: 42 } } }],
    /answers 'op': gives 42 for the handle `RtmRegHandle`/,
  ],
];

const VIOLATIONS_AT_POINTS: readonly (readonly [string, (id: number) => Said[], RegExp])[] = [
  ['two points without a resume', () => [point(), point()], /goes on from a point on lane 0/],
  ['a point of an idle lane', () => [point({ lane: 1 })], /a point on lane 1, which runs no call/],
  ['an answer at a point', (id) => [point(), { id, result: { status: 0 } }], /stands at a point/],
  ['a callback at a point', () => [point(), callback(1)], /callback while lane 0 stands at/],
  ['a point in a callback', () => [callback(1), point()], /a point on lane 0, which runs no call/],
];

describe('the protocol does not know', () => {
  test.each(VIOLATIONS)('%s', async (_, said, message) => {
    const link = await opened(({ id }, say) => say(...said(id)));
    const answer = link.request('op', OP).catch((error: unknown) => error);
    const fault = await link.ended;
    expect(fault).toMatchObject({ kind: 'protocol', message });
    expect(fault.details.line).toBeDefined();
    // Of two answers the first one counts.
    expect([fault, { status: 0 }]).toContainEqual(await answer);
  });

  test.each(VIOLATIONS_AT_POINTS)('%s', async (_, said, message) => {
    const link = await opened(({ id }, say) => say(...said(id)), 'points');
    link.request('op', OP).catch(() => {});
    expect(await link.ended).toMatchObject({ kind: 'protocol', message });
  });

  test('lines after the one that broke it', async () => {
    const link = await opened(({ id }, say) => say('garbage', { id, result: { status: 0 } }));
    await expect(link.request('op', OP)).rejects.toMatchObject({ kind: 'protocol' });
  });

  test('more than a shortened line when it complains', async () => {
    const link = await opened((_, say) => say(`\u0007${'x'.repeat(5000)}`));
    link.request('op', OP).catch(() => {});
    const { message } = await link.ended;
    expect(message).toMatch(/: \\x07x{199}… \(5001 characters\)$/);
  });
});

describe('the protocol lets pass', () => {
  test('answers in any order', async () => {
    const asked: number[] = [];
    const link = await opened(({ id }, say) => {
      asked.push(id);
      if (asked.length < 3) return;
      for (const one of asked.toReversed()) say({ id: one, result: { status: one } });
    });
    const answers = [0, 1, 2].map((lane) => link.request('op', { ...OP, lane, id: lane }));
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).toEqual(asked);
  });

  test('what it does not know of, and notices of the protocol itself', async () => {
    const link = await opened(({ id }, say) => {
      say(
        { method: '$/progress', params: [] },
        { method: 'log', params: { message: 'hm', at: 1 } },
      );
      say({ id, result: { status: 0, comment: 'fine' } });
    });
    expect(await link.request('op', OP)).toMatchObject({ status: 0 });
  });

  test('refusals', async () => {
    const link = await opened(({ id }, say) => say({ id, error: { code: -32603, message: 'no' } }));
    const refusal = { name: 'AdapterRefusal', method: 'op', code: -32603, message: 'no' };
    await expect(link.request('op', OP)).rejects.toMatchObject(refusal);
    expect(await link.request('ping', {})).toEqual({});
  });

  test('callbacks on lanes of its own, and calls inside them', async () => {
    const said: unknown[] = [];
    const link = await opened(({ id, params }, say) => {
      if (params['lane'] === 0) say(callback('b1', { lane: -1 }));
      say({ id, result: { status: 0 } });
    });
    const returned = new Promise<void>((resolve) => {
      link.listen('s1', {
        ...NEVER,
        request: async (method, { lane }) => {
          said.push(method, lane, await link.request('op', { ...OP, lane, id: 6 }));
          resolve();
          return { status: 0 } as never;
        },
      });
    });
    expect(await link.request('op', OP)).toEqual({ status: 0 });
    await returned;
    expect(said).toEqual(['event.callback', -1, { status: 0 }]);
  });

  test('calls inside callbacks, to any depth', async () => {
    const depthMax = 20;
    let theirs = 0;
    const owed: number[] = [];
    const link = await opened(({ id, params }, say) => {
      if (params['id'] === depthMax) {
        say({ id, result: { status: depthMax } });
        return;
      }
      owed.push(id);
      say(callback((theirs += 1)));
    });
    link.listen('s1', {
      ...NEVER,
      request: async () => {
        const inner = await link.request('op', { ...OP, id: theirs });
        return { status: inner.status } as never;
      },
    });
    void link.request('op', { ...OP, id: 0 });
    // The innermost call has been answered; nobody returns from the callbacks here.
    await expect.poll(() => owed.length).toBe(depthMax);
    expect(await link.request('ping', {})).toEqual({});
  });
});

describe('a program', () => {
  const op = { id: 7, name: 'RtmGetEnumRoutes', args: {} };
  const PROGRAM = {
    session: 's1',
    lanes: [
      { lane: 0, ops: [op] },
      { lane: 1, ops: [{ ...op, id: 8 }] },
    ],
    schedule: { kind: 'free', seed: 1 },
  } as const;
  const returned = { kind: 'return', lane: 0, id: 7, t: 1, status: 0 };

  /** An adapter that answers a program with what it is told. */
  async function ran(history: unknown, before: readonly Said[] = []): Promise<unknown> {
    const link = linkTo(
      ({ id }, say) => say(...before, { id, result: { history } }),
      {},
      'program.run',
    );
    link.listen('s1', { ...NEVER, request: () => Promise.resolve({ status: 0 } as never) });
    await link.request('session.open', { session: 's1', mode: 'free' });
    return link.request('program.run', PROGRAM).catch((error: unknown) => error);
  }

  test('ends in a history', async () => {
    const history = [{ kind: 'invoke', lane: 0, id: 7, t: 0 }, returned];
    expect(await ran(history)).toEqual({ history });
  });

  test('does not end while one of its lanes is in a callback', async () => {
    const fault = await ran([], [callback(1, { lane: 1 })]);
    expect(fault).toMatchObject({ message: /answers the program while something inside it/ });
  });

  test.each([
    [[{ ...returned, t: 'now' }], /history.0.t` must be integer/],
    [[{ ...returned, kind: 'crash' }], /history.0.kind` must be equal to .*: invoke, return/],
    [
      [{ ...returned, out: { RouteHandles: ['r', 5] } }],
      /gives 5 for the handle `RouteHandles\[\]`/,
    ],
    ['none', /result.history` must be array/],
  ])('does not end in %j', async (history, message) => {
    expect(await ran(history)).toMatchObject({ kind: 'protocol', message });
  });
});

describe('sessions', () => {
  test('end with their calls refused, and nothing is said of them any more', async () => {
    const link = await opened(() => {});
    const call = link.request('op', OP);
    const refused = expect(call).rejects.toMatchObject({ code: SESSION_CLOSED });
    await link.request('session.close', { session: 's1' });
    await refused;
    expect(await link.request('ping', {})).toEqual({});
  });

  test('are answered with an error while nobody listens', async () => {
    const answers: string[] = [];
    const link = linkTo(({ id }, say) => say(callback('c1'), { id, result: { status: 0 } }), {
      transcript: (direction, line) => {
        if (direction === 'to-adapter') answers.push(line);
      },
    });
    await link.request('session.open', { session: 's1', mode: 'free' });
    expect(await link.request('op', OP)).toEqual({ status: 0 });
    expect(answers.at(-1)).toMatch(/"id":"c1","error":\{"code":-32603/);
  });
});

describe('a message to the adapter', () => {
  test('has at most 8 MiB', async () => {
    const link = await opened(({ id }, say) => say({ id, result: { status: 0 } }));
    const args = { text: 'x'.repeat(9 * 2 ** 20) };
    await expect(link.request('op', { ...OP, args })).rejects.toThrow(RangeError);
    expect(link.pid).toBe(0);
  });

  test('is not sent any more when it is over', async () => {
    const link = await opened(() => {});
    await link.kill();
    const fault = await link.ended;
    expect(fault).toBeInstanceOf(AdapterFault);
    expect(fault.kind).toBe('closed');
    await expect(link.request('ping', {})).rejects.toBe(fault);
  });
});
