/** Compares a list of registered clients with what its expectation permits. */
import { type ListCall, NULL_HANDLE } from '../../reference/model/index.ts';
import type { Mismatch } from './mismatch.ts';
import {
  callerOf,
  describeInfo,
  isClient,
  type ObservedCall,
  type ObservedRun,
} from './observed-run.ts';
import type { Expectation } from './scenario.ts';

export function checkList(
  expectation: Expectation,
  { call, reply }: ObservedCall,
  run: ObservedRun,
): Mismatch | undefined {
  const { lists } = expectation;
  if (lists === undefined || call.name !== 'RtmGetRegisteredEntities') return undefined;
  const out = reply?.out ?? {};
  const expected = lists.filter((slot) => run.clients.get(slot)?.handle !== undefined);
  return (
    checkArray('EntityHandles', call, out) ??
    checkArray('EntityInfos', call, out) ??
    checkTotal(call, out, expected) ??
    checkHandles(call, out) ??
    checkInfos(call, out, run, expected)
  );
}

type ArrayName = 'EntityHandles' | 'EntityInfos';
type Out = Readonly<Record<string, unknown>>;

function checkArray(name: ArrayName, call: ListCall, out: Out): Mismatch | undefined {
  const entries = out[name];
  const length = Array.isArray(entries) ? entries.length : 0;
  const count = out['NumEntities'];
  if (call[name] === null) {
    if (length === 0) return undefined;
    return {
      message: `${name} is delivered although NULL was passed for it`,
      observed: `${length} entries`,
      permitted: ['nothing in its place'],
    };
  }
  if (length > call.NumEntities) {
    return {
      message: `${name} is written beyond the capacity given`,
      observed: `${length} entries`,
      permitted: [`at most ${call.NumEntities} entries`],
    };
  }
  if (typeof count === 'number' && length >= count) return undefined;
  return {
    message: `${name} holds fewer entries than NumEntities says`,
    observed: `${length} entries, NumEntities is ${String(count)}`,
    permitted: ['as many entries as NumEntities says'],
  };
}

function checkTotal(call: ListCall, out: Out, expected: readonly number[]): Mismatch | undefined {
  const count = out['NumEntities'];
  if (count === expected.length || count === expected.length + 1) return undefined;
  // Without any array nothing need be counted (RTM-AMB-021).
  if (count === 0 && call.EntityHandles === null && call.EntityInfos === null) return undefined;
  return {
    message: 'the number of clients listed is wrong',
    observed: `NumEntities is ${String(count)}`,
    permitted: [describeClients(expected)],
  };
}

function checkHandles(call: ListCall, out: Out): Mismatch | undefined {
  const handles = entriesOf('EntityHandles', call, out);
  const distinct = new Set(handles?.filter((handle) => handle !== NULL_HANDLE)).size;
  if (handles === undefined || distinct === handles.length) return undefined;
  return {
    message: 'the handles of a list are not one for each client',
    observed: `${distinct} different handles for ${handles.length} clients`,
    permitted: ['as many different handles as clients, none of them NULL'],
  };
}

function checkInfos(
  call: ListCall,
  out: Out,
  run: ObservedRun,
  expected: readonly number[],
): Mismatch | undefined {
  const infos = entriesOf('EntityInfos', call, out);
  if (infos === undefined) return undefined;
  const caller = callerOf(run, call);
  const others = infos.filter((info) => !isClient(info, caller));
  const isRight =
    others.length === expected.length &&
    infos.length - others.length <= 1 &&
    expected.every((slot) => others.some((info) => isClient(info, run.clients.get(slot))));
  if (isRight) return undefined;
  return {
    message: 'the list does not hold the clients that are registered',
    observed: infos.map((info) => describeInfo(info, run)).join(', '),
    permitted: [describeClients(expected)],
  };
}

/** The first NumEntities entries; undefined when the array was not wanted. */
function entriesOf(name: ArrayName, call: ListCall, out: Out): readonly unknown[] | undefined {
  const entries: unknown = out[name];
  if (call[name] === null || !Array.isArray(entries)) return undefined;
  return entries.slice(0, Number(out['NumEntities']));
}

function describeClients(slots: readonly number[]): string {
  if (slots.length === 0) return 'nobody but the caller, who may be left out';
  return `the clients of slots ${slots.join(', ')}, and the caller or not`;
}
