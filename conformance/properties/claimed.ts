/** Programs without the calls of levels that an implementation does not claim. */
import { functions } from '../../spec/index.ts';
import type { Action, RtmProgram } from '../programs/rtm-program.ts';

export function claimedPart(program: RtmProgram, levels: readonly string[]): RtmProgram {
  const kept = (actions: readonly Action[]): readonly Action[] =>
    actions.filter((action) => isClaimed(action, levels)).map(within);
  const within = (action: Action): Action => {
    switch (action.call) {
      case 'register': {
        const { script, onExpiry, onChange, methods } = action;
        return {
          ...action,
          ...(script === undefined ? {} : { script: kept(script) }),
          ...(onExpiry === undefined ? {} : { onExpiry: kept(onExpiry) }),
          ...(onChange === undefined ? {} : { onChange: kept(onChange) }),
          ...(methods === undefined
            ? {}
            : {
                methods: methods.map((method) => ({
                  ...method,
                  ...(method.script === undefined ? {} : { script: kept(method.script) }),
                })),
              }),
        };
      }
      case 'drain': {
        const { each } = action;
        const claimed = each?.filter((one) => isClaimed(one, levels));
        return { ...action, ...(claimed === undefined ? {} : { each: claimed }) };
      }
      default:
        return action;
    }
  };
  return { setup: kept(program.setup), threads: program.threads.map(kept) };
}

function isClaimed(action: Action, levels: readonly string[]): boolean {
  switch (action.call) {
    case 'invoke':
      return levels.includes(functions[action.name].level);
    case 'drain':
      return levels.includes(functions[action.fetch].level);
    default:
      return true;
  }
}
