/**
 * Makes a failing schedule as small as can be: fewest threads that take a step, then context switches, then steps, then
 * the first in the order of thread ids, so that whatever found the bug, the same trace explains it.
 *
 * First the schedule at hand is simplified step by step, as in "A trace simplification technique for
 * effective debugging of concurrent programs" (Jalbert and Sen, FSE 2010). Then all schedules with
 * fewer switches are searched, from none upwards, as far as the budget goes, and all with fewer threads; when it
 * suffices, the result is not merely locally minimal. Every candidate is executed, and only one that fails in the same
 * way counts.
 */
import { badOption, checkShapes, requireWhole, type Shapes } from '../exploration/option-shapes.ts';
import { drive, type Runs } from '../exploration/run.ts';
import { engineOptions, scheduleRun } from '../exploration/replay.ts';
import { segmentsOf, stepsOf, switchesOf, threadsOf } from '../exploration/schedule.ts';
import { NONE } from '../exploration/token-content.ts';
import { decodeToken } from '../exploration/token.ts';
import type { DetectOptions, Execution, Failure, ScheduleSegment } from '../exploration/types.ts';
import { HarnessError } from '../errors.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { ABANDON, type Strategy } from '../scheduling/strategy.ts';
import { findCriticalSwitch } from './critical-switch.ts';
import { GuidedSchedule } from './guided-schedule.ts';
import { simplifications } from './simplifications.ts';
import { SwitchBounded } from './switch-bounded.ts';

const STEPS_BUDGET_DEFAULT = 2_000_000;
const STEPS_MAX = 10_000;
/** Steps to spend on showing that fewer threads do not fail: with many switches there is no end to it. */
const THREADS_BUDGET = 100_000;

export interface MinimizeOptions {
  /** As in the exploration that found the failure; all on by default. */
  readonly detect?: DetectOptions;
  /** The most steps to spend on candidates, all executions together. Default 2,000,000. */
  readonly steps?: number;
}

const OPTIONS: Shapes<MinimizeOptions> = { detect: 'object', steps: 'number' };

export interface MinimizedFailure extends Failure {
  readonly minimization: {
    readonly executions: number;
    readonly switches: { readonly from: number; readonly to: number };
    readonly steps: { readonly from: number; readonly to: number };
    readonly threads: { readonly from: number; readonly to: number };
    /** All schedules of as many threads with fewer switches or steps have been tried, so that none fails. */
    readonly exhaustive: boolean;
    readonly minimal: MinimalUnder;
  };
}

/** What a schedule is minimal under, each among those that are minimal under what comes before. */
export interface MinimalUnder {
  /** Threads that take a step. */
  readonly threads: Minimality;
  /** What the threads do is the program's own: whoever makes up programs, such as fast-check, leaves out some of it. */
  readonly operations: Minimality;
  /** Context switches. */
  readonly switches: Minimality;
  readonly steps: Minimality;
}

/** `proved`: nothing smaller fails; `local`: nothing smaller that was tried; `given`: it was not to be made smaller. */
export type Minimality = 'proved' | 'local' | 'given';

/** What must stay the same while a failure is made smaller: its kind, and its message but for numbers. */
export function signatureOf(failure: { readonly kind: string; readonly message: string }): string {
  // Who waits for whom, or who is accessed by whom, may change while the mistake stays the same.
  const byKindAlone = ['deadlock', 'livelock', 'data-race'];
  if (byKindAlone.includes(failure.kind)) return failure.kind;
  // Of an operation that is not atomic: which one, whoever came in between.
  if (failure.kind === 'atomicity') return failure.message.split('`').slice(0, 2).join('`');
  return `${failure.kind}: ${failure.message.replaceAll(/\d+/g, '#')}`;
}

/** `program` must be the one that `failure` was found in. */
export function minimize(
  program: Program,
  failure: Failure,
  options: MinimizeOptions = {},
): MinimizedFailure {
  checkShapes(options, OPTIONS);
  return drive(minimization(program, failure, options));
}

/** As `minimize`, but leaves it to the caller how executions are run. */
export function* minimization(
  program: Program,
  failure: Failure,
  options: MinimizeOptions = {},
): Runs<MinimizedFailure> {
  requireWhole('steps', options.steps, { least: 0, most: Infinity });
  checkFailure(failure);
  const search = new Search(program, failure, options);
  const { areFewestThreads, isSmallest } = yield* search.run();
  const runBest = (critical: number): Runs<Execution> =>
    scheduleRun(program, search.best, {
      ...(options.detect === undefined ? {} : { detect: options.detect }),
      fairSteps: search.fairSteps,
      stopAtRace: failure.kind === 'data-race',
      critical,
    });
  let best = yield* runBest(NONE);
  if (search.fairSteps === 0) {
    const critical = yield* findCriticalSwitch(best, (schedule) => search.fails(schedule));
    best = yield* runBest(critical);
  }
  if (best.failure === undefined || signatureOf(best.failure) !== signatureOf(failure)) {
    throw new HarnessError(
      'token-mismatch',
      `The schedule of the failure '${failure.kind}' does not lead to it in this program. ` +
        'Either the failure belongs to another program, or this one depends on something besides the schedule.',
    );
  }
  return {
    ...best.failure,
    minimization: {
      executions: search.executions,
      switches: { from: switchesOf(failure.schedule), to: switchesOf(best.schedule) },
      steps: { from: stepsOf(failure.schedule), to: stepsOf(best.schedule) },
      threads: { from: threadsOf(failure.schedule), to: threadsOf(best.schedule) },
      exhaustive: isSmallest,
      minimal: {
        threads: areFewestThreads ? 'proved' : 'local',
        operations: 'given',
        switches: isSmallest ? 'proved' : 'local',
        steps: isSmallest ? 'proved' : 'local',
      },
    },
  };
}

/** A failure that was not found, or one that has been taken to pieces. */
function checkFailure(failure: unknown): void {
  const { kind, message, schedule } = (failure ?? {}) as Partial<Failure>;
  if (typeof kind === 'string' && typeof message === 'string' && Array.isArray(schedule)) return;
  throw badOption('What is to be minimized is no failure: give the `failure` of a result, whole.');
}

interface Proof {
  readonly areFewestThreads: boolean;
  /** Of those with as few threads it has the fewest switches, and of these the fewest steps. */
  readonly isSmallest: boolean;
}

class Search {
  best: readonly ScheduleSegment[];
  executions = 0;
  /** Steps of a fair schedule within which a livelock is known not to end; 0 for other failures. */
  readonly fairSteps: number;
  private readonly program: Program;
  private readonly signature: string;
  private readonly livelock: boolean;
  /** Executions longer than this are given up. */
  private readonly stepsMax: number;
  private readonly engine: Engine;
  private readonly rt: Runtime;
  private stepsLeft: number;

  constructor(program: Program, failure: Failure, options: MinimizeOptions) {
    this.program = program;
    this.best = failure.schedule;
    this.signature = signatureOf(failure);
    this.fairSteps = decodeToken(failure.token).fairSteps;
    this.livelock = this.fairSteps > 0;
    this.stepsMax = Math.max(STEPS_MAX, stepsOf(failure.schedule));
    this.engine = new Engine(engineOptions(options.detect, failure.kind === 'data-race'));
    this.rt = createRuntime(this.engine);
    this.stepsLeft = options.steps ?? STEPS_BUDGET_DEFAULT;
  }

  /** Leaves the result in `best`. */
  *run(): Runs<Proof> {
    if (this.livelock) yield* this.shortenPrefix();
    yield* this.simplify();
    if (this.livelock) return { areFewestThreads: false, isSmallest: false };
    for (;;) {
      const isSmallest = yield* this.searchBelow();
      const threads = threadsOf(this.best);
      // Threads on their own have been tried: they do not switch.
      const areFewestThreads = isSmallest && (threads <= 2 || (yield* this.searchFewerThreads()));
      if (threadsOf(this.best) === threads) return { areFewestThreads, isSmallest };
    }
  }

  /** Whether the schedule, followed as far as it goes, fails in the same way. */
  fails(schedule: readonly ScheduleSegment[]): Runs<boolean> {
    return this.execute(new GuidedSchedule(schedule), this.stepsMax);
  }

  /** A livelock is what a fair schedule cannot leave after some prefix: the shorter, the clearer. */
  private *shortenPrefix(): Runs<void> {
    for (let length = 0; length < stepsOf(this.best) && this.stepsLeft > 0; length += 1) {
      if (yield* this.attempt(prefixOf(this.best, length))) return;
    }
  }

  private *simplify(): Runs<void> {
    let improved = true;
    while (improved && this.stepsLeft > 0) {
      improved = false;
      for (const candidate of simplifications(this.best)) {
        if (this.stepsLeft <= 0) return;
        if (!(yield* this.attempt(candidate))) continue;
        improved = true;
        break;
      }
    }
  }

  /** Whether all schedules with fewer switches, or as many and fewer steps, have been tried. */
  private *searchBelow(): Runs<boolean> {
    for (let bound = 0; bound <= switchesOf(this.best); bound += 1) {
      const strategy = new SwitchBounded(bound);
      strategy.threadsMax = threadsOf(this.best);
      while (strategy.begin()) {
        if (this.stepsLeft <= 0) return false;
        // Shorter ones are wanted only among those with as few switches; ties go to the first in order.
        strategy.stepsMax = switchesOf(this.best) <= bound ? stepsOf(this.best) : this.stepsMax;
        if (!(yield* this.execute(strategy, Infinity))) continue;
        const schedule = segmentsOf(this.engine.schedule, this.engine.steps);
        if (compare(schedule, this.best) < 0) this.best = schedule;
        strategy.threadsMax = threadsOf(this.best);
      }
    }
    return true;
  }

  /** Whether all schedules with fewer threads have been tried, however often they switch; ends with the first that fails. */
  private *searchFewerThreads(): Runs<boolean> {
    const strategy = new SwitchBounded(Infinity);
    strategy.threadsMax = threadsOf(this.best) - 1;
    strategy.stepsMax = this.stepsMax;
    const reserve = this.stepsLeft - THREADS_BUDGET;
    while (strategy.begin()) {
      if (this.stepsLeft <= Math.max(0, reserve)) return false;
      if (!(yield* this.execute(strategy, Infinity))) continue;
      this.best = segmentsOf(this.engine.schedule, this.engine.steps);
      return false;
    }
    return true;
  }

  /** Runs a candidate, and takes it if it fails alike and is smaller. */
  private *attempt(candidate: readonly ScheduleSegment[]): Runs<boolean> {
    const guided = new GuidedSchedule(candidate);
    const decidedMax = this.livelock ? stepsOf(candidate) : Infinity;
    if (!(yield* this.execute(guided, Math.min(decidedMax, this.stepsMax)))) return false;
    const schedule = segmentsOf(
      this.engine.schedule,
      this.livelock ? this.decided : this.engine.steps,
    );
    if (compare(schedule, this.best) >= 0) return false;
    this.best = schedule;
    return true;
  }

  private decided = 0;

  /** Runs one execution; whether it fails in the same way. */
  private *execute(strategy: Strategy, maxSteps: number): Runs<boolean> {
    const fairSteps = this.livelock ? this.fairSteps : STEPS_MAX;
    const limits = { maxSteps, fairSteps, livelock: this.livelock };
    const { engine, rt, program } = this;
    this.decided = yield { engine, rt, program, strategy, limits };
    this.executions += 1;
    this.stepsLeft -= this.engine.steps + 1;
    const { fault } = this.engine;
    return this.decided !== ABANDON && fault !== undefined && signatureOf(fault) === this.signature;
  }
}

/** Negative if `a` is smaller: fewer threads, then switches, then steps, then earlier in the order of threads. */
function compare(a: readonly ScheduleSegment[], b: readonly ScheduleSegment[]): number {
  const bySize =
    threadsOf(a) - threadsOf(b) || switchesOf(a) - switchesOf(b) || stepsOf(a) - stepsOf(b);
  if (bySize !== 0) return bySize;
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const byOrder = segment.thread - other.thread || other.steps - segment.steps;
    if (byOrder !== 0) return byOrder;
  }
  return 0;
}

function prefixOf(segments: readonly ScheduleSegment[], length: number): ScheduleSegment[] {
  const prefix: ScheduleSegment[] = [];
  let left = length;
  for (const segment of segments) {
    if (left === 0) break;
    const steps = Math.min(segment.steps, left);
    prefix.push({ thread: segment.thread, steps });
    left -= steps;
  }
  return prefix;
}
