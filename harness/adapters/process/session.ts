/**
 * One execution's conversation with an adapter: what has been asked in which lane, what has come, and when
 * it is seen.
 *
 * Everything is seen at the moments at which the driver looks (`Outside`), one event at a time, so that an
 * execution is a function of the schedule and of what the adapter says. In mode `points` one lane runs at a
 * time, and so is what the adapter says. In mode `sequential` a lane runs on until it answers, or waits for
 * another lane, which at-rest.ts tells. In mode `free` calls are gathered while anybody can go on, and then
 * made at once, as a round.
 */
import { type Arrival, inOrder, LATE_ANSWER, requestEvent } from './arrivals.ts';
import { untilAtRest } from './at-rest.ts';
import { Errands } from './errands.ts';
import { AdapterFault, AdapterRefusal } from './fault.ts';
import type { Lane, LaneEvent } from './lane.ts';
import { Lanes } from './lanes.ts';
import type {
  AdapterMethod,
  AdapterNotifications,
  AdapterRequests,
  HistoryEvent,
  LaneOp,
  ParamsOf,
  RunnerMethod,
  SessionMode,
} from './messages.ts';
import { News } from './news.ts';
import { OpenCallbacks } from './open-callbacks.ts';
import { Requests } from './requests.ts';
import { Rounds } from './rounds.ts';
import { type AdapterLink, SESSION_CLOSED } from './types.ts';

export interface SessionOptions {
  readonly link: AdapterLink;
  readonly name: string;
  readonly mode: SessionMode;
  /** For the pauses within rounds. */
  readonly schedule: ParamsOf<'program.run'>['schedule'];
  /** The implementation has threads of its own, which are waited for too. */
  readonly isWatchful: boolean;
  /** Serves a lane of the implementation's own in a new thread; returns its id. */
  readonly serve: (lane: number) => number;
}

/** Who answers at all mostly does so at once, and need not be looked at. */
const PROMPT_MS = 2;

export class Session {
  readonly mode: SessionMode;
  /** The adapter has broken a rule that only a session knows of. */
  problem: string | undefined = undefined;
  /** What has ended the adapter. */
  fault: AdapterFault | undefined = undefined;
  /** Grows whenever a lane gets on: whoever is blocked may try again. */
  progress = 0;
  /** The implementation has been seen to have threads of its own. */
  isWatchful: boolean;
  /** The adapter has said that it is closed. */
  isClosed = false;
  readonly name: string;
  private readonly link: AdapterLink;
  private readonly requests: Requests;
  private readonly options: SessionOptions;
  private readonly lanes = new Lanes();
  private readonly stopListening: () => void;
  private readonly errands = new Errands();
  /** Come, and not yet to be seen. */
  private arrived: Arrival[] = [];
  /** To be seen, in this order. */
  private ready: Arrival[] = [];
  private readonly rounds: Rounds;
  private readonly callbacks = new OpenCallbacks();
  private lastId = 0;
  private isOver = false;
  /** Of the new time nothing has been seen yet. */
  private isTimeTold = false;
  private readonly news = new News();

  constructor(options: SessionOptions) {
    const { link, name, mode } = options;
    this.link = link;
    this.requests = new Requests(link);
    this.name = name;
    this.mode = mode;
    this.options = options;
    this.isWatchful = options.isWatchful;
    this.rounds = new Rounds((lane, event) => {
      this.arrive(lane, event);
    });
    this.stopListening = link.listen(name, {
      request: async (method, params) => this.asked(method, params),
      notification: (_method, params) => {
        this.pointReached(params);
      },
    });
    void link.ended.then((fault) => {
      this.fault = fault;
      this.news.tell();
    });
  }

  // --- For threads ----------------------------------------------------------------------------------

  laneOf(thread: number): Lane {
    return this.lanes.of(thread);
  }

  /** Whether a call in `lane` is made together with those of other lanes. */
  gathers(lane: Lane): boolean {
    return this.mode === 'free' && !lane.isBackground && lane.callbacks === 0;
  }

  /** Makes a call, whose result will be an event of the lane; in a round, so will its beginning. */
  call(lane: Lane, name: string, args: LaneOp['args']): void {
    const op = { id: this.newId(lane), name, args };
    if (this.gathers(lane)) this.rounds.gather(lane, op);
    else this.sendOp(lane, op);
  }

  /** Asks something of the session as a whole; the answer will be an event of the lane. */
  ask<M extends RunnerMethod>(lane: Lane, method: M, params: ParamsOf<M>): void {
    const id = this.newId(lane);
    lane.state = 'going';
    this.progress += 1;
    const errand = method === 'quiesce' ? this.errands.begin(this.isCalledBack) : undefined;
    this.requests.ask(method, params).then(
      (value) => {
        this.errands.end(errand);
        this.arrive(lane, { kind: 'answer', id, value });
      },
      (error: unknown) => {
        this.refuse(lane, id, error);
      },
    );
  }

  /** Whether the client's code is running, called by the implementation. */
  get isCalledBack(): boolean {
    return this.callbacks.size > 0;
  }

  /** Lets time pass while callbacks are running, which the answer waits for: nobody else does. */
  tellTime(now: number): void {
    this.isTimeTold = true;
    this.progress += 1;
    // What ends the link is told by `ended`; of an answer nobody is in need.
    this.requests.ask('quiesce', { session: this.name, now }).catch(() => {});
  }

  /** Has the lane go on from the point at which it stands. */
  resume(lane: Lane): void {
    lane.state = 'going';
    this.errands.setWaiting(false);
    this.link.notify('resume', { session: this.name, lane: lane.id });
  }

  /** The call or question that `event` ends is open no more. */
  taken(lane: Lane, event: LaneEvent): void {
    if ('id' in event && event.kind !== 'begun') lane.open.pop();
    const blockedBy = event.kind === 'point' && event.isBlocked ? event.label : undefined;
    // What fails again has changed nothing; what fails for the first time has come there.
    if (blockedBy === undefined || blockedBy !== lane.blockedBy) this.progress += 1;
    lane.blockedBy = blockedBy;
  }

  // --- For the driver -------------------------------------------------------------------------------

  /** See `Outside`. */
  async settled(nobodyCanGoOn: () => boolean): Promise<void> {
    if (this.ready.length > 0) return;
    if (this.rounds.isWanted && !this.isAwaited() && nobodyCanGoOn()) this.sendRound();
    while (this.isAwaited() && !this.hasEnded()) {
      if (await this.tells()) continue;
      this.lanes.takeForWaiting();
      this.errands.setWaiting(true);
    }
    if (this.hasOthersAtWork()) await untilAtRest(this.link.pid, () => this.hasEnded());
    this.isTimeTold = false;
    this.ready.push(...(this.mode === 'free' ? this.arrived : inOrder(this.arrived)));
    this.arrived = [];
  }

  /** Hands the next event to the thread it is for, and tells which that is. */
  handOver(start: () => void): number | undefined {
    for (const [index, arrival] of this.ready.entries()) {
      let lane = this.lanes.get(arrival.lane);
      if (lane === undefined) {
        lane = this.lanes.add(arrival.lane, this.options.serve(arrival.lane));
        start();
      }
      if (!lane.takes(arrival.event)) continue;
      this.ready.splice(index, 1);
      lane.hand(arrival.event);
      return lane.thread;
    }
    return undefined;
  }

  /** Whether something is owed that nobody but the adapter can bring. */
  isOwed(): boolean {
    // What has come since the driver last looked is not to be forgotten.
    return this.arrived.length > 0 || this.errands.size > 0 || this.owing() !== undefined;
  }

  /** A lane that something was asked of and that has not answered: whom an end is charged to. */
  owing(): Lane | undefined {
    return this.lanes.owing();
  }

  /** Whether anything has come that has not been seen, or comes within `ms` if given. */
  async hasNews(ms?: number): Promise<boolean> {
    return this.arrived.length > 0 || this.comes(ms);
  }

  /** Whether anything more comes, within `ms` if given. */
  private async comes(ms?: number): Promise<boolean> {
    return this.hasEnded() || this.news.next(ms);
  }

  /** Whether the lanes of the implementation itself can do nothing but try again what has just failed. */
  isBackgroundQuiet(): boolean {
    return this.mode !== 'points' || this.lanes.isBackgroundQuiet(this.progress);
  }

  /** Nothing of it is seen any more. Callbacks return, but for those inside which a call has not. */
  abandon(): void {
    this.isOver = true;
    this.callbacks.abandon((lane) => (this.lanes.get(lane)?.state ?? 'idle') === 'idle');
  }

  /** Resolves when all that was asked is answered, or will not be. */
  async drained(): Promise<void> {
    const isDone = (): boolean => this.requests.open === 0 || this.fault !== undefined;
    // A lane that stands at a point stays there.
    if (isDone() || this.mode === 'points') return;
    await untilAtRest(this.link.pid, isDone);
  }

  end(): void {
    this.stopListening();
  }

  // --- Private --------------------------------------------------------------------------------------

  private newId(lane: Lane): number {
    this.lastId += 1;
    lane.open.push(this.lastId);
    return this.lastId;
  }

  private sendOp(lane: Lane, op: LaneOp): void {
    lane.state = 'going';
    this.requests.ask('op', { session: this.name, lane: lane.id, ...op }).then(
      (result) => {
        this.arrive(lane, { kind: 'result', id: op.id, result });
      },
      (error: unknown) => {
        this.refuse(lane, op.id, error);
      },
    );
  }

  private sendRound(): void {
    const { calls, isWhole } = this.rounds.next();
    if (!isWhole) {
      for (const { lane, op } of calls) this.sendOp(lane, op);
      return;
    }
    const errand = this.errands.begin(this.isCalledBack);
    const lanes = calls.map(({ lane, op }) => ({ lane: lane.id, ops: [op] }));
    const { schedule } = this.options;
    this.requests.ask('program.run', { session: this.name, lanes, schedule }).then(
      ({ history }) => {
        this.errands.end(errand);
        this.happened(history);
        this.news.tell();
      },
      (error: unknown) => {
        const [first] = calls;
        if (first !== undefined) this.refuse(first.lane, first.op.id, error);
      },
    );
  }

  /** What has happened in the round that is under way. */
  private happened(history: readonly HistoryEvent[]): void {
    const problem = this.rounds.happened(history);
    if (problem !== undefined) this.complain(problem);
  }

  private async asked<M extends AdapterMethod>(
    method: M,
    params: AdapterRequests[M]['params'],
  ): Promise<AdapterRequests[M]['result']> {
    return new Promise((resolve) => {
      const { lane: id, history } = params;
      if (history !== undefined) this.happened(history);
      if (this.isOver || !this.mayCallBack(id, method)) {
        resolve(LATE_ANSWER);
        return;
      }
      // The listener's own types say what each method is answered with.
      const returns = resolve as (result: unknown) => void;
      const answer = this.callbacks.begin(id, returns, () => {
        this.answered(id);
      });
      this.errands.setWaiting(true);
      this.rounds.seeAll();
      this.arriveIn(id, requestEvent(method, params, answer));
    });
  }

  private mayCallBack(id: number, method: string): boolean {
    if (id < 0) return true;
    const lane = this.lanes.get(id);
    if (lane !== undefined && lane.open.length > 0) return true;
    this.complain(`${method} comes in lane ${id}, in which no call is under way`);
    return false;
  }

  private answered(id: number): void {
    const lane = this.lanes.get(id);
    // A call of a round goes on with the round; a background lane may have nothing more to say.
    const isOwn = lane !== undefined && !this.rounds.isRunning(lane.open.at(-1));
    if (isOwn && (this.mode === 'points' || !lane.isBackground)) lane.state = 'going';
    if (this.callbacks.size > 0) return;
    this.errands.setWaiting(false);
  }

  private pointReached({ lane: id, label, blocked }: AdapterNotifications['point']): void {
    if (this.isOver) return;
    if (this.mode !== 'points') {
      this.complain(`point '${label}' in lane ${id}, although the session is not of mode 'points'`);
      return;
    }
    const lane = this.lanes.get(id);
    if (id >= 0 && (lane === undefined || lane.state === 'idle')) {
      this.complain(`point '${label}' in lane ${id}, which has not been set going`);
      return;
    }
    this.arriveIn(id, { kind: 'point', label, isBlocked: blocked === true });
  }

  private refuse(lane: Lane, id: number, error: unknown): void {
    // The end of the link is told by `ended`.
    if (error instanceof AdapterFault || this.isOver) return;
    if (error instanceof AdapterRefusal && error.code === SESSION_CLOSED) return;
    const message = error instanceof Error ? error.message : String(error);
    this.arrive(lane, { kind: 'refused', id, message });
  }

  private complain(message: string): void {
    this.problem ??= message;
    this.news.tell();
  }

  private arrive(lane: Lane, event: LaneEvent): void {
    lane.state = 'idle';
    this.arrived.push({ lane: lane.id, event });
    this.news.tell();
  }

  private arriveIn(id: number, event: LaneEvent): void {
    const lane = this.lanes.get(id);
    if (id < 0) this.isWatchful = true;
    if (lane !== undefined) {
      this.arrive(lane, event);
      return;
    }
    this.arrived.push({ lane: id, event });
    this.news.tell();
  }

  private isAwaited(): boolean {
    return this.errands.isAwaited || this.lanes.has('going');
  }

  /** Whether anything comes before all that has been set going is at rest. */
  private async tells(): Promise<boolean> {
    if (await this.comes(PROMPT_MS)) return true;
    const isSure = this.mode === 'points' && this.owing()?.isBackground === false;
    if (isSure) return this.comes();
    const before = this.arrived.length;
    await untilAtRest(this.link.pid, () => this.arrived.length > before || this.hasEnded());
    return this.arrived.length > before || this.hasEnded();
  }

  /** Somebody may say something whom nobody has asked just now. */
  private hasOthersAtWork(): boolean {
    if (this.mode === 'points' || this.hasEnded()) return false;
    if (this.isWatchful || this.isTimeTold) return true;
    return this.lanes.has('waiting');
  }

  private hasEnded(): boolean {
    return this.fault !== undefined || this.problem !== undefined || this.isOver;
  }
}
