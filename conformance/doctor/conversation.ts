/** A session in which callbacks wait until they are let go, so that what happens meanwhile can be seen. */
import type {
  AdapterLink,
  CallbackParams,
  HistoryEvent,
  JsonObject,
  LaneOp,
  OpResult,
  SessionListener,
} from '../../harness/adapters/process/index.ts';
import { constants } from '../../spec/index.ts';

export interface HeldCallback {
  readonly lane: number;
  /** Of a `program.run`: what has happened before it. */
  readonly history: readonly HistoryEvent[];
  readonly answer: () => void;
}

/** A function of no version of rtmv2.h: every adapter can answer at once. */
export const NO_FUNCTION = 'RtmTakeTheTemperature';

export class Conversation implements SessionListener {
  readonly link: AdapterLink;
  readonly name: string;
  readonly callbacks: HeldCallback[] = [];
  /** Labels of the points that lanes have stood at, in order. */
  readonly points: string[] = [];
  /** Answers callbacks when they come. */
  isPrompt = false;
  #changed: () => void = () => {};
  #lastId = 0;

  constructor(link: AdapterLink, name: string) {
    this.link = link;
    this.name = name;
    link.listen(name, this);
  }

  op(name: string, args: JsonObject): LaneOp {
    this.#lastId += 1;
    return { id: this.#lastId, name, args };
  }

  call(lane: number, name: string, args: JsonObject): Promise<OpResult> {
    return this.link.request('op', { session: this.name, lane, ...this.op(name, args) });
  }

  /** Registers the entity `instance`, with a callback if that has a number. */
  register(lane: number, instance: number, callback?: number): Promise<OpResult> {
    return this.call(lane, 'RtmRegisterEntity', registration(instance, callback));
  }

  close(): Promise<unknown> {
    return this.link.request('session.close', { session: this.name });
  }

  /** Whether `count` callbacks come within `ms`. */
  async hasCallbacks(count: number, ms: number): Promise<boolean> {
    const come = new Promise<boolean>((resolve) => {
      this.#changed = () => {
        if (this.callbacks.length >= count) resolve(true);
      };
    });
    this.#changed();
    return Promise.race([come, wait(ms).then(() => false)]);
  }

  async request(_method: string, params: unknown): Promise<never> {
    const { lane, history = [] } = params as CallbackParams;
    await new Promise<void>((resolve) => {
      this.callbacks.push({ lane, history, answer: resolve });
      if (this.isPrompt) resolve();
      this.#changed();
    });
    return { status: 0 } as never;
  }

  notification(_method: string, params: unknown): void {
    const { lane, label } = params as { readonly lane: number; readonly label: string };
    this.points.push(label);
    this.link.notify('resume', { session: this.name, lane });
  }
}

export function registration(EntityInstanceId: number, callback?: number): JsonObject {
  return {
    RtmEntityInfo: {
      RtmInstanceId: 0,
      AddressFamily: constants.AF_INET,
      EntityId: { EntityProtocolId: 10_000, EntityInstanceId },
    },
    ExportMethods: null,
    EventCallback: callback === undefined ? null : { callback },
    ReserveOpaquePointer: false,
  };
}

/** Undefined if it is what a call returns that succeeds. */
export function problemOf(
  name: string,
  { status, unsupported, errored }: OpResult,
): string | undefined {
  if (status === 0) return undefined;
  if (unsupported !== undefined) return `${name} is not supported: ${unsupported}`;
  return errored === undefined ? `${name} returned ${status}` : `${name} was not made: ${errored}`;
}

export async function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
