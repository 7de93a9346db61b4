import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { explore, type Failure, type Program, type Runtime, type Task } from '../index.ts';
import {
  call,
  callbackOf,
  createInstance,
  type EventArgs,
  type EventCallback,
  exploreAsync,
  type Implementation,
  ImplementationMisbehaviour,
  kindOf,
  loadImplementation,
  type Rtm,
  type RtmHost,
} from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'rtm-call-'));
let files = 0;
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** An implementation whose instance has `methods` instead of well-behaved ones; `create` may use `host`. */
async function load(methods: string, before = ''): Promise<Implementation> {
  files += 1;
  const file = join(directory, `adapter-${files}.ts`);
  const rest = METHODS.map((name) => `${name}() { return { status: 0 }; },`).join(' ');
  writeFileSync(
    file,
    `export default { name: 'x', levels: ['core'], create(host) { ${before}
return { ${rest} RtmRegisterEntity() { return ${REGISTERED}; },
${methods} }; } };`,
  );
  return loadImplementation(file);
}

const METHODS = [
  'RtmRegisterEntity',
  'RtmDeregisterEntity',
  'RtmGetRegisteredEntities',
  'RtmReleaseEntities',
  'RtmGetEntityInfo',
  'RtmReleaseEntityInfo',
  'RtmReferenceHandles',
];
const REGISTERED = `{ status: 0, out: { RtmRegHandle: 1, RtmRegProfile: { MaxNextHopsInRoute: 1, MaxHandlesInEnum: 1, ViewsSupported: 1, NumberOfViews: 1 } } }`;

const THREAD = { id: 0, name: 'T1' };

function register(rt: Runtime, rtm: Rtm, EventCallback: EventCallback | null = null) {
  return call(rt, rtm, 'RtmRegisterEntity', THREAD, {
    RtmEntityInfo: {
      RtmInstanceId: 0,
      AddressFamily: 2,
      EntityId: { EntityProtocolId: 1, EntityInstanceId: 1 },
    },
    ExportMethods: null,
    EventCallback,
    ReserveOpaquePointer: false,
  });
}

/** The failure of one execution of a thread that makes an instance and does `body`. */
async function failureOf(
  implementation: Implementation,
  body: (rt: Runtime, rtm: Rtm) => Task<unknown>,
): Promise<Failure | undefined> {
  const program: Program = (rt) => {
    rt.spawn('T1', function* () {
      const rtm = yield* createInstance(rt, implementation);
      yield* body(rt, rtm);
    });
  };
  return (await exploreAsync(program, { executions: 1, settleMs: 5 })).failure;
}

describe('the kind of an implementation', () => {
  test.each([
    ['synchronous', ''],
    ['async', `async RtmRegisterEntity() { return ${REGISTERED}; },`],
    ['controlled', `*RtmRegisterEntity() { return ${REGISTERED}; },`],
    ['async', `async RtmDeregisterEntity() { return { status: 0 }; },`],
    ['async', `async RtmRegisterEntity() { throw new Error('rejected'); },`],
    ['synchronous', `RtmRegisterEntity() { throw new Error('thrown'); },`],
    ['synchronous', `RtmRegisterEntity() { return null; },`],
    ['synchronous', `RtmRegisterEntity() { return ${REGISTERED}; }, close() { throw 1; },`],
  ])('%s: %s', async (kind, methods) => {
    expect(await kindOf(await load(methods))).toBe(kind);
  });

  test.each([
    ['create-failed', '', `throw new Error('no');`],
    ['create-failed', '', `return Promise.reject(new Error('no'));`],
    ['never-settles', '', `return new Promise(() => {});`],
    ['lacks-method', '', `return undefined;`],
    ['lacks-method', 'RtmGetEntityInfo: 5,', ''],
  ])('%s: %s%s', async (code, methods, before) => {
    const implementation = await load(methods, before);
    await expect(kindOf(implementation, { settleMs: 5 })).rejects.toMatchObject({ code });
  });

  test('tasks from an instance that had to be awaited', async () => {
    const loaded = await load(`*RtmRegisterEntity() {},`);
    const create = async (host: RtmHost) => loaded.create(host);
    const implementation = { ...loaded, create };
    await expect(kindOf(implementation)).rejects.toMatchObject({ code: 'mixed-kinds' });
  });
});

describe('calls', () => {
  test.each([
    ['synchronous', ''],
    ['async', `async RtmRegisterEntity() { await null; return ${REGISTERED}; },`],
    [
      'controlled',
      `*RtmRegisterEntity() { yield* host.rt.point('inside'); return ${REGISTERED}; },`,
    ],
  ])('%s methods reply alike', async (_kind, methods) => {
    const implementation = await load(methods);
    const handles: unknown[] = [];
    const failure = await failureOf(implementation, function* (rt, rtm) {
      const { out } = yield* register(rt, rtm);
      handles.push(out?.RtmRegHandle);
    });
    expect(failure).toBeUndefined();
    expect(handles).toEqual([1]);
  });

  test.each([
    ['nothing', 'undefined', "an object with a 'status', not undefined"],
    ['no object', '7', 'not 7'],
    ['no status', '{}', "its 'status' must be a whole number from 0 on, not undefined"],
    ['a broken status', '{ status: 0.5 }', 'not 0.5'],
    ['out of the wrong type', '{ status: 0, out: 5 }', "its 'out' must be an object"],
    [
      'no handle',
      `{ status: 0, out: { RtmRegHandle: null, RtmRegProfile: ${REGISTERED}.out.RtmRegProfile } }`,
      "'RtmRegHandle' is no handle",
    ],
    ['no profile', '{ status: 0, out: { RtmRegHandle: 1 } }', "'RtmRegProfile' is no object"],
    [
      'a profile without a field',
      '{ status: 0, out: { RtmRegHandle: 1, RtmRegProfile: {} } }',
      "has a 'MaxNextHopsInRoute' that is no whole number",
    ],
  ])('%s is no reply', async (_what, reply, part) => {
    for (const prefix of ['', 'async ', '*']) {
      const implementation = await load(`${prefix}RtmRegisterEntity() { return ${reply}; },`);
      const failure = await failureOf(implementation, register);
      expect(failure?.kind).toBe('adapter-error');
      expect(failure?.message).toContain('RtmRegisterEntity: ');
      expect(failure?.message).toContain(part);
    }
  });

  test('what an error leaves undefined is not asked for', async () => {
    const implementation = await load('RtmRegisterEntity() { return { status: 183 }; },');
    expect(await failureOf(implementation, register)).toBeUndefined();
  });

  test('arrays are asked for unless they were not wanted', async () => {
    const list = (unwanted: object) => (rt: Runtime, rtm: Rtm) =>
      call(rt, rtm, 'RtmGetRegisteredEntities', THREAD, {
        RtmRegHandle: 1,
        NumEntities: 4,
        ...unwanted,
      });
    const none = { EntityHandles: null, EntityInfos: null };
    const count = await load(
      'RtmGetRegisteredEntities() { return { status: 0, out: { NumEntities: 0 } }; },',
    );
    expect(await failureOf(count, list(none))).toBeUndefined();
    const failure = await failureOf(count, list({ EntityInfos: null }));
    expect(failure?.message).toContain("'EntityHandles' is no array: undefined");
    const holes = await load(
      'RtmGetRegisteredEntities() { return { status: 0, out: { NumEntities: 2, EntityHandles: [1, null] } }; },',
    );
    expect((await failureOf(holes, list({ EntityInfos: null })))?.message).toContain('element 1');
  });

  test.each([
    ['', `throw new RangeError('boom');`],
    ['async ', `throw new RangeError('boom');`],
    ['async ', `await null; throw new RangeError('boom');`],
    ['*', `throw new RangeError('boom');`],
  ])('an exception names method and line: %s%s', async (prefix, body) => {
    const implementation = await load(`${prefix}RtmRegisterEntity() { ${body} },`);
    const failure = await failureOf(implementation, register);
    expect(failure?.kind).toBe('exception');
    expect(failure?.message).toMatch(
      /^RtmRegisterEntity threw RangeError: boom \(adapter-\d+\.ts:3\)$/,
    );
  });

  test('the thread sees a typed error', async () => {
    const implementation = await load('RtmRegisterEntity() { return 5; },');
    const errors: unknown[] = [];
    await failureOf(implementation, function* (rt, rtm) {
      try {
        yield* register(rt, rtm);
      } catch (error) {
        errors.push(error);
      }
    });
    expect(errors[0]).toBeInstanceOf(ImplementationMisbehaviour);
    expect(errors[0]).toMatchObject({
      kind: 'adapter-error',
      method: 'RtmRegisterEntity',
      value: 5,
    });
  });

  test('a failure within a controlled implementation stays what it is', async () => {
    const implementation = await load(
      `*RtmRegisterEntity() { host.rt.fail('its-own', 'seen inside'); },`,
    );
    expect(await failureOf(implementation, register)).toMatchObject({
      kind: 'its-own',
      message: 'seen inside',
    });
  });

  test('a promise without driveAsync is a mistake in the use', async () => {
    const implementation = await load(`async RtmRegisterEntity() { return ${REGISTERED}; },`);
    const program: Program = (rt) => {
      rt.spawn('T1', function* () {
        yield* register(rt, yield* createInstance(rt, implementation));
      });
    };
    expect(() => explore(program)).toThrow(
      expect.objectContaining({ code: 'bad-option' }) as Error,
    );
  });

  test.each([
    [`throw new Error('no');`, 'exception', 'create threw Error: no'],
    [`return 5;`, 'adapter-error', 'create: it must return an object'],
    [`return new Promise(() => {});`, 'never-settles', 'T1 waits for `create`'],
  ])('an instance that cannot be made: %s', async (before, kind, part) => {
    const failure = await failureOf(await load('', before), register);
    expect(failure?.kind).toBe(kind);
    expect(failure?.message).toContain(part);
  });
});

describe('callbacks', () => {
  const CALLS = {
    controlled: `*RtmRegisterEntity(thread, { EventCallback }) { host.log('got ' + (yield* EventCallback(1, 2, 3, 4))); return ${REGISTERED}; },`,
    async: `async RtmRegisterEntity(thread, { EventCallback }) { host.log('got ' + (await EventCallback(1, 2, 3, 4))); return ${REGISTERED}; },`,
    synchronous: `RtmRegisterEntity(thread, { EventCallback }) { host.log('got ' + EventCallback(1, 2, 3, 4)); return ${REGISTERED}; },`,
  } as const;

  test.each(['controlled', 'async', 'synchronous'] as const)(
    'run in the kind of the implementation: %s',
    async (kind) => {
      const implementation = await load(CALLS[kind]);
      const seen: EventArgs[] = [];
      const failure = await failureOf(implementation, function* (rt, rtm) {
        const callback = callbackOf(kind, function* (args) {
          seen.push(args);
          const reply = yield* call(rt, rtm, 'RtmDeregisterEntity', THREAD, { RtmRegHandle: 1 });
          return 40 + reply.status;
        });
        yield* register(rt, rtm, callback);
        rt.fail('show', 'the trace');
      });
      expect(seen.slice(0, 1)).toEqual([
        { RtmRegHandle: 1, EventType: 2, Context1: 3, Context2: 4 },
      ]);
      const entries = failure!.trace.entries.map((entry) =>
        entry.kind === 'step' ? `${entry.operation} ${entry.detail}` : entry.text,
      );
      const inside =
        kind === 'synchronous'
          ? ['in the callback: RtmDeregisterEntity']
          : ['point RtmDeregisterEntity'];
      // In an async implementation the function goes on once the callback's promise has settled.
      const goesOn = kind === 'async' ? ['resume '] : [];
      expect(entries).toEqual(['point RtmRegisterEntity', ...inside, ...goesOn, 'got 40']);
      expect(failure!.trace.threads).toEqual(['T1']);
    },
  );

  test('in the background are threads of their own, and all are awaited', async () => {
    const implementation = await load(
      `async RtmRegisterEntity(thread, { EventCallback }) { Promise.resolve().then(() => EventCallback(1, 2, 3, 4)); return ${REGISTERED}; },`,
    );
    let ends = 0;
    const program: Program = (rt) => {
      rt.spawn('T1', function* () {
        const rtm = yield* createInstance(rt, implementation);
        const cell = rt.cell(0, 'cell');
        yield* cell.write(1);
        const callback = callbackOf('async', function* () {
          expect(rt.current()?.name).toBe('T1/EventCallback#1');
          yield* rt.point('one');
          ends += yield* cell.read();
          return 0;
        });
        yield* register(rt, rtm, callback);
      });
    };
    const result = await exploreAsync(program, { strategy: 'dfs' });
    expect(result.failure).toBeUndefined();
    expect(ends).toBe(result.executions);
  });

  test('are reported with what they were passed, before they run', async () => {
    const implementation = await load(
      `RtmRegisterEntity(thread, { EventCallback }) { EventCallback(9); return ${REGISTERED}; },`,
    );
    const failure = await failureOf(implementation, function* (rt, rtm) {
      const callback = callbackOf(
        'synchronous',
        function* () {
          return rt.fail('ran', 'the body ran');
        },
        {
          onCall: ({ argumentCount, isLate }) => {
            rt.fail('misuse', `${argumentCount} arguments${isLate ? ', late' : ''}`);
          },
        },
      );
      yield* register(rt, rtm, callback);
    });
    expect(failure).toMatchObject({ kind: 'misuse', message: '1 arguments' });
  });

  test('of an execution that is over are late, and do not run', async () => {
    let kept: EventCallback | undefined;
    const calls: boolean[] = [];
    const implementation = await load('');
    await failureOf(implementation, function* (rt) {
      kept = callbackOf('async', () => rt.fail('ran', 'the body ran') as never, {
        onCall: ({ isLate }) => calls.push(isLate),
      });
      yield* rt.point('nothing');
    });
    expect(await kept!(1, 2, 3, 4)).toBe(0);
    expect(calls).toEqual([true]);
  });

  test('of a synchronous implementation cannot wait', async () => {
    const implementation = await load(CALLS.synchronous);
    const failure = await failureOf(implementation, function* (rt, rtm) {
      const event = rt.event('never');
      const callback = callbackOf('synchronous', function* () {
        yield* event.wait();
        return 0;
      });
      yield* register(rt, rtm, callback);
    });
    expect(failure?.kind).toBe('deadlock');
    expect(failure?.message).toContain('a synchronous callback waits for wait of `never`');
  });

  test('whose call never returns make the execution fail, also in the background', async () => {
    const implementation = await load(
      `async RtmRegisterEntity(thread, { EventCallback }) { void EventCallback(1, 2, 3, 4); return ${REGISTERED}; },
       async RtmDeregisterEntity() { await new Promise(() => {}); },`,
    );
    const failure = await failureOf(implementation, function* (rt, rtm) {
      const callback = callbackOf('async', function* () {
        return (yield* call(rt, rtm, 'RtmDeregisterEntity', THREAD, { RtmRegHandle: 1 })).status;
      });
      yield* register(rt, rtm, callback);
    });
    expect(failure).toMatchObject({ kind: 'never-settles', thread: 'T1/EventCallback#1' });
  });
});
