/** The messages of the adapter protocol as types. What each means is told in `protocol.ts`. */
import type { Level, Profile } from '../../../spec/index.ts';

type Nothing = Readonly<Record<string, never>>;

/** A JSON object whose members depend on the function called. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface InitializeParams {
  readonly protocol: { readonly min: number; readonly max: number };
  readonly suite: { readonly name: string; readonly version: string };
  readonly seed: number;
  readonly nonce: string;
  readonly limits: { readonly lineBytes: number };
}

export interface AdapterDescription {
  readonly protocol: number;
  readonly nonce: string;
  readonly implementation: {
    readonly name: string;
    readonly version: string;
    readonly language: string;
    readonly homepage?: string;
  };
  readonly levels: readonly Level[];
  readonly profile?: Profile;
  readonly capabilities: {
    /** Rung B: `program.run` on real threads. */
    readonly lanes: boolean;
    /** Rung C: sessions of mode `points`. */
    readonly points: boolean;
    readonly census?: boolean;
  };
}

export type SessionMode = 'sequential' | 'free' | 'points';

export interface OpParams {
  readonly session: string;
  readonly lane: number;
  readonly id: number;
  readonly name: string;
  readonly args: JsonObject;
}

/** Exactly one of `status`, `unsupported` and `errored` is there. */
export interface OpResult {
  readonly status?: number;
  readonly out?: JsonObject;
  readonly unsupported?: string;
  readonly errored?: string;
}

export interface LaneOp {
  readonly id: number;
  readonly name: string;
  readonly args: JsonObject;
}

export interface ProgramParams {
  readonly session: string;
  readonly lanes: readonly { readonly lane: number; readonly ops: readonly LaneOp[] }[];
  readonly schedule: { readonly kind: 'free' | 'yield'; readonly seed: number };
}

export interface HistoryEvent extends OpResult {
  readonly kind: 'invoke' | 'return';
  readonly lane: number;
  readonly id: number;
  /** Nanoseconds of a monotonic clock. */
  readonly t: number;
}

export interface CallbackParams {
  readonly session: string;
  readonly lane: number;
  readonly callback: number;
  readonly RtmRegHandle: string | null;
  readonly EventType: number;
  readonly Context1: unknown;
  readonly Context2: unknown;
  readonly history?: readonly HistoryEvent[];
}

export interface MethodParams {
  readonly session: string;
  readonly lane: number;
  readonly method: number;
  readonly CallerHandle: string | null;
  readonly CalleeHandle: string | null;
  readonly Input: {
    readonly MethodType: number;
    readonly InputSize: number;
    readonly InputData: readonly number[];
  };
  readonly history?: readonly HistoryEvent[];
}

export interface PointParams {
  readonly session: string;
  readonly lane: number;
  readonly label: string;
  readonly blocked?: boolean;
}

/** What the runner asks of the adapter. */
export interface RunnerRequests {
  initialize: { params: InitializeParams; result: AdapterDescription };
  'session.open': {
    params: { readonly session: string; readonly mode: SessionMode };
    result: Nothing;
  };
  op: { params: OpParams; result: OpResult };
  'program.run': { params: ProgramParams; result: { readonly history: readonly HistoryEvent[] } };
  quiesce: { params: { readonly session: string; readonly now: number }; result: Nothing };
  'pointer.write': {
    params: { readonly session: string; readonly pointer: string; readonly fields: JsonObject };
    result: Nothing;
  };
  'pointer.read': {
    params: { readonly session: string; readonly pointer: string };
    result: { readonly value: unknown };
  };
  census: {
    params: { readonly session: string };
    result: { readonly counts: Readonly<Record<string, readonly number[]>> };
  };
  'session.close': {
    params: { readonly session: string };
    result: { readonly leaks?: readonly string[] };
  };
  ping: { params: { readonly nonce?: string }; result: { readonly nonce?: string } };
  shutdown: { params: Nothing; result: Nothing };
}

export interface RunnerNotifications {
  resume: { readonly session: string; readonly lane: number };
  exit: Nothing;
  '$/cancel': { readonly id: number };
}

/** What the adapter asks of the runner. */
export interface AdapterRequests {
  'event.callback': { params: CallbackParams; result: { readonly status: number } };
  'event.method': {
    params: MethodParams;
    result: { readonly MethodStatus: number; readonly OutputData: readonly number[] };
  };
}

export interface AdapterNotifications {
  point: PointParams;
  log: { readonly message: string };
  fatal: { readonly message: string };
}

export type RunnerMethod = keyof RunnerRequests;
export type ParamsOf<M extends RunnerMethod> = RunnerRequests[M]['params'];
export type ResultOf<M extends RunnerMethod> = RunnerRequests[M]['result'];
export type RunnerNotice = keyof RunnerNotifications;
export type AdapterMethod = keyof AdapterRequests;
/** Notifications that belong to a session, and so reach its listener. */
export type SessionNotice = 'point';
