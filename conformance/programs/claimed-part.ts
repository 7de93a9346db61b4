/**
 * The part of a generated program that an implementation can be asked for: calls of functions that are of no
 * level it claims are left out, wherever they stand. What is left of a program is one.
 */
import { functions, type FunctionName } from '../../spec/index.ts';
import { type Action, isScripted, type RtmProgram } from './rtm-program.ts';

export function claimedPart(program: RtmProgram, levels: readonly string[]): RtmProgram {
  const claimed = new Set(['core', ...levels]);
  const isClaimed = (name: FunctionName): boolean => claimed.has(functions[name].level);
  const part = (actions: readonly Action[]): readonly Action[] =>
    actions.flatMap((action): readonly Action[] => {
      if (action.call === 'invoke' && !isClaimed(action.name)) return [];
      if (action.call === 'drain') {
        if (!isClaimed(action.fetch)) return [];
        const each = action.each?.filter((one) => one.call !== 'invoke' || isClaimed(one.name));
        return [{ ...action, ...(each === undefined ? {} : { each }) }];
      }
      if (action.call !== 'register') return [action];
      const { onChange, onExpiry, methods } = action;
      return [
        {
          ...action,
          ...(isScripted(action) ? { script: part(action.script) } : {}),
          ...(onChange === undefined ? {} : { onChange: part(onChange) }),
          ...(onExpiry === undefined ? {} : { onExpiry: part(onExpiry) }),
          ...(methods === undefined
            ? {}
            : {
                methods: methods.map((method) =>
                  method.script === undefined ? method : { ...method, script: part(method.script) },
                ),
              }),
        },
      ];
    });
  return { setup: part(program.setup), threads: program.threads.map(part) };
}
