/** Judges what was recorded by the model: is there an order of effects that explains it? */
import { checkLinearizability } from '../../harness/linearizability/index.ts';
import {
  blame,
  type Call,
  type Context,
  createModel,
  expandHistory,
  type RecordedCall,
  type Reply,
  type State,
} from '../../reference/model/index.ts';
import type { HistoryEvent } from '../../harness/linearizability/index.ts';
import type { RuleId } from '../../spec/index.ts';

/** Something that the rules do not permit. */
export interface Violation {
  readonly rule: RuleId;
  /** Short and free of handles, so that it stays the same while the program shrinks. */
  readonly message: string;
  readonly observed: string;
  readonly permitted: readonly string[];
  /** The recorded call that is to blame, by its id in the history. */
  readonly call?: number;
}

export type Judgement =
  | { readonly verdict: 'permitted' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'violation'; readonly violation: Violation };

/** Enough for any program the suite generates; beyond it the answer is `unknown`. */
const CONFIGURATIONS_MAX = 200_000;

export type RecordedHistory = readonly HistoryEvent<RecordedCall, Reply>[];

export function judge(history: RecordedHistory, context: Context): Judgement {
  const expanded = expandHistory(history, { context });
  const result = checkLinearizability(createModel(context), [...expanded.history], {
    configurations: CONFIGURATIONS_MAX,
    preferredOrder: expanded.preferredOrder,
  });
  if (result.verdict === 'linearizable') return { verdict: 'permitted' };
  if (result.verdict === 'unknown' || result.explanation === undefined)
    return { verdict: 'unknown' };
  const { blamed, states, refused } = result.explanation;
  const candidates = [blamed, ...refused.map(({ id }) => id)];
  for (const id of candidates) {
    const found = blameCall(expanded.history, id, states, context);
    if (found === undefined) continue;
    return { verdict: 'violation', violation: withCall(found, expanded.origins[id]) };
  }
  const found = unexplained(callOf(expanded.history, blamed));
  return { verdict: 'violation', violation: withCall(found, expanded.origins[blamed]) };
}

function withCall(violation: Violation, call: number | undefined): Violation {
  return call === undefined || call < 0 ? violation : { ...violation, call };
}

function blameCall(
  history: readonly HistoryEvent<Call, Reply>[],
  id: number,
  states: readonly State[],
  context: Context,
): Violation | undefined {
  const call = callOf(history, id);
  const reply = history.find((event) => event.kind === 'return' && event.id === id);
  if (call === undefined || reply?.kind !== 'return') return undefined;
  for (const state of states) {
    const found = blame(state, call, reply.reply, context);
    if (found === undefined) continue;
    return {
      rule: found.rule,
      message: `${nameOf(call)}: ${found.reason}`,
      // A callback and a moment of quiet have no reply that could be wrong: what is wrong is that they came.
      observed: isCall(call) ? found.observed : found.reason,
      permitted: found.permitted,
    };
  }
  return undefined;
}

function callOf(history: readonly HistoryEvent<Call, Reply>[], id: number): Call | undefined {
  const event = history.find((entry) => entry.kind === 'invoke' && entry.id === id);
  return event?.kind === 'invoke' ? event.call : undefined;
}

function unexplained(call: Call | undefined): Violation {
  const name = call === undefined ? 'the calls' : nameOf(call);
  return {
    rule: 'RTM-SAFE-005',
    message: `${name}: no order of the overlapping calls explains their replies`,
    observed: `the replies up to and including that of ${name}`,
    permitted: [
      'the replies that some order of the calls gives, each taking effect between its beginning and its end',
    ],
  };
}

function isCall(call: Call): boolean {
  return /^Rtm|^(register|deregister|list)\./.test(call.name);
}

function nameOf(call: Call): string {
  switch (call.name) {
    case 'event':
    case 'event.start':
    case 'event.end':
      return 'RTM_EVENT_CALLBACK';
    case 'quiesce':
      return 'when all is quiet';
    case 'register.begin':
    case 'register.list':
    case 'register.finish':
      return 'RtmRegisterEntity';
    case 'deregister.begin':
    case 'deregister.refuse':
    case 'deregister.unlist':
    case 'deregister.finish':
      return 'RtmDeregisterEntity';
    case 'list.open':
    case 'list.close':
      return 'RtmGetRegisteredEntities';
    case 'time':
      return 'when time has passed';
    case 'write.route':
      return 'when a route is written in place';
    case 'write.opaque':
    case 'read.opaque':
      return 'when an opaque pointer is used';
    case 'method':
      return 'RTM_ENTITY_EXPORT_METHOD';
    case 'invoke.begin':
      return 'RtmInvokeMethod';
    default:
      return call.name;
  }
}
