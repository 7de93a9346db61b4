/** The judge as a whole: histories that a client would record, and what is said of them. */
import { describe, expect, test } from 'vitest';
import { createContext, type RecordedCall, type Reply } from '../../reference/model/index.ts';
import { statuses } from '../../spec/index.ts';
import { judge, type RecordedHistory } from './judge.ts';

const PROFILE = { MaxNextHopsInRoute: 1, MaxHandlesInEnum: 1, ViewsSupported: 1, NumberOfViews: 1 };

function info(
  identity: number,
): Extract<RecordedCall, { name: 'RtmRegisterEntity' }>['RtmEntityInfo'] {
  return {
    RtmInstanceId: 0,
    AddressFamily: 2,
    EntityId: { EntityProtocolId: identity, EntityInstanceId: 1 },
  };
}

const register = (identity: number): RecordedCall => ({
  name: 'RtmRegisterEntity',
  RtmEntityInfo: info(identity),
  EventCallback: null,
});
const registered = (token: number): Reply => ({
  status: statuses.NO_ERROR,
  out: { RtmRegHandle: token, RtmRegProfile: PROFILE },
});
const deregister = (token: number): RecordedCall => ({
  name: 'RtmDeregisterEntity',
  RtmRegHandle: token,
});
const ok: Reply = { status: statuses.NO_ERROR };
const refused: Reply = { status: statuses.ERROR_INVALID_HANDLE };

/** Builds a history from lines such as `['invoke', 0, call]`; each id is a process of its own. */
function history(
  ...events: readonly (
    readonly ['invoke', number, RecordedCall] | readonly ['return', number, Reply]
  )[]
): RecordedHistory {
  return events.map((event) =>
    event[0] === 'invoke'
      ? { kind: 'invoke', id: event[1], process: event[1], call: event[2] }
      : { kind: 'return', id: event[1], process: event[1], reply: event[2] },
  );
}

describe('the judge', () => {
  const notes = createContext({ profile: 'notes' });

  test('permits one of two overlapping deregistrations', () => {
    const seen = history(
      ['invoke', 0, register(1)],
      ['return', 0, registered(1)],
      ['invoke', 1, deregister(1)],
      ['invoke', 2, deregister(1)],
      ['return', 1, refused],
      ['return', 2, ok],
    );
    expect(judge(seen, notes)).toEqual({ verdict: 'permitted' });
  });

  test('does not permit both, and names the rule and the call', () => {
    const seen = history(
      ['invoke', 0, register(1)],
      ['return', 0, registered(1)],
      ['invoke', 1, deregister(1)],
      ['invoke', 2, deregister(1)],
      ['return', 1, ok],
      ['return', 2, ok],
    );
    const judgement = judge(seen, notes);
    expect(judgement.verdict).toBe('violation');
    if (judgement.verdict !== 'violation') return;
    expect(judgement.violation.rule).toMatch(/^RTM-DEREG-/);
    expect([1, 2]).toContain(judgement.violation.call);
    expect(judgement.violation.message).toMatch(/^RtmDeregisterEntity: /);
  });

  test('holds a success after the deregistration has returned against the rule about it', () => {
    const list: RecordedCall = {
      name: 'RtmGetRegisteredEntities',
      RtmRegHandle: 1,
      NumEntities: 16,
      EntityHandles: null,
    };
    const seen = history(
      ['invoke', 0, register(1)],
      ['return', 0, registered(1)],
      ['invoke', 1, deregister(1)],
      ['return', 1, ok],
      ['invoke', 2, list],
      ['return', 2, { status: statuses.NO_ERROR, out: { NumEntities: 0, EntityInfos: [] } }],
    );
    for (const profile of ['documented', 'notes'] as const) {
      const judgement = judge(seen, createContext({ profile }));
      expect(judgement).toMatchObject({ verdict: 'violation', violation: { call: 2 } });
    }
  });

  test('permits a call that never returned to have happened, and not to have', () => {
    const twice = history(
      ['invoke', 0, register(1)],
      ['invoke', 1, register(1)],
      ['return', 1, { status: statuses.ERROR_ALREADY_EXISTS }],
    );
    const once = history(
      ['invoke', 0, register(1)],
      ['invoke', 1, register(1)],
      ['return', 1, registered(7)],
    );
    expect(judge(twice, notes)).toEqual({ verdict: 'permitted' });
    expect(judge(once, notes)).toEqual({ verdict: 'permitted' });
  });
});
