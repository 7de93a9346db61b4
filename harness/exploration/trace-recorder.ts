/** Writes down an execution as a trace: what each step did, with operands and results as text. */
import type { LostWakeups } from '../detectors/lost-wakeups.ts';
import type { Engine, Recorder } from '../runtime/engine.ts';
import { type Operation, OpKind } from '../runtime/operation.ts';
import { NOBODY, nameOf } from '../runtime/shared-object.ts';
import { isEnabled } from '../scheduling/round-robin.ts';
import { show } from './show.ts';
import { NONE, type RecordedObject } from './token-content.ts';
import type { Trace, TraceEntry } from './types.ts';

export class TraceRecorder implements Recorder {
  /** For each step written down, the object it touched. */
  readonly objects: (RecordedObject | undefined)[] = [];
  /** Index of the step that is to be marked as the critical switch. */
  critical: number = NONE;
  /** Told of every step, if a hang is to be explained. */
  wakeups: LostWakeups | undefined = undefined;
  private readonly entries: TraceEntry[] = [];
  private readonly stepsMax: number;
  private preempts = false;
  private before: unknown = undefined;
  private isFull = false;

  /** Steps beyond `stepsMax` are not written down, nor are the notes that follow them. */
  constructor(stepsMax: number) {
    this.stepsMax = stepsMax;
  }

  beforeStep(engine: Engine, thread: number, operation: Operation): void {
    const last = engine.last;
    this.preempts =
      last >= 0 && last !== thread && isEnabled(engine, last) && !engine.hasYielded(last);
    this.before = operation.object?.value;
    this.wakeups?.add(thread, operation);
  }

  afterStep(engine: Engine, thread: number, operation: Operation): void {
    this.isFull = engine.steps > this.stepsMax;
    if (this.isFull) return;
    const { object } = operation;
    this.objects.push(
      object && { name: nameOf(object), creator: object.creator, serial: object.serial },
    );
    const index = engine.steps - 1;
    this.entries.push({
      kind: 'step',
      index,
      thread,
      operation: operation.kind,
      object: nameOf(object),
      detail: detailOf(operation, this.before),
      preempts: this.preempts,
      ...(index === this.critical ? { critical: true } : {}),
    });
  }

  note(thread: number, text: string, tag: string): void {
    if (this.isFull) return;
    this.entries.push({ kind: 'note', thread, text, tag });
  }

  /** What a hang of the threads of `engine` comes from, as far as that is known. */
  explanations(engine: Engine): string[] {
    const { fault } = engine;
    const hangs = fault?.kind === 'deadlock' || fault?.kind === 'livelock';
    return hangs && fault.thread === NOBODY ? (this.wakeups?.explain(engine) ?? []) : [];
  }

  /** The first `stepsMax` steps so far, and the notes among them, with the threads of `engine`. */
  trace(engine: Engine, stepsMax: number = Infinity): Trace {
    const threads: string[] = [];
    for (let id = 0; id < engine.threadCount; id += 1) threads.push(engine.nameOfThread(id));
    const { entries } = this;
    const end = entries.findIndex((entry) => entry.kind === 'step' && entry.index >= stepsMax);
    return { threads, entries: end < 0 ? entries : entries.slice(0, end) };
  }
}

function detailOf(operation: Operation, before: unknown): string {
  switch (operation.op) {
    case OpKind.read:
    case OpKind.load:
    case OpKind.waitUntil:
    case OpKind.access:
      return `= ${show(operation.result)}`;
    case OpKind.write:
    case OpKind.store:
    case OpKind.heapWrite:
      return `${show(before)} → ${show(operation.a)}`;
    case OpKind.compareExchange:
      return Object.is(before, operation.a)
        ? `${show(before)} → ${show(operation.b)}`
        : `fails: is ${show(before)}, expected ${show(operation.a)}`;
    case OpKind.exchange:
    case OpKind.update:
    case OpKind.fetchAdd:
    case OpKind.fetchSub:
    case OpKind.fetchOr:
    case OpKind.fetchAnd:
    case OpKind.fetchXor:
      return `${show(before)} → ${show(operation.object?.value)}`;
    case OpKind.tryLock:
    case OpKind.tryAcquire:
      return operation.result === true ? 'succeeds' : 'fails';
    case OpKind.acquire:
    case OpKind.release:
      return `${show(before)} → ${show(operation.object?.value)}`;
    case OpKind.sleep:
      return `${show(operation.a)} ms`;
    case OpKind.point:
      return String(operation.a);
    default:
      return '';
  }
}
