/**
 * Makes a failing schedule as small as can be: fewest context switches, then fewest steps, then the
 * first in the order of thread ids, so that whatever found the bug, the same trace explains it.
 *
 * First the schedule at hand is simplified step by step, as in "A trace simplification technique for
 * effective debugging of concurrent programs" (Jalbert and Sen, FSE 2010). Then all schedules with
 * fewer switches are searched, from none upwards, as far as the budget goes; when it suffices, the result
 * is not merely locally minimal. Every candidate is executed, and only one that fails in the same way counts.
 */
import { drive, type Runs } from '../exploration/run.ts';
import { engineOptions, scheduleRun } from '../exploration/replay.ts';
import { segmentsOf, stepsOf, switchesOf } from '../exploration/schedule.ts';
import { decodeToken } from '../exploration/token.ts';
import type { DetectOptions, Failure, ScheduleSegment } from '../exploration/types.ts';
import { HarnessError } from '../errors.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { ABANDON, type Strategy } from '../scheduling/strategy.ts';
import { GuidedSchedule } from './guided-schedule.ts';
import { simplifications } from './simplifications.ts';
import { SwitchBounded } from './switch-bounded.ts';

const STEPS_BUDGET_DEFAULT = 2_000_000;
const STEPS_MAX = 10_000;

export interface MinimizeOptions {
  /** As in the exploration that found the failure; all on by default. */
  readonly detect?: DetectOptions;
  /** The most steps to spend on candidates, all executions together. Default 2,000,000. */
  readonly steps?: number;
}

export interface MinimizedFailure extends Failure {
  readonly minimization: {
    readonly executions: number;
    readonly switches: { readonly from: number; readonly to: number };
    readonly steps: { readonly from: number; readonly to: number };
    /** All smaller schedules have been tried, so that none fails. */
    readonly exhaustive: boolean;
  };
}

/** What must stay the same while a failure is made smaller: its kind, and its message but for numbers. */
export function signatureOf(failure: { readonly kind: string; readonly message: string }): string {
  // Who waits for whom, or who is accessed by whom, may change while the mistake stays the same.
  const byKindAlone = ['deadlock', 'livelock', 'data-race'];
  if (byKindAlone.includes(failure.kind)) return failure.kind;
  return `${failure.kind}: ${failure.message.replaceAll(/\d+/g, '#')}`;
}

/** `program` must be the one that `failure` was found in. */
export function minimize(
  program: Program,
  failure: Failure,
  options: MinimizeOptions = {},
): MinimizedFailure {
  return drive(minimization(program, failure, options));
}

/** As `minimize`, but leaves it to the caller how executions are run. */
export function* minimization(
  program: Program,
  failure: Failure,
  options: MinimizeOptions = {},
): Runs<MinimizedFailure> {
  const search = new Search(program, failure, options);
  const exhaustive = yield* search.run();
  const best = yield* scheduleRun(program, search.best, {
    ...(options.detect === undefined ? {} : { detect: options.detect }),
    fairSteps: search.fairSteps,
    stopAtRace: failure.kind === 'data-race',
  });
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
      exhaustive,
    },
  };
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

  /** Leaves the result in `best`. Whether everything smaller has been tried. */
  *run(): Runs<boolean> {
    if (this.livelock) yield* this.shortenPrefix();
    yield* this.simplify();
    return !this.livelock && (yield* this.searchBelow());
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

  private *searchBelow(): Runs<boolean> {
    for (let bound = 0; bound <= switchesOf(this.best); bound += 1) {
      const strategy = new SwitchBounded(bound);
      let found = false;
      while (strategy.begin()) {
        if (this.stepsLeft <= 0) return false;
        // Shorter ones are wanted only among those with as few switches; ties go to the first in order.
        strategy.stepsMax = switchesOf(this.best) <= bound ? stepsOf(this.best) : this.stepsMax;
        if (!(yield* this.execute(strategy, Infinity))) continue;
        const schedule = segmentsOf(this.engine.schedule, this.engine.steps);
        if (compare(schedule, this.best) < 0) this.best = schedule;
        found = true;
      }
      if (found) return true;
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

/** Negative if `a` is smaller: fewer switches, then fewer steps, then earlier in the order of threads. */
function compare(a: readonly ScheduleSegment[], b: readonly ScheduleSegment[]): number {
  const bySize = switchesOf(a) - switchesOf(b) || stepsOf(a) - stepsOf(b);
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
