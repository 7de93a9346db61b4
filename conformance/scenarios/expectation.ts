/** Compares what came of a step with what its expectation permits. */
import { isSameInfo, parseEntityInfo } from '../../reference/model/index.ts';
import { statuses, statusName } from '../../spec/index.ts';
import { mismatchOfEvents } from './expected-events.ts';
import { checkList } from './expected-list.ts';
import { checkHandle, checkProfile } from './expected-registration.ts';
import type { Mismatch } from './mismatch.ts';
import {
  callerOf,
  describeInfo,
  isClient,
  type ObservedCall,
  type ObservedRun,
} from './observed-run.ts';
import type { Expectation, Step } from './scenario.ts';

/**
 * @param observed The call of the step; undefined when the step made none that returned.
 */
export function mismatchOf(
  expectation: Expectation,
  observed: ObservedCall | undefined,
  run: ObservedRun,
  steps: readonly Step[],
): Mismatch | undefined {
  const ofReply =
    observed?.reply === undefined ? undefined : checkReply(expectation, observed, run);
  return (
    ofReply ??
    checkEarlier(expectation, run, steps) ??
    mismatchOfEvents(expectation, run, (replied, call) => mismatchOf(replied, call, run, steps))
  );
}

function checkReply(
  expectation: Expectation,
  observed: ObservedCall,
  run: ObservedRun,
): Mismatch | undefined {
  const isGivenOut = callerOf(run, observed.call)?.leftAt === undefined;
  if (expectation.unlessGivenOutAgain === true && isGivenOut) return undefined;
  const status = observed.reply?.status ?? statuses.NO_ERROR;
  const ofStatus = checkStatus(expectation, status) ?? checkCount(expectation, observed);
  if (ofStatus !== undefined || status !== statuses.NO_ERROR) return ofStatus;
  return (
    checkHandle(expectation, observed, run) ??
    checkProfile(expectation, observed) ??
    checkList(expectation, observed, run) ??
    checkDescription(expectation, observed, run)
  );
}

function checkStatus(expectation: Expectation, status: number): Mismatch | undefined {
  const wanted = expectation.status;
  if (wanted === undefined) return undefined;
  const names = wanted === 'any error' ? [] : typeof wanted === 'string' ? [wanted] : wanted;
  const isRight =
    wanted === 'any error'
      ? status !== statuses.NO_ERROR
      : names.some((name) => statuses[name] === status);
  if (isRight) return undefined;
  const observed = statusName(status) ?? `status ${status}`;
  return {
    message: `${observed} is not what has to be returned`,
    observed,
    permitted: wanted === 'any error' ? ['any status but NO_ERROR'] : names,
  };
}

/** The count may be left out after a failure; where the notes forbid that, a scenario of theirs says so. */
function checkCount(expectation: Expectation, observed: ObservedCall): Mismatch | undefined {
  const { count } = expectation;
  if (count === undefined || observed.reply === undefined) return undefined;
  const { status, out } = observed.reply;
  const value = out?.['NumEntities'];
  if (value === undefined && status !== statuses.NO_ERROR && expectation.countDefined !== true)
    return undefined;
  if (typeof value === 'number' && count.includes(value)) return undefined;
  return {
    message: 'NumEntities is not what it may be',
    observed: `NumEntities is ${String(value)}`,
    permitted: count.map((number) => `NumEntities is ${number}`),
  };
}

function checkDescription(
  expectation: Expectation,
  observed: ObservedCall,
  run: ObservedRun,
): Mismatch | undefined {
  const { describes } = expectation;
  const { call, reply } = observed;
  if (describes === undefined || call.name !== 'RtmGetEntityInfo') return undefined;
  const info = reply?.out?.['EntityInfo'];
  if (describes === 'as listed') {
    const listed = listedAs(run, call.EntityHandle);
    const parsed = parseEntityInfo(info);
    const record = parseEntityInfo(listed);
    if (record === undefined || (parsed !== undefined && isSameInfo(parsed, record)))
      return undefined;
    return {
      message: 'the handle stands for another client than the one it was listed with',
      observed: describeInfo(info, run),
      permitted: [describeInfo(listed, run)],
    };
  }
  const present = describes.filter((slot) => run.clients.get(slot)?.handle !== undefined);
  if (present.some((slot) => isClient(info, run.clients.get(slot)))) return undefined;
  return {
    message: 'the client behind the handle is not described as it registered',
    observed: describeInfo(info, run),
    permitted: present.map((slot) => `the client of slot ${slot}`),
  };
}

/** The record beside a handle in the last list, of any client, that held it. */
function listedAs(run: ObservedRun, handle: number): unknown {
  const lists = run.calls.filter(
    ({ call, reply }) =>
      call.name === 'RtmGetRegisteredEntities' && reply?.status === statuses.NO_ERROR,
  );
  for (const { reply } of lists.toReversed()) {
    const handles = reply?.out?.['EntityHandles'];
    const infos = reply?.out?.['EntityInfos'];
    const index = Array.isArray(handles) ? handles.indexOf(handle) : -1;
    if (index >= 0 && Array.isArray(infos)) return infos[index];
  }
  return undefined;
}

/** What was delivered by an earlier step must be what it was. */
function checkEarlier(
  expectation: Expectation,
  run: ObservedRun,
  steps: readonly Step[],
): Mismatch | undefined {
  for (const index of expectation.still ?? []) {
    const earlier = steps[index]?.expect;
    const call = run.calls[index];
    const found =
      earlier === undefined || call?.reply === undefined
        ? undefined
        : checkReply(earlier, call, run);
    if (found !== undefined)
      return { ...found, message: `what was delivered before has changed: ${found.message}` };
  }
  return undefined;
}
