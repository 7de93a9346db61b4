/**
 * An RTM in another process, as tasks of the harness: calls, callbacks and points of lanes become steps of
 * threads. A lane is the thread of the harness whose calls it makes; a lane of the implementation's own is
 * served by a daemon.
 */
import type { Runtime, Task } from '../../runtime/types.ts';
import { resultOf } from '../call.ts';
import type { Outside, OutsideFailure } from '../drive-async.ts';
import { problemOfReply, type MethodName } from '../reply-shape.ts';
import { AdapterFault } from './fault.ts';
import type { Lane, LaneEvent } from './lane.ts';
import type { OpResult, ParamsOf, ResultOf, RunnerMethod, SessionMode } from './messages.ts';
import { Session } from './session.ts';
import type { AdapterLink } from './types.ts';
import { decodeTimes, SessionValues } from './values.ts';

type EventCode = (
  RtmRegHandle: unknown,
  EventType: number,
  Context1: unknown,
  Context2: unknown,
) => Task<number>;

type MethodCode = (
  CallerHandle: unknown,
  CalleeHandle: unknown,
  Input: unknown,
) => Task<{ readonly MethodStatus: number; readonly OutputData: readonly number[] }>;

/** How executions are made from now on. */
export interface ExecutionMode {
  readonly mode: SessionMode;
  /** No harm is in calls that do not return: they are not waited for long. */
  readonly mayHang?: boolean;
  /** Asks for the live objects after every call. */
  readonly counts?: boolean;
  readonly schedule?: ParamsOf<'program.run'>['schedule'];
}

/** Milliseconds that something is waited for which need not come. */
const HANG_MS = 200;
const FREE = { kind: 'free', seed: 0 } as const;

/** The label of the point by which a lane of the implementation's own says that it has ended. */
export const LANE_END = 'end';

export class RemoteRtm implements Outside {
  /** What has ended the last adapter, if that was not the runner. */
  last: AdapterFault | undefined = undefined;
  /** What has ended adapters since the last `takeFaults`. */
  private faults: AdapterFault[] = [];
  private readonly start: () => Promise<AdapterLink>;
  private link: AdapterLink | undefined;
  private session: Session | undefined = undefined;
  private execution: ExecutionMode = { mode: 'sequential' };
  private sessions = 0;
  private isWatchful = false;

  /** `start` is called whenever there is no adapter alive; it rejects when there shall be no more. */
  constructor(link: AdapterLink, start: () => Promise<AdapterLink>) {
    this.link = link;
    this.start = start;
  }

  configure(execution: ExecutionMode): void {
    this.execution = execution;
  }

  takeFaults(): readonly AdapterFault[] {
    const { faults } = this;
    this.faults = [];
    return faults;
  }

  /** Ends the adapter: the next execution has a fresh one. */
  async discard(): Promise<void> {
    const { link } = this;
    this.link = undefined;
    await link?.kill();
  }

  async close(): Promise<void> {
    const { link } = this;
    this.link = undefined;
    await link?.close();
  }

  /** A fresh RTM for the execution that has begun. */
  *open(rt: Runtime): Task<RemoteSession> {
    const { link, execution } = this;
    if (link === undefined) throw new AdapterFault('closed', 'the adapter has been closed');
    this.sessions += 1;
    const name = `s${this.sessions}`;
    const session: Session = new Session({
      link,
      name,
      mode: execution.mode,
      schedule: execution.schedule ?? FREE,
      isWatchful: this.isWatchful,
      serve: (lane) => rt.spawn(`background ${-lane}`, () => remote.serve(), { daemon: true }).id,
    });
    const remote: RemoteSession = new RemoteSession(rt, session, name, execution.counts === true);
    this.session = session;
    yield* remote.ask('session.open', { session: name, mode: execution.mode });
    return remote;
  }

  // --- For the driver -------------------------------------------------------------------------------

  async begin(): Promise<void> {
    if (this.link !== undefined) return;
    this.link = await this.start();
    this.last = undefined;
  }

  async settled(nobodyCanGoOn: () => boolean): Promise<void> {
    await this.session?.settled(nobodyCanGoOn);
  }

  handOver(start: () => void): number | undefined {
    return this.session?.handOver(start);
  }

  async stuck(): Promise<boolean> {
    const { session } = this;
    if (session === undefined || !session.isOwed()) return false;
    return session.hasNews(this.execution.mayHang === true ? HANG_MS : undefined);
  }

  failure(): OutsideFailure | undefined {
    const { session } = this;
    const thread = session?.owing()?.thread;
    const charged = thread === undefined ? {} : { thread };
    if (session?.fault !== undefined) {
      const { message } = session.fault;
      return { kind: kindOf(session.fault), message, ...charged };
    }
    if (session?.problem === undefined) return undefined;
    return { kind: 'adapter-error', message: session.problem, ...charged };
  }

  async end(): Promise<void> {
    const { session, link } = this;
    this.session = undefined;
    if (session === undefined || link === undefined) return;
    this.isWatchful ||= session.isWatchful;
    session.abandon();
    await session.drained();
    if (session.fault === undefined && !session.isClosed) {
      // An adapter that cannot close a session is good for nothing any more; the link tells.
      await link.request('session.close', { session: session.name }).catch(() => {});
    }
    session.end();
    if (session.fault === undefined) return;
    this.last = session.fault;
    this.faults.push(session.fault);
    await this.discard();
  }
}

/** Kinds of the failure of an execution. */
function kindOf({ kind }: AdapterFault): string {
  if (kind === 'crash' || kind === 'timeout') return kind;
  return 'adapter-error';
}

/** One RTM: what calls, callbacks and the passing of time are to the threads of an execution. */
export class RemoteSession {
  private readonly rt: Runtime;
  private readonly session: Session;
  private readonly name: string;
  private readonly counts: boolean;
  private readonly values = new SessionValues<EventCode, MethodCode>();
  private lastCounts: ResultOf<'census'>['counts'] | undefined = undefined;

  constructor(rt: Runtime, session: Session, name: string, counts: boolean) {
    this.rt = rt;
    this.session = session;
    this.name = name;
    this.counts = counts;
  }

  /** The live objects as of the last call or moment of quiet. */
  census(): ResultOf<'census'>['counts'] | undefined {
    return this.lastCounts;
  }

  /** Names what stands for a callback of the client. */
  addCallback(entry: unknown, code: EventCode): void {
    this.values.addCallback(entry, code);
  }

  addMethod(entry: unknown, code: MethodCode): void {
    this.values.addMethod(entry, code);
  }

  /** As `call` of call.ts. */
  *call(
    name: MethodName,
    args: Readonly<Record<string, unknown>>,
    started: () => void,
  ): Task<{ readonly status: number; readonly out?: Record<string, unknown> }> {
    const { rt, session } = this;
    yield* rt.point(name);
    const lane = this.lane();
    const isGathered = session.gathers(lane);
    if (!isGathered) started();
    session.call(lane, name, this.values.encodeArgs(name, args));
    const event = yield* this.until(lane, name, (one) => {
      if (one.kind === 'begun') started();
    });
    if (event.kind !== 'result')
      throw this.fail(`${name}: ${'message' in event ? event.message : ''}`);
    const reply = this.replyOf(name, args, event.result);
    yield* this.count();
    return reply;
  }

  /** Asks something of the session as a whole. */
  *ask<M extends RunnerMethod>(method: M, params: ParamsOf<M>): Task<ResultOf<M>> {
    const lane = this.lane();
    this.session.ask(lane, method, params);
    const event = yield* this.until(lane, method);
    if (event.kind !== 'answer')
      throw this.fail(`${method}: ${'message' in event ? event.message : ''}`);
    // The link has held it against the protocol.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return event.value as ResultOf<M>;
  }

  /** Lets virtual time pass, here and there. */
  *sleep(ms: number): Task {
    yield* this.rt.sleep(ms);
    // Who sleeps inside a callback cannot wait until there is none.
    if (this.session.isCalledBack) {
      this.session.tellTime(this.rt.now());
      return;
    }
    yield* this.backgroundQuiet();
    yield* this.ask('quiesce', { session: this.name, now: this.rt.now() });
    yield* this.backgroundQuiet();
    yield* this.count();
  }

  *close(): Task<readonly string[]> {
    const { leaks } = yield* this.ask('session.close', { session: this.name });
    this.session.isClosed = true;
    return leaks ?? [];
  }

  *writePointer(pointer: object, fields: Readonly<Record<string, unknown>>): Task {
    const name = this.values.nameOf(pointer);
    if (name === undefined) return;
    const encoded = this.values.encodeFields(fields);
    yield* this.ask('pointer.write', { session: this.name, pointer: name, fields: encoded });
  }

  *readPointer(pointer: object): Task<unknown> {
    const name = this.values.nameOf(pointer);
    if (name === undefined) return undefined;
    return (yield* this.ask('pointer.read', { session: this.name, pointer: name })).value;
  }

  /** Serves a lane of the implementation's own, as the running thread. */
  *serve(): Task {
    const lane = this.lane();
    while (true) {
      const event = yield* this.next(lane, 'background');
      const isEnd = event.kind === 'point' && event.label === LANE_END;
      if (isEnd) lane.blockedAt = Infinity;
      else yield* this.handle(lane, event);
    }
  }

  // --- Private --------------------------------------------------------------------------------------

  /** The lane of the running thread. */
  private lane(): Lane {
    return this.session.laneOf(this.rt.current()?.id ?? 0);
  }

  /** Serves what comes in a lane until the call or question that was made last is answered. */
  private *until(
    lane: Lane,
    label: string,
    begun: (event: LaneEvent) => void = () => {},
  ): Task<LaneEvent> {
    while (true) {
      const event = yield* this.next(lane, label);
      if (event.kind === 'result' || event.kind === 'answer' || event.kind === 'refused')
        return event;
      begun(event);
      yield* this.handle(lane, event);
    }
  }

  private *next(lane: Lane, label: string): Task<LaneEvent> {
    const event = (yield* resultOf(lane.nextEvent(), label)) as LaneEvent;
    this.session.taken(lane, event);
    return event;
  }

  private *handle(lane: Lane, event: LaneEvent): Task {
    if (event.kind === 'callback') {
      const { callback, RtmRegHandle, EventType, Context1, Context2 } = event.params;
      const code = this.values.callback(callback);
      if (code === undefined) throw this.fail(`event.callback: no callback has number ${callback}`);
      lane.callbacks += 1;
      const status = yield* code(RtmRegHandle, EventType, Context1, decodeTimes(Context2));
      yield* this.rt.point('callback returns');
      lane.callbacks -= 1;
      event.answer(status);
    } else if (event.kind === 'method') {
      const { method, CallerHandle, CalleeHandle, Input } = event.params;
      const code = this.values.method(method);
      if (code === undefined) throw this.fail(`event.method: no method has number ${method}`);
      lane.callbacks += 1;
      const result = yield* code(CallerHandle, CalleeHandle, Input);
      yield* this.rt.point('method returns');
      lane.callbacks -= 1;
      event.answer(result);
    } else if (event.kind === 'point') {
      yield* this.standAt(lane, event.label, event.isBlocked);
    }
  }

  /** A point of the implementation: the scheduler says when the lane goes on. */
  private *standAt(lane: Lane, label: string, isBlocked: boolean): Task {
    const { rt, session } = this;
    if (isBlocked) {
      const before = session.progress;
      lane.blockedAt = before;
      yield* rt.atomic(0, label).waitUntil(() => session.progress > before);
      lane.blockedAt = -1;
    } else {
      yield* rt.point(label);
      rt.note(label, 'point');
    }
    session.resume(lane);
  }

  /** Waits until the lanes of the implementation's own have done what they can, in mode `points`. */
  private *backgroundQuiet(): Task {
    const { rt, session } = this;
    if (session.isBackgroundQuiet()) return;
    yield* rt.atomic(0, 'background').waitUntil(() => session.isBackgroundQuiet());
  }

  private *count(): Task {
    if (this.counts) this.lastCounts = (yield* this.ask('census', { session: this.name })).counts;
  }

  private replyOf(
    name: MethodName,
    args: Readonly<Record<string, unknown>>,
    { status, out, unsupported, errored }: OpResult,
  ): { readonly status: number; readonly out?: Record<string, unknown> } {
    if (unsupported !== undefined) {
      this.failAs(
        'exception',
        `${name} is not supported, although its level is claimed: ${unsupported}`,
      );
    }
    if (errored !== undefined) this.failAs('exception', `${name} has failed: ${errored}`);
    const reply = {
      status: status ?? 0,
      ...(out === undefined ? {} : { out: this.values.decodeOut(out) }),
    };
    const problem = problemOfReply(name, args, reply);
    if (problem !== undefined) throw this.fail(`${name}: ${problem}`);
    return reply;
  }

  private fail(message: string): never {
    return this.failAs('adapter-error', message);
  }

  private failAs(kind: string, message: string): never {
    return this.rt.fail(kind, message);
  }
}
