/**
 * Runs each execution a second time under its own schedule and compares the two, step by step: what differs depends on
 * something that the schedule does not decide. The first difference is where it first came into sight.
 */
import { HarnessError } from '../errors.ts';
import { Engine, type EngineOptions, type Recorder } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Operation } from '../runtime/operation.ts';
import type { Program } from '../runtime/types.ts';
import { ABANDON, type Strategy } from '../scheduling/strategy.ts';
import type { RunLimits, Runs } from './run.ts';
import { TraceRecorder } from './trace-recorder.ts';
import type { Trace } from './types.ts';

export class Verification {
  private readonly program: Program;
  private readonly limits: RunLimits;
  private readonly options: EngineOptions;
  private recorder = new TimedRecorder();

  constructor(program: Program, limits: RunLimits, options: EngineOptions) {
    this.program = program;
    this.limits = limits;
    this.options = options;
  }

  /** Makes the next execution of `engine` one that can be compared. */
  begin(engine: Engine): void {
    this.recorder = new TimedRecorder();
    engine.recorder = this.recorder;
  }

  /**
   * Repeats the execution that `engine` has just made, whose first `decided` steps were a strategy's.
   * Throws `HarnessError` with the code `nondeterministic-program` at the first difference.
   */
  *repeat(engine: Engine, decided: number): Runs<void> {
    const again = new Engine(this.options);
    const recorder = new TimedRecorder();
    again.recorder = recorder;
    yield {
      engine: again,
      rt: createRuntime(again),
      program: this.program,
      strategy: new Repetition(engine.schedule.subarray(0, decided), this.recorder.times),
      limits: { ...this.limits, maxSteps: decided },
    };
    compare(
      { texts: textsOf(this.recorder.trace(engine)), end: endOf(engine) },
      { texts: textsOf(recorder.trace(again)), end: endOf(again) },
    );
  }
}

/** Records when each step was taken, beside the trace. */
class TimedRecorder implements Recorder {
  /** Virtual milliseconds. */
  readonly times: number[] = [];
  private readonly recorder = new TraceRecorder(Infinity);

  beforeStep(engine: Engine, thread: number, operation: Operation): void {
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

function compare(expected: Outcome, found: Outcome): void {
  const length = Math.max(expected.texts.length, found.texts.length);
  for (let i = 0; i < length; i += 1) {
    const one = expected.texts[i];
    const other = found.texts[i];
    if (one === other) continue;
    const step = expected.texts.slice(0, i).filter((text) => !text.startsWith(NOTE)).length;
    throw differs(step, one ?? expected.end, other ?? found.end);
  }
  if (expected.end !== found.end) throw differs(length, expected.end, found.end);
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

function differs(step: number, expected: string, found: string): HarnessError {
  return new HarnessError(
    'nondeterministic-program',
    `At step ${step} the program does something else when the same schedule is run again: expected ${expected}, but found ${found}. ` +
      'It must depend on nothing but the schedule: look for a clock, a random number or state that outlives an execution.',
  );
}
