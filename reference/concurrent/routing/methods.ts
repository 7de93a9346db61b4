/**
 * The methods that clients export. Running one is an operation by the client that invokes it and by the one that
 * exports it: neither is deregistered before it has returned, nor within it.
 *
 * Bit n of MethodType stands for method n, and with a bit without a method nothing is run at all. Each method sees all
 * the bits; they are run from the highest to the lowest. Blocks are counted.
 */
import type { Atomic, Runtime, Task } from '../../../harness/index.ts';
import {
  type ArgumentsOf,
  constants,
  type MethodOutputShape,
  statuses,
} from '../../../spec/index.ts';
import type { CallbackFrames } from '../callback-frames.ts';
import type { Entity } from '../quiescent-entity.ts';
import { enter, leave } from '../quiescent-entity.ts';
import type { ExportedMethod, Handle } from '../rtm.ts';
import type { Client } from './objects.ts';
import { type Answer, DONE, done } from './procedure.ts';

const { RTM_BLOCK_METHODS, RTM_RESUME_METHODS } = constants;
const { ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;

/** Of RTM_ENTITY_METHOD_OUTPUT up to OutputData. */
const OUTPUT_HEADER_BYTES = 12;
const METHOD_INDEX_MAX = 31;

/** Its client has left. */
const GONE = -1;

/** In place of an entity: a thread inside a method is inside no callback that its end could be waited for of. */
export const METHOD_FRAME = 'method';

export type Frames = CallbackFrames<Entity | typeof METHOD_FRAME>;

/** What is blocked, as often as it is. */
export function blocksOf(rt: Runtime, client: Client): Atomic<number> {
  client.blocks ??= rt.atomic(0, 'methods blocked');
  return client.blocks;
}

/** Lets go of those who wait for methods of a client that is leaving. */
export function* abandonMethods({ blocks }: Client): Task {
  if (blocks !== undefined) yield* blocks.store(GONE);
}

/** With room for some, the first ones are delivered. */
export function listMethods(
  { methods }: Client,
  { NumMethods, ExptMethods }: ArgumentsOf<'RtmGetEntityMethods', Handle>,
): Answer<'RtmGetEntityMethods'> {
  if (methods.length === 0) return done({ NumMethods: 0, ExptMethods: [] });
  if (NumMethods === 0) {
    return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumMethods: methods.length } };
  }
  const delivered = methods.slice(0, NumMethods);
  const out = {
    NumMethods: delivered.length,
    ...(ExptMethods === null ? {} : { ExptMethods: delivered }),
  };
  const isAll = delivered.length === methods.length;
  return { status: isAll ? statuses.NO_ERROR : ERROR_INSUFFICIENT_BUFFER, out };
}

/** A block of a single object's methods blocks nothing. */
export function* blockMethods(
  rt: Runtime,
  client: Client,
  { TargetHandle, BlockingFlag }: ArgumentsOf<'RtmBlockMethods', Handle>,
): Task<Answer<'RtmBlockMethods'>> {
  const isBlock = BlockingFlag === RTM_BLOCK_METHODS;
  if (!isBlock && BlockingFlag !== RTM_RESUME_METHODS) return { status: ERROR_INVALID_PARAMETER };
  if (TargetHandle !== null) return DONE;
  const change = isBlock ? 1 : -1;
  yield* blocksOf(rt, client).update((count) => Math.max(0, count + change));
  return DONE;
}

export interface Invocation {
  readonly rt: Runtime;
  readonly frames: Frames;
  readonly caller: Client;
  readonly callee: Client;
}

/** The caller has been counted in. */
export function* invokeMethods(
  invocation: Invocation,
  { Input, OutputSize: room }: ArgumentsOf<'RtmInvokeMethod', Handle>,
): Task<Answer<'RtmInvokeMethod'>> {
  const { callee } = invocation;
  const indices = indicesOf(Input.MethodType).filter((index) => index in callee.methods);
  const isWhole = indices.length === indicesOf(Input.MethodType).length;
  const isAll = Input.MethodType === constants.METHOD_TYPE_ALL_METHODS;
  if (indices.length === 0 || !(isWhole || isAll)) return { status: ERROR_INVALID_PARAMETER };
  if (!(yield* enterUnblocked(invocation))) return { status: ERROR_INVALID_HANDLE };
  const Output: MethodOutputShape[] = [];
  for (const index of indices) {
    const method = callee.methods[index];
    if (method !== undefined) Output.push(yield* run(invocation, method, index, Input));
  }
  yield* leave(callee.entity);
  const OutputSize = Output.reduce((sum, one) => sum + OUTPUT_HEADER_BYTES + one.OutputSize, 0);
  if (OutputSize > room) return { status: ERROR_INVALID_PARAMETER };
  return done({ OutputSize, Output });
}

/** Counts the call in on the callee, unless that is leaving. What waits for the end of a block is not in. */
function* enterUnblocked({ rt, callee }: Invocation): Task<boolean> {
  const blocks = blocksOf(rt, callee);
  for (;;) {
    const isIn = yield* enter(callee.entity);
    if (!isIn) return false;
    if ((yield* blocks.load()) === 0) return true;
    yield* leave(callee.entity);
    if ((yield* blocks.waitUntil((count) => count <= 0)) === GONE) return false;
  }
}

function* run(
  { frames, caller, callee }: Invocation,
  method: ExportedMethod,
  index: number,
  input: ArgumentsOf<'RtmInvokeMethod', Handle>['Input'],
): Task<MethodOutputShape> {
  frames.push(METHOD_FRAME);
  const { MethodStatus, OutputData } = yield* method(caller.entity.handle, callee.entity.handle, {
    ...input,
    InputData: [...input.InputData],
  });
  frames.pop();
  return {
    MethodType: (1 << index) >>> 0,
    MethodStatus,
    OutputSize: OutputData.length,
    OutputData: [...OutputData],
  };
}

/** From the highest. */
function indicesOf(methodType: number): readonly number[] {
  const indices: number[] = [];
  for (let index = METHOD_INDEX_MAX; index >= 0; index -= 1) {
    if (((methodType >>> index) & 1) === 1) indices.push(index);
  }
  return indices;
}
