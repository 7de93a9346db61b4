/** RtmGetEntityInfo and RtmReleaseEntityInfo: what an entity is, and giving back the answer. */
import { statuses } from '../../spec/index.ts';
import type { CoreCall, EntityInfo, Out } from './calls.ts';
import { isSameInfo, isSameTable, parseEntityInfo } from './calls.ts';
import { checkCaller } from './caller.ts';
import type { Clause, Misfit } from './clause.ts';
import { failure, misfit } from './clause.ts';
import type { Context } from './context.ts';
import { isInService, standingOf } from './references.ts';
import type { Entity, Holding, State } from './state.ts';
import { adjustHolding, bindingOf, BY_STRUCTURE, collect, entityOf } from './state.ts';

type GetCall = Extract<CoreCall, { name: 'RtmGetEntityInfo' }>;
type ReleaseCall = Extract<CoreCall, { name: 'RtmReleaseEntityInfo' }>;

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;

export function getInfoClauses(state: State, call: GetCall, context: Context): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'infoInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const standing = standingOf(state, caller.entity, call.EntityHandle);
  const refusal = (rule: 'infoInvalid' | 'infoContent', text: string): Clause =>
    failure(state, rule, [ERROR_INVALID_HANDLE], text);
  if (standing === 'invalid') return [refusal('infoInvalid', 'EntityHandle never was a handle')];
  const binding = bindingOf(state, call.EntityHandle);
  const subject = binding === undefined ? undefined : entityOf(state, binding.entity);
  if (standing === 'stale' || subject === undefined) {
    const text = 'EntityHandle is of an entity that is gone: nothing is promised';
    return [refusal('infoInvalid', text), failure(state, 'releaseOnce', [NO_ERROR], text)];
  }
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'infoContent',
    sentence: 'the entity behind EntityHandle is described as it registered',
    accept: (out) => describe(state, caller.entity, subject, out),
    examples: () => [{ EntityInfo: subject.info }],
  };
  if (!isSameTable(subject.info, caller.entity.info)) {
    const text = 'the entity belongs to another instance or address family than the caller';
    const refused = failure(state, 'infoTable', 'error', text);
    return context.readings.otherTable === 'refused' ? [refused] : [success, refused];
  }
  if (standing === 'held' && isInService(state, call.EntityHandle)) return [success];
  const text = 'the entity may be leaving, or the caller may not hold EntityHandle';
  return [success, refusal('infoContent', text)];
}

function describe(
  state: State,
  holder: Entity,
  subject: Entity,
  out: Out | undefined,
): readonly State[] | Misfit {
  const info = parseEntityInfo(out?.['EntityInfo']);
  if (info === undefined || !isSameInfo(info, subject.info))
    return misfit('infoContent', 'EntityInfo is not what the entity registered with');
  return [keepStructure(state, holder, subject)];
}

/** A structure was delivered; whether it holds a reference is open, so perhaps one was taken. */
export function keepStructure(state: State, holder: Entity, subject: Entity): State {
  const place = { holder: holder.key, token: BY_STRUCTURE, subject: subject.key };
  return adjustHolding(state, place, { least: 0, most: 1 });
}

export function releaseInfoClauses(
  state: State,
  call: ReleaseCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'infoReleaseInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const info = parseEntityInfo(call.EntityInfo);
  const held = info === undefined ? [] : structuresOf(state, caller.entity, info);
  if (held.length === 0) {
    const permitted = [NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER];
    const text = 'EntityInfo is no structure that the caller has to give back';
    return [failure(state, 'releaseOnce', permitted, text)];
  }
  return [
    {
      statuses: [NO_ERROR],
      rule: 'infoRelease',
      sentence: 'EntityInfo was delivered to the caller and not given back yet',
      accept: () =>
        held.map((holding) => collect(adjustHolding(state, holding, { least: 0, most: -1 }))),
    },
  ];
}

function structuresOf(state: State, holder: Entity, info: EntityInfo): readonly Holding[] {
  return state.holdings.filter((held) => {
    const subject = entityOf(state, held.subject);
    return (
      held.holder === holder.key &&
      held.token === BY_STRUCTURE &&
      subject !== undefined &&
      isSameInfo(subject.info, info)
    );
  });
}
