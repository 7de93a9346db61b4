/** RtmInvokeMethod, and the runs of methods between its call and its return. */
import { constants, statuses } from '../../../spec/index.ts';
import { type Out, parseCount, record } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import { canStandFor } from '../list-entries.ts';
import type { EntityKey } from '../naming.ts';
import { standingOf } from '../references.ts';
import { bind, bindingOf, type Entity, entityOf, isSteady, type State } from '../state.ts';
import type { TableCallOf, TableOccurrence } from './calls.ts';
import { type Objection, withObjections } from './objections.ts';
import type { Invocation, Offer } from './offers.ts';
import { withTables } from './store.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE } = statuses;
const { METHOD_TYPE_ALL_METHODS } = constants;

type InvokeCall = TableCallOf<'RtmInvokeMethod'>;

const NOTHING: Offer = { methods: [], opaque: false };

export function offerOf({ tables }: State, entity: Entity): Offer {
  return tables.offers.get(entity.key) ?? NOTHING;
}

// --- The client meant ---------------------------------------------------------------------------------

export interface Target {
  readonly entity: Entity | undefined;
  readonly objections: readonly Objection[];
}

const GONE: Target = {
  entity: undefined,
  objections: [
    {
      certainty: 'must',
      statuses: 'error',
      rule: 'methodDeparted',
      sentence: 'EntityHandle is of a client that is gone, or the caller itself is',
    },
  ],
};

/** The entity that EntityHandle is of, and what speaks against it. */
export function targetOf(state: State, caller: Entity, handle: number): Target {
  const standing = standingOf(state, caller, handle);
  const rule = 'methodInvalid';
  if (standing === 'invalid') {
    const sentence = 'EntityHandle never was a handle';
    const refusal = [ERROR_INVALID_HANDLE];
    return {
      entity: undefined,
      objections: [{ certainty: 'must', statuses: refusal, rule, sentence }],
    };
  }
  const binding = bindingOf(state, handle);
  const entity = binding === undefined ? undefined : entityOf(state, binding.entity);
  if (entity === undefined || entity.left) return GONE;
  const isSure = isSteady(entity) && entity.leaving.length === 0 && isOwnOrHeld();
  const sentence = 'the client may be leaving, or the caller may not hold EntityHandle';
  return {
    entity,
    objections: isSure ? [] : [{ certainty: 'may', statuses: 'error', rule, sentence }],
  };

  function isOwnOrHeld(): boolean {
    return standing === 'held' || binding?.entity === caller.key;
  }
}

// --- RtmInvokeMethod ----------------------------------------------------------------------------------

/** An invocation is made: from here on its methods may run. */
export function beginInvocation(
  state: State,
  op: number,
  call: InvokeCall,
  context: Context,
): State {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'methodInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return state;
  const { entity: target } = targetOf(state, caller.entity, call.EntityHandle);
  if (target === undefined) return state;
  const invocation: Invocation = {
    op,
    caller: caller.entity.key,
    callee: target.key,
    type: call.Input.MethodType >>> 0,
    data: call.Input.InputData,
    offered: offerOf(state, target).methods,
    ran: [],
    outputs: {},
    isHeld: state.tables.blocks.get(target.key)?.least === 1,
  };
  return putInvocation(state, invocation);
}

function putInvocation(state: State, invocation: Invocation): State {
  const { tables } = state;
  const invocations = tables.invocations.set(invocation.op, invocation);
  return withTables(state, { ...tables, invocations });
}

/** A method begins: it is one of an invocation that is under way. */
export function acceptMethod(
  state: State,
  call: Extract<TableOccurrence, { name: 'method' }>,
): readonly State[] | Misfit {
  const runs = [...state.tables.invocations.values()]
    .toSorted((a, b) => a.op - b.op)
    .map((invocation) => runFor(state, call, invocation));
  const states = runs.flatMap((run) => ('kind' in run ? [] : [run]));
  if (states.length > 0) return states;
  return mostTelling(runs.filter((run) => 'kind' in run));
}

/** What is wrong with the invocation that comes closest. */
function mostTelling(flaws: readonly Misfit[]): Misfit {
  const order = ['methodBlocked', 'methodInput', 'methodParties'];
  const [first] = flaws.toSorted((a, b) => rankIn(order, a.rule) - rankIn(order, b.rule));
  return first ?? misfit('methodRun', 'a method is run that nobody has invoked');
}

function rankIn(order: readonly string[], rule: string): number {
  const at = order.indexOf(rule);
  return at < 0 ? order.length : at;
}

function runFor(
  state: State,
  call: Extract<TableOccurrence, { name: 'method' }>,
  invocation: Invocation,
): State | Misfit {
  const index = invocation.offered.findIndex(
    (method, at) =>
      method === call.Method && isSelected(invocation, at) && !invocation.ran.includes(at),
  );
  if (index < 0) return misfit('methodRun', 'a method is run that was not asked for, or twice');
  const { caller: from, callee: to } = invocation;
  if (!canStandFor(state, call.CallerHandle, from))
    return misfit('methodParties', 'CallerHandle is no handle of the client that invoked');
  if (!canStandFor(state, call.CalleeHandle, to))
    return misfit(
      'methodParties',
      'CalleeHandle is no handle of the client that exports the method',
    );
  // Which of the two a method sees when several are invoked is open (RTM-AMB-273).
  const type = call.MethodType >>> 0;
  if (type !== 2 ** index && type !== invocation.type)
    return misfit('methodInput', 'MethodType is not what was invoked');
  if (call.InputData.join() !== invocation.data.join())
    return misfit('methodInput', 'InputData is not what the invocation was given');
  if (invocation.isHeld)
    return misfit('methodBlocked', 'a method is run though its client blocks methods');
  const ran = [...invocation.ran, index].toSorted((a, b) => a - b);
  const named = name(name(state, call.CallerHandle, from), call.CalleeHandle, to);
  const { OutputData } = call;
  const outputs =
    OutputData === undefined ? invocation.outputs : { ...invocation.outputs, [index]: OutputData };
  return putInvocation(named, { ...invocation, ran, outputs });
}

function name(state: State, token: number, entity: EntityKey): State {
  return bindingOf(state, token)?.entity === entity
    ? state
    : bind(state, { token, role: 'entity', entity });
}

/** Bit n of MethodType stands for the entry n of the exported table (RTM-AMB-271). */
function isSelected({ type }: Pick<Invocation, 'type'>, index: number): boolean {
  return index < 32 && (type & (1 << index)) !== 0;
}

export function invokeClauses(
  state: State,
  call: InvokeCall & { readonly op?: number },
  context: Context,
): readonly Clause[] {
  const invocation = call.op === undefined ? undefined : state.tables.invocations.get(call.op);
  const after = call.op === undefined ? state : endInvocation(state, call.op);
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'methodInvalid',
    documentsInvalidHandle: true,
  });
  if (invocation === undefined && caller.kind === 'bad') return caller.clauses;
  const late = caller.kind === 'bad' ? caller.clauses.map((clause) => ending(clause, after)) : [];
  const invoker =
    caller.kind === 'valid' ? caller.entity : entityOf(state, invocation?.caller ?? -1);
  if (invoker === undefined && invocation === undefined) return late;
  const target = invoker === undefined ? GONE : targetOf(after, invoker, call.EntityHandle);
  const objections = invocation === undefined ? target.objections : soften(target.objections);
  const offered =
    target.entity === undefined ? invocation?.offered : offerOf(state, target.entity).methods;
  if (offered === undefined) return withObjections(after, objections, late);
  const wanted = [...offered.keys()].filter((at) =>
    isSelected({ type: call.Input.MethodType }, at),
  );
  const isOdd = hasUnknown(call, offered.length);
  const isTight = call.OutputSize < RECORD_SIZE * wanted.length + SLACK;
  const text = 'identifiers without a method, or too little room, may be refused';
  const doubts: readonly Objection[] =
    isOdd || isTight
      ? [{ certainty: 'may', statuses: 'error', rule: 'methodRun', sentence: text }]
      : [];
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'methodRun',
    sentence: 'the selected methods have run, and their output is delivered',
    accept: (out) =>
      runFlaw(invocation, call, wanted) ??
      outputFlaw(call, wanted, isTight || isOdd, out) ??
      (isTight ? undefined : contentFlaw(invocation?.outputs ?? {}, out)) ?? [after],
    examples: () => [exampleOutput(wanted)],
  };
  return withObjections(after, [...objections, ...doubts], [success, ...late]);
}

/** Bytes of a record without data, and what the data of one may be at most without room being short. */
const RECORD_SIZE = 16;
const SLACK = 256;

function ending(clause: Clause, after: State): Clause {
  return { ...clause, accept: () => [after] };
}

/** A client that has begun to leave since may have been served before. */
function soften(objections: readonly Objection[]): readonly Objection[] {
  return objections.map((objection) => ({ ...objection, certainty: 'may' }));
}

function endInvocation(state: State, op: number): State {
  const { tables } = state;
  return withTables(state, { ...tables, invocations: tables.invocations.delete(op) });
}

function hasUnknown({ Input }: InvokeCall, count: number): boolean {
  const type = Input.MethodType >>> 0;
  const known = count >= 32 ? 0xffffffff : 2 ** count - 1;
  return type === 0 || count === 0 || type === METHOD_TYPE_ALL_METHODS || (type & ~known) !== 0;
}

function runFlaw(
  invocation: Invocation | undefined,
  { OutputSize }: InvokeCall,
  wanted: readonly number[],
): Misfit | undefined {
  // Without its beginning nobody knows what was run, and without room nothing need be (RTM-AMB-277).
  if (invocation === undefined || OutputSize < RECORD_SIZE) return undefined;
  const isComplete = wanted.every((index) => invocation.ran.includes(index));
  if (isComplete) return undefined;
  return invocation.isHeld
    ? misfit('methodWaits', 'the invocation returned while its target blocks methods')
    : misfit('methodRun', 'the invocation returned before every selected method was run');
}

function outputFlaw(
  { OutputSize: room }: InvokeCall,
  wanted: readonly number[],
  isOpen: boolean,
  out: Out | undefined,
): Misfit | undefined {
  const size = parseCount(out?.['OutputSize']);
  if (size === undefined) return misfit('outDefined', 'OutputSize is not filled');
  if (size > room)
    return misfit('methodOutputSize', `OutputSize is ${size}, but there is room for ${room}`);
  if (isOpen) return undefined;
  const output: unknown = out?.['Output'];
  const records: readonly unknown[] = Array.isArray(output) ? output : [];
  const types = records.map((entry) => parseCount(record(entry)?.['MethodType']));
  const isRight =
    types.length === wanted.length && wanted.every((index) => types.includes(2 ** index));
  return isRight
    ? undefined
    : misfit('methodOutput', 'Output does not hold one record for each method that was run');
}

/** Each record of a method that was run holds what that method wrote. */
function contentFlaw(outputs: Invocation['outputs'], out: Out | undefined): Misfit | undefined {
  const output: unknown = out?.['Output'];
  const records: readonly unknown[] = Array.isArray(output) ? output : [];
  for (const [index, written] of Object.entries(outputs)) {
    const entry = records
      .map(record)
      .find((each) => parseCount(each?.['MethodType']) === 2 ** Number(index));
    if (entry === undefined) continue;
    const data: unknown = entry['OutputData'];
    const isSame = Array.isArray(data) && data.map(Number).join() === written.join();
    if (!isSame || parseCount(entry['OutputSize']) !== written.length)
      return misfit('methodOutput', 'a record of Output does not hold what its method wrote');
  }
  return undefined;
}

function exampleOutput(wanted: readonly number[]): Out {
  const Output = wanted.map((index) => ({
    MethodType: 2 ** index,
    MethodStatus: NO_ERROR,
    OutputSize: 0,
    OutputData: [],
  }));
  return { OutputSize: 0, Output };
}
