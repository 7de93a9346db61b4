/** Values on their way through JSON: what the contract has and JSON has not. */
import { type FunctionName, mapHandles, mapHandlesOf } from '../../../spec/index.ts';
import { isObject } from '../unknown-values.ts';
import type { JsonObject } from './messages.ts';

/** Stands for every handle that the adapter has not made up. */
const NO_SUCH_HANDLE = 'no-such-handle';

/** OUT parameters that are pointers to live data. */
const POINTERS = ['RoutePointer', 'NextHopPointer', 'OpaqueInfoPointer'] as const;

/** The callbacks and methods of a session by number, and the pointers to its live data. */
export class SessionValues<Callback extends object, Method extends object> {
  readonly callbacks: Callback[] = [];
  readonly methods: Method[] = [];
  private readonly callbackNumbers = new Map<unknown, number>();
  private readonly methodNumbers = new Map<unknown, number>();
  private readonly pointers = new WeakMap<object, string>();

  /** Has `entry`, wherever it stands for a callback, sent as a number by which `callback` is found again. */
  addCallback(entry: unknown, callback: Callback): void {
    this.callbackNumbers.set(entry, this.callbacks.push(callback));
  }

  addMethod(entry: unknown, method: Method): void {
    this.methodNumbers.set(entry, this.methods.push(method));
  }

  callback(number: number): Callback | undefined {
    return this.callbacks[number - 1];
  }

  method(number: number): Method | undefined {
    return this.methods[number - 1];
  }

  /** The name that the adapter has given to live data. */
  nameOf(pointer: object): string | undefined {
    return this.pointers.get(pointer);
  }

  encodeArgs(name: FunctionName, args: Readonly<Record<string, unknown>>): JsonObject {
    const encoded = mapHandles(name, args, encodeHandle);
    if (name === 'RtmRegisterEntity') {
      const { EventCallback, ExportMethods } = args;
      const callback = this.callbackNumbers.get(EventCallback);
      encoded['EventCallback'] = callback === undefined ? null : { callback };
      if (Array.isArray(ExportMethods)) {
        encoded['ExportMethods'] = ExportMethods.map((entry: unknown) => ({
          method: this.methodNumbers.get(entry) ?? 0,
        }));
      }
    }
    return encodeTimes(encoded) as JsonObject;
  }

  encodeFields(fields: Readonly<Record<string, unknown>>): JsonObject {
    return mapHandlesOf('RTM_ROUTE_INFO', fields, encodeHandle) as JsonObject;
  }

  /** Nothing of it is believed: whoever judges looks at its shape. */
  decodeOut(out: JsonObject): Record<string, unknown> {
    const decoded = decodeTimes(out) as Record<string, unknown>;
    for (const name of POINTERS) {
      const live = decoded[name];
      if (!isRecord(live) || typeof live['pointer'] !== 'string') continue;
      const value = live['value'];
      const data = name !== 'OpaqueInfoPointer' && isRecord(value) ? value : { value };
      this.pointers.set(data, live['pointer']);
      decoded[name] = data;
    }
    return decoded;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value) && typeof value !== 'function';
}

function encodeHandle(handle: unknown): unknown {
  return typeof handle === 'string' ? handle : NO_SUCH_HANDLE;
}

/** FILETIMEs have 64 bits: decimal text on the way. */
function encodeTimes(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(encodeTimes);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encodeTimes(inner)]));
}

/** Times of a structure that is not one of the OUT parameters, such as what comes with an event. */
export function decodeTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeTimes);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      // What the client keeps behind a pointer of its own comes back as it was.
      if (key === 'EntitySpecificInfo') return [key, inner];
      const isTime = key === 'LastChanged' && typeof inner === 'string' && /^\d{1,20}$/.test(inner);
      return [key, isTime ? BigInt(inner) : decodeTimes(inner)];
    }),
  );
}
