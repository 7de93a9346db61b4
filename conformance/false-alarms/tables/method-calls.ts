/** Methods that entities export: which of them an invocation runs, and what becomes of their output. */
import { constants, type MethodOutputShape, statuses } from '../../../spec/index.ts';
import type { ExportedMethod } from '../../../harness/adapters/index.ts';
import type { Handle, Reply } from '../kit.ts';
import { failed, type Handlers } from './calling.ts';
import type { Entity } from './things.ts';
import type { World } from './world.ts';

const { NO_ERROR } = statuses;

/** The bytes of a record without its data. */
const RECORD = 12;

export interface Invocation {
  readonly EntityHandle: Handle;
  readonly Input: {
    readonly MethodType: number;
    readonly InputSize: number;
    readonly InputData: readonly number[];
  };
  readonly OutputSize: number;
}

/** One method to be run; without one the record tells of its absence. */
export interface Run {
  readonly type: number;
  /** What the method is told. */
  readonly told: number;
  readonly method: ExportedMethod | undefined;
}

/** The target of an invocation, if there is one. */
export function targetOf(world: World, caller: Entity, handle: Handle): Entity | undefined {
  const target = world.find('entity', handle);
  return target?.table === caller.table && target.stage === 'registered' ? target : undefined;
}

/** What an invocation runs; undefined if it is refused. */
export function runsOf(
  world: World,
  target: Entity,
  { MethodType }: Invocation['Input'],
): Run[] | undefined {
  const { missingMethods, wholeMask } = world.choices;
  const isAll = MethodType >>> 0 === constants.METHOD_TYPE_ALL_METHODS;
  const runs: Run[] = [];
  for (let bit = 0; bit < 32; bit += 1) {
    if (((MethodType >>> bit) & 1) === 0) continue;
    const method = target.methods[bit];
    const type = (1 << bit) >>> 0;
    const told = wholeMask === true ? MethodType : type;
    if (method !== undefined) runs.push({ type, told, method });
    else if (missingMethods === 'refused' && !isAll) return undefined;
    else if (missingMethods === 'record' && !isAll) runs.push({ type, told, method: undefined });
  }
  return runs;
}

export function outputOf(
  room: number,
  results: readonly {
    readonly run: Run;
    readonly status: number;
    readonly data: readonly number[];
  }[],
): Reply {
  const Output = results.map(({ run, status, data }): MethodOutputShape => ({
    MethodType: run.type,
    MethodStatus: status,
    OutputSize: data.length,
    OutputData: data,
  }));
  const OutputSize = Output.reduce((sum, record) => sum + RECORD + record.OutputSize, 0);
  if (OutputSize > room)
    return { status: statuses.ERROR_INSUFFICIENT_BUFFER, out: { OutputSize: 0 } };
  return { status: NO_ERROR, out: { OutputSize, Output } };
}

export const methodCalls: Handlers<'RtmGetEntityMethods' | 'RtmBlockMethods'> = {
  RtmGetEntityMethods({ world, caller }, { EntityHandle, NumMethods, ExptMethods }) {
    const entity = targetOf(world, caller, EntityHandle);
    if (entity === undefined) return failed('ERROR_INVALID_HANDLE');
    const { methods } = entity;
    const { methodCountInsufficient, methodsDelivered } = world.choices;
    if (NumMethods === 0 || ExptMethods === null) {
      const isShort = methodCountInsufficient === true && methods.length > 0 && NumMethods === 0;
      return {
        status: isShort ? statuses.ERROR_INSUFFICIENT_BUFFER : NO_ERROR,
        out: { NumMethods: methods.length, ExptMethods: [] },
      };
    }
    if (NumMethods >= methods.length)
      return { status: NO_ERROR, out: { NumMethods: methods.length, ExptMethods: [...methods] } };
    const part = methodsDelivered === true ? methods.slice(0, NumMethods) : [];
    return {
      status: statuses.ERROR_INSUFFICIENT_BUFFER,
      out: {
        NumMethods: methodsDelivered === true ? part.length : methods.length,
        ExptMethods: part,
      },
    };
  },

  RtmBlockMethods({ world, caller }, { TargetHandle, BlockingFlag }) {
    if (TargetHandle !== null) return failed('ERROR_INVALID_HANDLE');
    const { countsBlocks } = world.choices;
    if (BlockingFlag === constants.RTM_BLOCK_METHODS)
      caller.blocks = countsBlocks === true ? caller.blocks + 1 : 1;
    else caller.blocks = countsBlocks === true ? Math.max(0, caller.blocks - 1) : 0;
    return { status: NO_ERROR };
  },
};
