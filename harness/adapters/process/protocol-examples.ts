/** One example of each message, for the documentation. The tests hold them against the protocol. */
import type {
  AdapterNotifications,
  AdapterRequests,
  RunnerNotifications,
  RunnerRequests,
} from './messages.ts';

type Examples = {
  readonly [M in keyof (RunnerRequests & AdapterRequests)]: (RunnerRequests & AdapterRequests)[M];
} & {
  readonly [M in keyof (RunnerNotifications & AdapterNotifications)]: {
    readonly params: (RunnerNotifications & AdapterNotifications)[M];
  };
};

const INFO = {
  RtmInstanceId: 0,
  AddressFamily: 2,
  EntityId: { EntityProtocolId: 100, EntityInstanceId: 1 },
};
const OTHER = { ...INFO, EntityId: { EntityProtocolId: 101, EntityInstanceId: 1 } };

export const protocolExamples: Examples = {
  initialize: {
    params: {
      protocol: { min: 1, max: 1 },
      suite: { name: 'rtm-conformance', version: '1.0.0' },
      seed: 1,
      nonce: '5f0c',
      limits: { lineBytes: 8388608 },
    },
    result: {
      protocol: 1,
      nonce: '5f0c',
      implementation: { name: 'my-rtm', version: '2.3.0', language: 'c' },
      levels: ['core', 'routes'],
      capabilities: { lanes: true, points: false },
    },
  },
  'session.open': { params: { session: 's1', mode: 'sequential' }, result: {} },
  op: {
    params: {
      session: 's1',
      lane: 0,
      id: 1,
      name: 'RtmRegisterEntity',
      args: {
        RtmEntityInfo: INFO,
        ExportMethods: null,
        EventCallback: { callback: 1 },
        ReserveOpaquePointer: false,
      },
    },
    result: {
      status: 0,
      out: {
        RtmRegHandle: 'entity:1#1',
        RtmRegProfile: {
          MaxNextHopsInRoute: 8,
          MaxHandlesInEnum: 50,
          ViewsSupported: 3,
          NumberOfViews: 2,
        },
      },
    },
  },
  'program.run': {
    params: {
      session: 's1',
      lanes: [
        { lane: 1, ops: [{ id: 2, name: 'RtmDeregisterEntity', args: handle('entity:1#1') }] },
        { lane: 2, ops: [{ id: 3, name: 'RtmDeregisterEntity', args: handle('entity:1#1') }] },
      ],
      schedule: { kind: 'yield', seed: 7 },
    },
    result: {
      history: [
        { kind: 'invoke', lane: 2, id: 3, t: 10500 },
        { kind: 'invoke', lane: 1, id: 2, t: 10720 },
        { kind: 'return', lane: 2, id: 3, t: 11900, status: 0 },
        { kind: 'return', lane: 1, id: 2, t: 12040, status: 6 },
      ],
    },
  },
  resume: { params: { session: 's1', lane: 1 } },
  quiesce: { params: { session: 's1', now: 60000 }, result: {} },
  'pointer.write': {
    params: { session: 's1', pointer: 'ptr:1', fields: { PrefInfo: { Metric: 5, Preference: 2 } } },
    result: {},
  },
  'pointer.read': {
    params: { session: 's1', pointer: 'ptr:1' },
    result: { value: { PrefInfo: { Metric: 5, Preference: 2 } } },
  },
  census: {
    params: { session: 's1' },
    result: { counts: { entity: [1, 3], route: [] } },
  },
  'session.close': { params: { session: 's1' }, result: { leaks: ['one entity'] } },
  ping: { params: { nonce: 'a1' }, result: { nonce: 'a1' } },
  shutdown: { params: {}, result: {} },
  exit: { params: {} },
  '$/cancel': { params: { id: 12 } },
  'event.callback': {
    params: {
      session: 's1',
      lane: 2,
      callback: 1,
      RtmRegHandle: 'entity:1#1',
      EventType: 0,
      Context1: 'entity:2#1',
      Context2: OTHER,
    },
    result: { status: 0 },
  },
  'event.method': {
    params: {
      session: 's1',
      lane: 2,
      method: 1,
      CallerHandle: 'entity:2#1',
      CalleeHandle: 'entity:1#1',
      Input: { MethodType: 1, InputSize: 2, InputData: [7, 9] },
    },
    result: { MethodStatus: 0, OutputData: [1] },
  },
  point: { params: { session: 's1', lane: 1, label: 'lock table', blocked: true } },
  log: { params: { message: 'built with checks of handles' } },
  fatal: { params: { message: 'out of memory' } },
};

function handle(RtmRegHandle: string): { readonly RtmRegHandle: string } {
  return { RtmRegHandle };
}
