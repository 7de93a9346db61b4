/**
 * Runs an execution a second time under its own schedule and compares the two, step by step: what differs depends on
 * something that the schedule does not decide. The first difference is where it first came into sight; a third
 * execution, under watch, tells whether a clock, a random number or the like has been used before.
 */
import { HarnessError } from '../errors.ts';
import { Engine, type EngineOptions, type Recorder } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Operation } from '../runtime/operation.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { ABANDON, type Strategy } from '../scheduling/strategy.ts';
import { describeUses, type Use, watched } from './nondeterminism.ts';
import type { RunLimits, RunRequest, Runs } from './run.ts';
import { TraceRecorder } from './trace-recorder.ts';
import type { Trace } from './types.ts';

export class Verification {
  private readonly program: Program;
  private readonly limits: RunLimits;
  private readonly options: EngineOptions;
  private readonly withNotes: boolean;
  private recorder = new TimedRecorder();

  /** Without `withNotes` notes are not compared, nor made: they may be costly. */
  constructor(program: Program, limits: RunLimits, options: EngineOptions, withNotes: boolean) {
    this.program = program;
    this.limits = limits;
    this.options = options;
    this.withNotes = withNotes;
  }

  /** Makes the next execution of `engine` one that can be compared. Returns what to hand to its program. */
  begin(engine: Engine, rt: Runtime): Runtime {
    this.recorder = new TimedRecorder();
    engine.recorder = this.recorder;
    return this.runtimeOf(rt);
  }

  /**
   * Repeats the execution that `engine` has just made, whose first `decided` steps were a strategy's.
   * Throws `HarnessError` with the code `nondeterministic-program` at the first difference.
   */
  *repeat(engine: Engine, decided: number): Runs<void> {
    const schedule = engine.schedule.slice(0, decided);
    const expected = { texts: textsOf(this.recorder.trace(engine)), end: endOf(engine) };
    const recorder = new TimedRecorder();
    const again = this.request(schedule, recorder);
    yield again;
    const found = { texts: textsOf(recorder.trace(again.engine)), end: endOf(again.engine) };
    const difference = compare(expected, found);
    if (difference === undefined) return;
    const uses: Use[] = [];
    yield* watched(this.request(schedule, new TimedRecorder()), uses);
    throw new HarnessError(
      'nondeterministic-program',
      `At step ${difference.step} the program does something else when the same schedule is run again: expected ${difference.expected}, but found ${difference.found}. ${describeUses(uses)}`,
    );
  }

  private runtimeOf(rt: Runtime): Runtime {
    return this.withNotes ? rt : { ...rt, note: () => {} };
  }

  private request(schedule: Int32Array, recorder: TimedRecorder): RunRequest {
    const engine = new Engine(this.options);
    engine.recorder = recorder;
    engine.unfair = this.recorder.isUnfair;
    return {
      engine,
      rt: this.runtimeOf(createRuntime(engine)),
      program: this.program,
      strategy: new Repetition(schedule, this.recorder.times),
      limits: { ...this.limits, maxSteps: schedule.length },
    };
  }
}

/** Records when each step was taken, beside the trace. */
class TimedRecorder implements Recorder {
  /** Virtual milliseconds. */
  readonly times: number[] = [];
  /** The strategy did without the engine's fairness. */
  isUnfair = false;
  private readonly recorder = new TraceRecorder(Infinity);

  beforeStep(engine: Engine, thread: number, operation: Operation): void {
    if (this.times.length === 0) this.isUnfair = engine.unfair;
    this.times.push(engine.now);
    this.recorder.beforeStep(engine, thread, operation);
  }

  afterStep(engine: Engine, thread: number, operation: Operation): void {
    this.recorder.afterStep(engine, thread, operation);
  }

  note(thread: number, text: string, tag: string): void {
    this.recorder.note(thread, text, tag);
  }

  trace(engine: Engine): Trace {
    return this.recorder.trace(engine);
  }
}

/** Follows a schedule as far as the program goes along with it. */
class Repetition implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly schedule: Int32Array;
  private readonly times: readonly number[];

  constructor(schedule: Int32Array, times: readonly number[]) {
    this.schedule = schedule;
    this.times = times;
  }

  begin(): boolean {
    return true;
  }

  pick(engine: Engine): number {
    const thread = this.schedule[engine.steps] ?? ABANDON;
    while (engine.now < (this.times[engine.steps] ?? 0) && engine.passTime());
    return thread < engine.threadCount && engine.canStep(thread) ? thread : ABANDON;
  }

  end(): void {}
}

interface Outcome {
  readonly texts: readonly string[];
  readonly end: string;
}

interface Difference {
  readonly step: number;
  readonly expected: string;
  readonly found: string;
}

function compare(expected: Outcome, found: Outcome): Difference | undefined {
  const length = Math.max(expected.texts.length, found.texts.length);
  for (let i = 0; i < length; i += 1) {
    const one = expected.texts[i];
    const other = found.texts[i];
    if (one === other) continue;
    const step = expected.texts.slice(0, i).filter((text) => !text.startsWith(NOTE)).length;
    return { step, expected: one ?? expected.end, found: other ?? found.end };
  }
  if (expected.end === found.end) return undefined;
  return { step: length, expected: expected.end, found: found.end };
}

const NOTE = 'the note';

function textsOf({ threads, entries }: Trace): string[] {
  return entries.map((entry) => {
    const who = threads[entry.thread] ?? 'the program';
    if (entry.kind === 'note') return `${NOTE} '${entry.text}' of ${who}`;
    const of = entry.object === '' ? '' : ` of \`${entry.object}\``;
    const detail = entry.detail === '' ? '' : ` (${entry.detail})`;
    return `${entry.operation}${of}${detail} by ${who}`;
  });
}

function endOf({ fault }: Engine): string {
  return fault === undefined ? 'no further step' : `the end with '${fault.kind}': ${fault.message}`;
}
