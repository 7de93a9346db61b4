/** Methods run in the name of others, and what clients of different tables and kinds of handle keep apart. */
import { describe, expect, test } from 'vitest';
import type { Task } from '../../../harness/index.ts';
import { constants, statuses } from '../../../spec/index.ts';
import { infoOf } from '../client.ts';
import { monitor } from '../monitor.ts';
import type { Handle } from '../rtm.ts';
import { type Body, netAddress, runAlone, TableClient } from './table-client.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const UNICAST = { ProtocolId: 0, TargetViews: 1 };
const net = netAddress([10], 8);

const rows: Record<string, Body> = {
  *'runs methods'({ a, b }) {
    const seen: unknown[] = [];
    const method = (output: readonly number[]) =>
      // oxlint-disable-next-line require-yield -- a method is a task, also when it takes no step
      function* (caller: Handle, callee: Handle, input: unknown): Task<never> {
        seen.push([callee, input]);
        expect(caller).not.toBe(callee);
        return { MethodStatus: 3, OutputData: output } as never;
      };
    yield* a.register({ methods: [method([1]), method([2, 3])] });
    yield* b.register();
    const list = { EntityHandle: a.handle, NumMethods: 0 };
    expect(yield* b.get('RtmGetEntityMethods', list)).toEqual({ NumMethods: 2 });
    const Input = { MethodType: 0xfffffffe, InputSize: 1, InputData: [9] };
    const call = { EntityHandle: a.handle, Input, OutputSize: 100 };
    expect(yield* b.get('RtmInvokeMethod', call)).toEqual({
      OutputSize: 14,
      Output: [{ MethodType: 2, MethodStatus: 3, OutputSize: 2, OutputData: [2, 3] }],
    });
    expect(seen).toEqual([[a.handle, { MethodType: 2, InputSize: 1, InputData: [9] }]]);
    expect(yield* b.status('RtmInvokeMethod', { ...call, OutputSize: 13 })).toBe(
      statuses.ERROR_INSUFFICIENT_BUFFER,
    );
    yield* a.deregister();
    expect(yield* b.status('RtmInvokeMethod', call)).toBe(ERROR_INVALID_HANDLE);
  },

  *'keeps instances and families apart, and kinds of handle'({ rt, rtm, a, b }) {
    yield* a.register();
    const family = monitor.create({ rt });
    const other = new TableClient(rt, family, infoOf(1, { family: constants.AF_INET6 }));
    yield* other.register();
    const six = {
      AddressFamily: constants.AF_INET6,
      NumBits: 128,
      AddrBits: [...Array(16).keys()],
    };
    expect((yield* other.add(six)).status).toBe(NO_ERROR);
    expect((yield* other.lookUp(six))?.DestAddress).toEqual(six);
    expect((yield* other.add(net)).status).toBe(ERROR_INVALID_PARAMETER);
    expect((yield* a.add(six)).status).toBe(ERROR_INVALID_PARAMETER);
    yield* other.deregister();
    yield* family.close();
    const RouteHandle = (yield* a.add(net)).out?.RouteHandle;
    for (const handle of [RouteHandle, a.handle, null, 0x5eed_bad1, b]) {
      const call = { DestHandle: handle, ...UNICAST };
      expect(yield* a.status('RtmGetDestInfo', call)).toBe(ERROR_INVALID_HANDLE);
    }
    expect(rtm.census()['destination']).toEqual([1]);
  },
};

describe('monitor', () => {
  test.each(Object.entries(rows))('%s', (_, body) => {
    expect(runAlone(body)).toBeUndefined();
  });
});
