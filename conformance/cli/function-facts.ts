/** What the suite has on a function: the rules that its page gives rise to, and the checks that call it. */
import { type FunctionName, functions, type Rule, rules } from '../../spec/index.ts';
import { checks } from '../catalogue.ts';
import { litmusPrograms } from '../litmus/index.ts';
import { whyOutOfReach } from '../properties/out-of-reach.ts';
import { type Action, isScripted } from '../programs/rtm-program.ts';
import type { Check } from '../runner/check.ts';
import { scenarios } from '../scenarios/index.ts';

/** The functions of level `core` have actions of their own. */
const byAction: { readonly [Kind in Action['call']]?: FunctionName } = {
  register: 'RtmRegisterEntity',
  deregister: 'RtmDeregisterEntity',
  list: 'RtmGetRegisteredEntities',
  release: 'RtmReleaseEntities',
  reference: 'RtmReferenceHandles',
  referenceObjects: 'RtmReferenceHandles',
  info: 'RtmGetEntityInfo',
  releaseInfo: 'RtmReleaseEntityInfo',
};

export function rulesOf(name: FunctionName): readonly Rule[] {
  const { page } = functions[name];
  return rules.filter(({ sources }) => sources.some((source) => source.page === page));
}

/** Random programs call every function of their levels. */
export function checksCalling(name: FunctionName): readonly Check[] {
  const { level } = functions[name];
  const programs = new Map<string, readonly Action[]>([
    ...scenarios.map(({ id, steps }) => [id, steps.map((step) => step.do)] as const),
    ...litmusPrograms.flatMap((litmus) =>
      litmus.kind === 'algorithm'
        ? []
        : [[litmus.id, [...litmus.program.setup, ...litmus.program.threads.flat()]] as const],
    ),
  ]);
  return checks.filter((check) => {
    const actions = programs.get(check.id);
    return actions === undefined
      ? check.level === level || check.needs?.includes(level) === true
      : isCalledIn(name, actions);
  });
}

function isCalledIn(name: FunctionName, actions: readonly Action[]): boolean {
  return actions.some((action) => {
    if (action.call === 'invoke') return action.name === name;
    if (action.call === 'drain')
      return action.fetch === name || isCalledIn(name, action.each ?? []);
    if (byAction[action.call] === name) return true;
    return isScripted(action) && isCalledIn(name, action.script);
  });
}

/** Of the documented statuses how many random programs bring about. */
export function reachedOf(name: FunctionName): { readonly all: number; readonly reached: number } {
  const { statuses } = functions[name];
  const reached = statuses.filter(({ status }) => whyOutOfReach(name, status) === undefined);
  return { all: statuses.length, reached: reached.length };
}
