/**
 * Decides whether a history of concurrent calls can be explained by a sequential model: whether each call can be given a
 * moment between its invocation and its return so that the model allows all replies in that order (Herlihy and Wing,
 * 1990). The answer is exact or `unknown`; it is never a guess.
 *
 * The parts of a history take turns, each turn longer than the last, so that a violation in an easy part does not wait
 * for the end of a hard one, and the answer is the same on every machine.
 */

import { Budget } from './budget.ts';
import { readCalls } from './call-table.ts';
import type { Call } from './call-table.ts';
import { LinearizabilityError } from './errors.ts';
import { explainViolation } from './explain.ts';
import { mergeOrders } from './merge-orders.ts';
import { PartSearch } from './part-search.ts';
import { splitIntoParts } from './parts.ts';
import type {
  HistoryEvent,
  LinearizabilityOptions,
  LinearizabilityResult,
  SequentialModel,
  ViolationExplanation,
} from './types.ts';

/** Configurations of the first turn beyond the one that each call needs, and how much longer each turn is than the last. */
const TURN_CONFIGURATIONS = 1024;
const TURN_GROWTH = 4;

/**
 * Judges `history`, its events in the order in which they happened. A call without a return may have taken effect or not;
 * `step` is then given `undefined` as its reply. Throws `LinearizabilityError` on input that makes no sense; what the
 * model throws comes through.
 */
export function checkLinearizability<S, C, R>(
  model: SequentialModel<S, C, R>,
  history: readonly HistoryEvent<C, R>[],
  options: LinearizabilityOptions = {},
): LinearizabilityResult<S, C, R> {
  refuseModel(model);
  const budget = new Budget(options);
  const calls = readCalls(history);
  const ranks = ranksOf(options.preferredOrder ?? []);
  const split = options.partition === false ? [calls] : splitIntoParts(model, history, calls);
  const memoise = options.memoise ?? true;
  const parts = split.map((part) => new PartSearch(part, { model, budget, memoise, ranks }));
  takeTurns(parts);
  return conclude(model, { calls, parts, budget });
}

function takeTurns<S, C, R>(parts: readonly PartSearch<S, C, R>[]): void {
  let unfinished = [...parts];
  let turn = TURN_CONFIGURATIONS;
  while (unfinished.length > 0) {
    // After its first turn a part is looked at more closely, so that even a last part gets no endless first one.
    const allowance = unfinished.length === 1 && turn > TURN_CONFIGURATIONS ? Infinity : turn;
    for (const part of unfinished) part.run(allowance + part.calls.length);
    if (parts.some(({ status }) => status === 'violation')) return;
    unfinished = unfinished.filter(({ status }) => status === 'paused');
    turn *= TURN_GROWTH;
  }
}

function conclude<S, C, R>(
  model: SequentialModel<S, C, R>,
  {
    calls,
    parts,
    budget,
  }: { calls: readonly Call<C, R>[]; parts: readonly PartSearch<S, C, R>[]; budget: Budget },
): LinearizabilityResult<S, C, R> {
  const longestPrefix = mergeOrders(
    calls,
    parts.map(({ order }) => order),
  );
  const explanation = explainFirst(model, parts);
  const limit = parts.find(({ status }) => status === 'stopped')?.limit;
  const { configurations, peakBytes, elapsedMs } = budget;
  const figures = { longestPrefix, elapsedMs, configurations, peakBytes };
  if (explanation !== undefined) return { verdict: 'violation', ...figures, explanation };
  if (limit !== undefined) return { verdict: 'unknown', ...figures, limit };
  return { verdict: 'linearizable', order: [...longestPrefix], ...figures };
}

/** Of the parts that cannot be explained, the one that fails first in time. */
function explainFirst<S, C, R>(
  model: SequentialModel<S, C, R>,
  parts: readonly PartSearch<S, C, R>[],
): ViolationExplanation<S, C, R> | undefined {
  const [first] = parts
    .flatMap(({ calls, status, order, blamed }) =>
      status === 'violation' && blamed !== undefined ? [{ calls, prefix: order, blamed }] : [],
    )
    .toSorted((left, right) => left.blamed.returned - right.blamed.returned);
  return first === undefined ? undefined : explainViolation(model, first);
}

function refuseModel(model: unknown): void {
  const methods = model as { initial?: unknown; step?: unknown } | null | undefined;
  if (typeof methods?.initial === 'function' && typeof methods.step === 'function') return;
  throw new LinearizabilityError('bad-model', {
    problem: 'The model lacks initial() or step().',
    remedy: 'Pass an object with both; see SequentialModel.',
  });
}

function ranksOf(order: readonly number[]): ReadonlyMap<number, number> {
  const ranks = new Map<number, number>();
  for (const id of order) {
    if (!ranks.has(id)) ranks.set(id, ranks.size);
  }
  return ranks;
}
