/**
 * For tests: the traces of a program by brute force, independent of any reduction.
 *
 * Runs every interleaving and writes each down as the order of dependent accesses: for each object
 * its writes in order and, between two writes, the set of reads. Threads and objects go by their names, so a
 * program must give names that do not depend on the interleaving.
 */
import { runExecution } from '../exploration/run.ts';
import { Engine, type Recorder } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Operation } from '../runtime/operation.ts';
import { NOBODY, nameOf, type SharedObject } from '../runtime/shared-object.ts';
import type { Program } from '../runtime/types.ts';
import { ABANDON, type Strategy } from './strategy.ts';

interface History {
  readonly writes: string[];
  reads: string[];
}

/** Follows an execution, to know which objects a step reads because it polls. */
export interface Watching {
  reset(): void;
  watchedBy(engine: Engine, thread: number): readonly SharedObject[];
  observe(engine: Engine, thread: number): void;
}

/** Writes an execution down as its trace. */
class TraceWriter implements Recorder {
  private readonly histories = new Map<string, History>();
  private readonly steps = new Map<number, number>();
  private readonly events: string[] = [];
  private readonly watching: Watching | undefined;

  constructor(watching: Watching | undefined) {
    this.watching = watching;
    watching?.reset();
  }

  beforeStep(engine: Engine, thread: number, operation: Operation): void {
    const place = (this.steps.get(thread) ?? 0) + 1;
    this.steps.set(thread, place);
    const event = `${engine.nameOfThread(thread)}.${place}`;
    this.events.push(`${event}=${operation.kind}@${engine.now}`);
    const accesses = accessesOf(operation);
    for (const [object, writes] of accesses) this.access(event, object, writes);
    const watched = this.watching?.watchedBy(engine, thread) ?? [];
    for (const object of new Set(watched)) {
      if (!accesses.some(([own]) => own === object)) this.access(event, object, false);
    }
    this.watching?.observe(engine, thread);
  }

  afterStep(): void {}
  note(): void {}

  private access(event: string, object: SharedObject, writes: boolean): void {
    const name = nameOf(object);
    let history = this.histories.get(name);
    if (history === undefined) this.histories.set(name, (history = { writes: [], reads: [] }));
    if (!writes) {
      history.reads.push(event);
      return;
    }
    history.writes.push(`${history.reads.toSorted().join('&')}>${event}`);
    history.reads = [];
  }

  toString(): string {
    const objects = [...this.histories]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([name, { writes, reads }]) => `${name}:${writes.join(' ')} ${reads.toSorted().join('&')}`,
      );
    return [this.events.toSorted().join(','), ...objects].join(' | ');
  }
}

/** A trace as `runAll` gives it, with other names for its threads. */
export function renamed(trace: string, newName: (thread: string) => string): string {
  const event = (text: string): string => {
    const dot = text.indexOf('.');
    return dot < 0 ? text : newName(text.slice(0, dot)) + text.slice(dot);
  };
  const set = (text: string, separator: string): string =>
    text.split(separator).map(event).toSorted().join(separator);
  const [events = '', ...objects] = trace.split(' | ');
  const histories = objects.map((history) => {
    const colon = history.indexOf(':') + 1;
    const orders = history.slice(colon).split(' ');
    const parts = orders.map((order) => {
      const [reads = '', ...writes] = order.split('>');
      return [set(reads, '&'), ...writes.map(event)].join('>');
    });
    return history.slice(0, colon) + parts.join(' ');
  });
  return [set(events, ','), ...histories].join(' | ');
}

export function accessesOf(operation: Operation): [SharedObject, boolean][] {
  const { object, kind } = operation;
  if (object === undefined) return [];
  switch (kind) {
    case 'read':
    case 'load':
    case 'access':
    case 'waitUntil':
    case 'lockRead':
    case 'unlockRead':
      return [[object, false]];
    case 'wait':
      if (object.kind === 'event') return [[object, false]];
      return [
        [object, true],
        [object.mutex as SharedObject, true],
      ];
    case 'wake':
      return [[object.mutex as SharedObject, true]];
    case 'compareExchange':
      return [[object, Object.is(object.value, operation.a)]];
    case 'tryLock':
      return [[object, object.owner === NOBODY]];
    case 'tryAcquire':
      return [[object, object.value !== 0]];
    default:
      return [[object, true]];
  }
}

export interface Explored {
  readonly executions: number;
  readonly traces: ReadonlySet<string>;
  readonly failures: ReadonlySet<string>;
  readonly blocked: number;
  readonly complete: boolean;
}

/** Runs `program` under `strategy` until it has nothing left, or for `executionsMax` executions. */
export function runAll(
  program: Program,
  strategy: Strategy,
  options: {
    readonly executionsMax?: number;
    readonly maxSteps?: number;
    readonly watching?: Watching;
  } = {},
): Explored {
  const { executionsMax = Infinity, maxSteps = 1000, watching } = options;
  const engine = new Engine({ races: true, deadlock: true, leaks: false, stopAtRace: false });
  const rt = createRuntime(engine);
  const limits = { maxSteps, fairSteps: 100, livelock: true };
  const traces = new Set<string>();
  const failures = new Set<string>();
  let executions = 0;
  while (executions < executionsMax && strategy.begin()) {
    const writer = new TraceWriter(watching);
    engine.recorder = writer;
    const decided = runExecution({ engine, rt, program, strategy, limits });
    const trace = writer.toString();
    const failure = engine.fault;
    strategy.end(engine);
    if (decided === ABANDON || strategy.isRepeat === true) continue;
    executions += 1;
    traces.add(trace);
    if (failure !== undefined && failure.kind !== 'data-race') {
      failures.add(`${failure.kind}: ${failure.message}`);
    }
  }
  return { executions, traces, failures, blocked: strategy.blocked, complete: strategy.complete };
}

/** All interleavings, by plain backtracking. */
export class AllInterleavings implements Strategy {
  complete = false;
  readonly blocked = 0;
  private choices: { index: number; count: number }[] | undefined = undefined;
  private depth = 0;

  begin(): boolean {
    this.depth = 0;
    if (this.choices === undefined) {
      this.choices = [];
      return true;
    }
    for (let last = this.choices.at(-1); last !== undefined; last = this.choices.at(-1)) {
      last.index += 1;
      if (last.index < last.count) return true;
      this.choices.pop();
    }
    this.complete = true;
    return false;
  }

  pick(engine: Engine): number {
    const choices = this.choices ?? [];
    if (this.depth === choices.length) choices.push({ index: 0, count: engine.enabledCount });
    const choice = choices[this.depth];
    this.depth += 1;
    return engine.enabled[choice?.index ?? 0] ?? NOBODY;
  }

  end(): void {}
}
