/** RtmGetEntityMethods and RtmBlockMethods: which methods there are, and whether they may run. */
import { constants, statuses } from '../../../spec/index.ts';
import { type Out, parseCount } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, failure, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { EntityKey } from '../naming.ts';
import type { State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { offerOf, targetOf } from './methods.ts';
import { withObjections } from './objections.ts';
import { withTables } from './store.ts';

const { NO_ERROR, ERROR_INSUFFICIENT_BUFFER } = statuses;
const { RTM_BLOCK_METHODS, RTM_RESUME_METHODS } = constants;

// --- RtmGetEntityMethods ------------------------------------------------------------------------------

export function entityMethodsClauses(
  state: State,
  call: TableCallOf<'RtmGetEntityMethods'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'methodInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const target = targetOf(state, caller.entity, call.EntityHandle);
  if (target.entity === undefined) return withObjections(state, target.objections, []);
  const { methods } = offerOf(state, target.entity);
  return withObjections(state, target.objections, methodLists(state, call, methods));
}

function methodLists(
  state: State,
  { NumMethods: room, ExptMethods }: TableCallOf<'RtmGetEntityMethods'>,
  methods: readonly number[],
): readonly Clause[] {
  const count = methods.length;
  const isRoom = room >= count;
  const isAsked = room === 0;
  const listed: Clause = {
    statuses: [NO_ERROR],
    rule: isAsked ? 'methodsCounted' : 'methodsListed',
    sentence: `the client exports ${count} methods`,
    accept: (out) => {
      const flaw = countFlaw(out, [count], isAsked ? 'methodsCounted' : 'methodsListed');
      if (flaw !== undefined) return flaw;
      const array: unknown = out?.['ExptMethods'];
      const length = Array.isArray(array) ? array.length : 0;
      if (length > room)
        return misfit('methodsRoom', 'more methods are written than there is room');
      const isMissing = ExptMethods !== null && isRoom && length < count;
      if (isMissing) return misfit('outDefined', `ExptMethods does not hold ${count} methods`);
      return orderFlaw(methods, array) ?? [state];
    },
    examples: () => [
      { NumMethods: count, ExptMethods: Array.from({ length: isRoom ? count : 0 }) },
    ],
  };
  const short: Clause = {
    statuses: [ERROR_INSUFFICIENT_BUFFER],
    rule: 'methodsRoom',
    sentence: `there is room for ${room} methods, but the client exports ${count}`,
    // What NumMethods holds then is open (RTM-AMB-270).
    accept: (out) => {
      const array: unknown = out?.['ExptMethods'];
      const shown = parseCount(out?.['NumMethods']);
      if (Array.isArray(array) && array.length > room)
        return misfit('methodsRoom', 'more methods are written than there is room');
      const isCount = shown === undefined || shown === count || (!isAsked && shown <= room);
      if (!isCount) return misfit('methodsCounted', `NumMethods is ${shown}, not ${count}`);
      return orderFlaw(methods, array) ?? [state];
    },
    examples: () => [{ NumMethods: count }],
  };
  // Whether asking for the count succeeds is open where there are methods (RTM-AMB-269).
  if (isRoom) return [listed];
  return isAsked || ExptMethods === null ? [listed, short] : [short];
}

const METHOD_NAME = /^method #/;

/** What stands in ExptMethods for an exported method by its number, and for a function that is none. */
export function methodName(id: number | undefined): string {
  return `method #${id ?? 'none'}`;
}

/** Entries that are nobody's names cannot be told apart. */
function orderFlaw(methods: readonly number[], array: unknown): Misfit | undefined {
  if (!Array.isArray(array)) return undefined;
  const at = array.findIndex(
    (entry: unknown, index) =>
      typeof entry === 'string' && METHOD_NAME.test(entry) && entry !== methodName(methods[index]),
  );
  return at < 0
    ? undefined
    : misfit('methodsListed', `ExptMethods[${at}] is not the method that was exported there`);
}

function countFlaw(
  out: Out | undefined,
  counts: readonly number[],
  rule: 'methodsCounted' | 'methodsListed',
): Misfit | undefined {
  const shown = parseCount(out?.['NumMethods']);
  if (shown === undefined) return misfit('outDefined', 'NumMethods is not filled');
  return counts.includes(shown) ? undefined : misfit(rule, `NumMethods is ${shown}`);
}

// --- RtmBlockMethods ----------------------------------------------------------------------------------

export function blockClauses(
  state: State,
  call: TableCallOf<'RtmBlockMethods'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'methodInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { key } = caller.entity;
  const isTargeted = (call.TargetHandle ?? 0) !== 0 || call.TargetType !== 0;
  const isKnown =
    call.BlockingFlag === RTM_BLOCK_METHODS || call.BlockingFlag === RTM_RESUME_METHODS;
  const isBlocking = call.BlockingFlag === RTM_BLOCK_METHODS;
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'methodBlockAll',
    sentence: `the methods of the caller are ${isBlocking ? 'blocked' : 'resumed'}`,
    accept: () => [blocked(state, key, isBlocking, !isTargeted && isKnown)],
  };
  if (!isTargeted && isKnown) return [success];
  // What it does with a target is open (RTM-AMB-280).
  const text = 'a target is not supported, or BlockingFlag is none';
  return [success, failure(state, 'methodBlockAll', 'error', text)];
}

/** Whether blocks are counted is open (RTM-AMB-282): the last call counts, and so may the number of blocks. */
function blocked(state: State, key: EntityKey, isBlocking: boolean, isSure: boolean): State {
  const { tables } = state;
  const before = tables.blocks.get(key) ?? { least: 0, most: 0 };
  const most = isBlocking ? before.most + 1 : Math.max(0, before.most - (isSure ? 1 : 0));
  const least = isBlocking ? (isSure ? 1 : before.least) : 0;
  const blocks = most === 0 ? tables.blocks.delete(key) : tables.blocks.set(key, { least, most });
  const invocations =
    least === 1
      ? tables.invocations
      : tables.invocations.map((invocation) =>
          invocation.callee === key && invocation.isHeld
            ? { ...invocation, isHeld: false }
            : invocation,
        );
  return withTables(state, { ...tables, blocks, invocations });
}
