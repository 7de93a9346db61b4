/** What a reply must look like before anyone may judge what it says. */
import { statuses } from '../../spec/index.ts';
import { show } from '../exploration/show.ts';
import type { Rtm } from './contract.ts';
import { isObject, propertyOf } from './unknown-values.ts';

/** Methods of the Rtm that stand for functions of rtmv2.h. */
export type MethodName = Exclude<keyof Rtm, 'census' | 'close'>;

/** Describes what is wrong with a value; undefined if nothing is. */
type Shape = (value: unknown, args: Readonly<Record<string, unknown>>) => string | undefined;

const whole: Shape = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? undefined
    : 'is no whole number from 0 on';

const handle: Shape = (value) =>
  value === undefined || value === null ? 'is no handle' : undefined;

const entityId = record({ EntityProtocolId: whole, EntityInstanceId: whole });
const entityInfo = record({ RtmInstanceId: whole, AddressFamily: whole, EntityId: entityId });

/** The OUT parameters that are defined when a function returns NO_ERROR. */
const OUT: Readonly<Partial<Record<MethodName, Readonly<Record<string, Shape>>>>> = {
  RtmRegisterEntity: {
    RtmRegProfile: record({
      MaxNextHopsInRoute: whole,
      MaxHandlesInEnum: whole,
      ViewsSupported: whole,
      NumberOfViews: whole,
    }),
    RtmRegHandle: handle,
  },
  RtmGetRegisteredEntities: {
    NumEntities: whole,
    EntityHandles: wantedArray('EntityHandles', handle),
    EntityInfos: wantedArray('EntityInfos', entityInfo),
  },
  RtmGetEntityInfo: { EntityInfo: entityInfo },
};

/** What keeps `reply` from being one to a call of `method` with `args`; undefined if it is one. */
export function problemOfReply(
  method: MethodName,
  args: Readonly<Record<string, unknown>>,
  reply: unknown,
): string | undefined {
  if (!isObject(reply)) return `it must return an object with a 'status', not ${show(reply)}`;
  const status = propertyOf(reply, 'status');
  const out = propertyOf(reply, 'out');
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 0) {
    return `its 'status' must be a whole number from 0 on, not ${show(status)}`;
  }
  if (out !== undefined && !isObject(out)) {
    return `its 'out' must be an object or absent, not ${show(out)}`;
  }
  if (status !== statuses.NO_ERROR) return undefined;
  for (const [name, shape] of Object.entries(OUT[method] ?? {})) {
    const value = propertyOf(out, name);
    const problem = shape(value, args);
    if (problem !== undefined) return `with NO_ERROR its '${name}' ${problem}: ${show(value)}`;
  }
  return undefined;
}

function record(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, args) => {
    if (!isObject(value)) return 'is no object';
    for (const [name, shape] of Object.entries(fields)) {
      const problem = shape(propertyOf(value, name), args);
      if (problem !== undefined) return `has a '${name}' that ${problem}`;
    }
    return undefined;
  };
}

/** An OUT array is wanted unless the caller passes null for it. */
function wantedArray(name: string, element: Shape): Shape {
  return (value, args) => {
    if (args[name] === null) return undefined;
    if (!Array.isArray(value)) return 'is no array';
    for (const [index, item] of value.entries()) {
      const problem = element(item, args);
      if (problem !== undefined) return `has an element ${index} that ${problem}`;
    }
    return undefined;
  };
}
