/**
 * For tests only: small programs as plain data, so that they can be generated and, in brute-force.ts,
 * enumerated by other means than the engine's.
 */
import type {
  Atomic,
  Cell,
  Condition,
  ManualEvent,
  Mutex,
  Program,
  RwLock,
  Semaphore,
  Task,
  Thread,
} from '../runtime/types.ts';

/** One instruction; `on` numbers the object of its kind, `thread` a thread of the program. */
export type Instruction = StepInstruction | ThreadInstruction;

export type StepInstruction =
  | { readonly kind: 'load' | 'add' | 'untilPositive'; readonly on: number }
  | { readonly kind: 'read' | 'write'; readonly on: number }
  | { readonly kind: 'swap'; readonly on: number; readonly expected: number; readonly to: number }
  | { readonly kind: 'lock' | 'unlock' | 'tryLock'; readonly on: number }
  | {
      readonly kind: 'lockRead' | 'unlockRead' | 'lockWrite' | 'unlockWrite';
      readonly on: number;
    }
  | { readonly kind: 'wait' | 'notify' | 'notifyAll'; readonly on: number }
  | { readonly kind: 'acquire' | 'tryAcquire' | 'release'; readonly on: number }
  | { readonly kind: 'waitEvent' | 'set' | 'reset'; readonly on: number };

/** Starts or joins a thread: no step. Starting one twice does nothing, nor does joining one not started. */
export interface ThreadInstruction {
  readonly kind: 'spawn' | 'join';
  readonly thread: number;
}

/** The instructions of each thread. The first `initial` threads are started by the program itself. */
export interface PlainProgram {
  readonly threads: readonly (readonly Instruction[])[];
  readonly initial: number;
}

/** Objects of each kind. The one condition belongs to mutex 0. */
export const OBJECTS: number = 2;

/** What happens in a thread of a plain program between two steps. */
export interface SilentEvent {
  readonly kind: 'start' | 'spawn' | 'joined' | 'end';
  readonly thread: number;
  /** The thread spawned or joined. */
  readonly other: number;
}

/** Told of every end of an execution, and of what is no step. */
export interface PlainObserver {
  ended?(outcome: string): void;
  silent?(event: SilentEvent): void;
}

/** The same program for the engine. */
export function toProgram(plain: PlainProgram, observer: PlainObserver = {}): Program {
  return (rt) => {
    const many = <T>(make: (name: string) => T, name: string): T[] =>
      Array.from({ length: OBJECTS }, (_, i) => make(`${name}${i}`));
    const world: World = {
      atomics: many((name) => rt.atomic(0, name), 'atomic'),
      cells: many((name) => rt.cell(0, name), 'cell'),
      mutexes: many((name) => rt.mutex(name), 'mutex'),
      rwLocks: many((name) => rt.rwLock(name), 'rwLock'),
      semaphores: many((name) => rt.semaphore(0, name), 'semaphore'),
      events: many((name) => rt.event(name), 'event'),
    };
    const condition = rt.condition(entryOf(world.mutexes, 0), 'condition');
    const seen: number[][] = plain.threads.map(() => []);
    const handles: (Thread | undefined)[] = [];
    const spawn = (thread: number): void => {
      handles[thread] ??= rt.spawn(`T${thread}`, () => body(thread));
    };
    function* body(thread: number): Task {
      observer.silent?.({ kind: 'start', thread, other: thread });
      for (const instruction of entryOf(plain.threads, thread)) {
        if (!('thread' in instruction)) {
          const result = yield* run(world, condition, instruction, thread);
          if (result !== undefined) entryOf(seen, thread).push(Number(result));
        } else if (instruction.kind === 'spawn') {
          observer.silent?.({ kind: 'spawn', thread, other: instruction.thread });
          spawn(instruction.thread);
        } else {
          const handle = handles[instruction.thread];
          if (handle === undefined) continue;
          yield* handle.join();
          observer.silent?.({ kind: 'joined', thread, other: instruction.thread });
        }
      }
      observer.silent?.({ kind: 'end', thread, other: thread });
    }
    for (let thread = 0; thread < plain.initial; thread += 1) spawn(thread);
    rt.finally(() => observer.ended?.(JSON.stringify(seen)));
  };
}

interface World {
  readonly atomics: readonly Atomic<number>[];
  readonly cells: readonly Cell<number>[];
  readonly mutexes: readonly Mutex[];
  readonly rwLocks: readonly RwLock[];
  readonly semaphores: readonly Semaphore[];
  readonly events: readonly ManualEvent[];
}

function run(
  world: World,
  condition: Condition,
  instruction: StepInstruction,
  thread: number,
): Task<unknown> {
  const { kind, on } = instruction;
  switch (kind) {
    case 'load':
      return entryOf(world.atomics, on).load();
    case 'add':
      return entryOf(world.atomics, on).fetchAdd(1);
    case 'untilPositive':
      return entryOf(world.atomics, on).waitUntil((value) => value > 0);
    case 'swap':
      return entryOf(world.atomics, on).compareExchange(instruction.expected, instruction.to);
    case 'read':
      return entryOf(world.cells, on).read();
    case 'write':
      return entryOf(world.cells, on).write(thread + 1);
    case 'lock':
    case 'unlock':
    case 'tryLock':
      return entryOf(world.mutexes, on)[kind]();
    case 'lockRead':
    case 'unlockRead':
    case 'lockWrite':
    case 'unlockWrite':
      return entryOf(world.rwLocks, on)[kind]();
    case 'wait':
    case 'notify':
    case 'notifyAll':
      return condition[kind]();
    case 'acquire':
    case 'tryAcquire':
      return entryOf(world.semaphores, on)[kind]();
    case 'release':
      return entryOf(world.semaphores, on).release();
    case 'waitEvent':
      return entryOf(world.events, on).wait();
    case 'set':
    case 'reset':
      return entryOf(world.events, on)[kind]();
  }
}

/** An entry that must be there. */
export function entryOf<T>(array: readonly T[], index: number): T {
  if (!(index in array)) throw new RangeError(`there is no entry ${index}`);
  return array[index] as T;
}
