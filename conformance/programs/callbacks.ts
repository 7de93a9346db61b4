/** What runs in a client when the implementation calls it: event callbacks and exported methods. */
import type {
  EventCallback,
  ExportedMethod,
  MethodBody,
  MethodResult,
} from '../../harness/adapters/index.ts';
import type { Task } from '../../harness/index.ts';
import type { Reply } from '../../reference/model/index.ts';
import { events, eventTypeName, mapHandlesOf, statuses } from '../../spec/index.ts';
import type { CallbackScope, ClientState } from './client-state.ts';
import type { EventBody } from './connection.ts';
import { describeContext, isRecord } from './describe-reply.ts';
import {
  type Action,
  CALLBACK_DEPTH_MAX,
  type MethodScript,
  SCRIPT_RUNS_MAX,
} from './rtm-program.ts';
import type { Slot } from './slots.ts';

/** What the client around it does for it. */
export interface CallbackHost {
  /** Carries out an action of a script. */
  act(process: number, action: Action, scope: CallbackScope): Task<Reply | undefined>;
  /** Gives back the locks that a script has forgotten. */
  unlockAll(process: number): Task;
  /** Records that time has passed, if it has. */
  observeTime(): void;
}

/** Which callback it is: its number in the history, whose, and how deep. */
interface CallbackIdentity {
  readonly number: number;
  readonly slot: number;
  readonly depth: number;
  /** How often it has been called. */
  runs: number;
}

/** Who exports methods: known once its registration has returned. */
interface Exporter {
  slot: Slot | undefined;
}

export interface ExportedMethods {
  readonly entries: readonly ExportedMethod[];
  readonly exporter: Exporter;
}

/** What a callback does at an event, and what it returns. */
interface Behaviour {
  readonly script: readonly Action[];
  readonly answer: number;
}

export class Callbacks {
  private readonly state: ClientState;
  private readonly host: CallbackHost;
  private count = 0;

  constructor(state: ClientState, host: CallbackHost) {
    this.state = state;
    this.host = host;
  }

  newCallback(
    { slot, answer, expiryAnswer, onExpiry, onChange }: Extract<Action, { call: 'register' }>,
    script: readonly Action[],
    depth: number,
  ): { readonly number: number; readonly entry: EventCallback } {
    this.count += 1;
    const number = this.count;
    const identity = { number, slot, depth, runs: 0 };
    const behaviourAt = (EventType: number): Behaviour => {
      switch (EventType) {
        case events.RTM_ROUTE_EXPIRED:
          return { script: onExpiry ?? [], answer: expiryAnswer ?? statuses.NO_ERROR };
        case events.RTM_CHANGE_NOTIFICATION:
          return { script: onChange ?? script, answer: answer ?? statuses.NO_ERROR };
        default:
          return { script, answer: answer ?? statuses.NO_ERROR };
      }
    };
    const entry = this.state.connection.callback((...args) =>
      this.runCallback(identity, behaviourAt(args[1]), args),
    );
    return { number, entry };
  }

  private *runCallback(
    identity: CallbackIdentity,
    { script, answer }: Behaviour,
    [RtmRegHandle, EventType, Context1, Context2]: Parameters<EventBody>,
  ): Task<number> {
    const { recorder } = this.state;
    const { number, slot, depth } = identity;
    recorder.nameHandle(RtmRegHandle, `E${slot}`);
    const receiver = this.state.slots.slotOf(RtmRegHandle, slot, number);
    const process = this.state.newProcess();
    const self = recorder.tokenOf(RtmRegHandle);
    this.host.observeTime();
    const subject = recorder.tokenOf(Context1);
    const type = eventTypeName(EventType) ?? `event ${EventType}`;
    const what = `${type}(${recorder.nameOf(subject)}${describeContext(Context2)})`;
    const id = recorder.occur(process, {
      name: 'event',
      EventCallback: number,
      RtmRegHandle: self,
      EventType,
      Context1: subject,
      Context2: this.contextOf(EventType, Context2),
      ...(EventType === events.RTM_ROUTE_EXPIRED ? { answer } : {}),
    });
    this.state.rt.note(`callback of ${recorder.nameOf(self)}: ${what}`, `callback#${id}`);
    receiver.running += 1;
    const scope = { self: RtmRegHandle, subject: Context1, depth: depth + 1 };
    identity.runs += 1;
    const isActive =
      !this.state.isLeaving && depth < CALLBACK_DEPTH_MAX && identity.runs <= SCRIPT_RUNS_MAX;
    if (isActive) {
      for (const action of script) yield* this.host.act(process, action, scope);
    }
    yield* this.host.unlockAll(process);
    receiver.running -= 1;
    this.state.rt.note(`callback of ${recorder.nameOf(self)} returns`, 'callback-return');
    return answer;
  }

  /** Context2 as the model reads it: tokens in place of handles. */
  private contextOf(EventType: number, Context2: unknown): unknown {
    if (EventType !== events.RTM_ROUTE_EXPIRED) return Context2;
    return mapHandlesOf('RTM_ROUTE_INFO', Context2, (handle) =>
      this.state.recorder.tokenOf(handle),
    );
  }

  newMethods(
    { methods }: Extract<Action, { call: 'register' }>,
    depth: number,
  ): ExportedMethods | undefined {
    if (methods === undefined) return undefined;
    const exporter: Exporter = { slot: undefined };
    const entries = methods.map((method) => {
      let runs = 0;
      const entry = this.state.connection.method((...args) => {
        runs += 1;
        const isActive = depth < CALLBACK_DEPTH_MAX && runs <= SCRIPT_RUNS_MAX;
        const script = isActive ? method : { ...method, script: [] };
        return this.runMethod(exporter, script, depth, args);
      });
      this.state.methodIds.set(entry, method.id);
      return entry;
    });
    return { entries, exporter };
  }

  private *runMethod(
    exporter: Exporter,
    { id, script, status = statuses.NO_ERROR, output = [id] }: MethodScript,
    depth: number,
    [CallerHandle, CalleeHandle, Input]: Parameters<MethodBody>,
  ): Task<MethodResult> {
    const { recorder } = this.state;
    const process = this.state.newProcess();
    const self = exporter.slot?.handle ?? CalleeHandle;
    const input = isRecord(Input) ? Input : {};
    const data: unknown = input['InputData'];
    const place = recorder.occur(process, {
      name: 'method',
      Method: id,
      CallerHandle: recorder.tokenOf(CallerHandle),
      CalleeHandle: recorder.tokenOf(CalleeHandle),
      MethodType: Number(input['MethodType']),
      InputData: Array.isArray(data) ? data.map(Number) : [],
      OutputData: output,
    });
    this.state.rt.note(
      `method ${id} of ${recorder.nameOf(recorder.tokenOf(self))}`,
      `callback#${place}`,
    );
    const scope = { self, subject: CallerHandle, depth: depth + 1 };
    const [target, invoker] = [exporter.slot, this.invoker()];
    if (target !== undefined) target.methodsRunning += 1;
    if (invoker !== undefined) invoker.invocationsRunning += 1;
    for (const action of script ?? []) yield* this.host.act(process, action, scope);
    yield* this.host.unlockAll(process);
    if (target !== undefined) target.methodsRunning -= 1;
    if (invoker !== undefined) invoker.invocationsRunning -= 1;
    this.state.rt.note(`method ${id} returns`, 'callback-return');
    return { MethodStatus: status, OutputData: output };
  }

  /** Whose invocation runs a method that begins now, where only one client is invoking any. */
  private invoker(): Slot | undefined {
    const { calls, slots } = this.state;
    const invocations = [...calls.open].filter(({ name }) => name === 'RtmInvokeMethod');
    const [only, ...others] = new Set(invocations.map(({ handle }) => handle));
    return others.length === 0 ? slots.byHandle.get(only) : undefined;
  }
}
