/**
 * For tests only: a second way to find all interleavings of a plain program.
 *
 * It knows nothing of the engine: it keeps the state of a program as data and tries every thread at every
 * point, by plain recursion on copies. What it counts is what `dfs` must count.
 */
// Each switch below deals with one group of instructions and leaves the others to the next one.
// oxlint-disable typescript/switch-exhaustiveness-check
import { entryOf, type Instruction, OBJECTS, type PlainProgram } from './plain-program.ts';

/** How the executions of a program end, and how often each way. */
export interface Enumeration {
  readonly executions: number;
  readonly deadlocks: number;
  /** Executions that end with an unlock by a thread that is not the owner, or the like. */
  readonly misuses: number;
  /** What each thread has seen at the end, with the number of executions that end so. */
  readonly outcomes: ReadonlyMap<string, number>;
}

const NOBODY = -1;

interface State {
  pcs: number[];
  started: number[];
  done: boolean[];
  /** Threads between the two steps of a wait. */
  waking: boolean[];
  atomics: number[];
  cells: number[];
  owners: number[];
  writers: number[];
  readers: number[][];
  waiters: number[];
  semaphores: number[];
  events: boolean[];
  seen: number[][];
}

/**
 * All executions with at most `preemptionsMax` preemptions and `delaysMax` delays; stops with undefined beyond
 * `executionsMax`.
 */
export function enumerate(
  program: PlainProgram,
  {
    preemptionsMax = Infinity,
    delaysMax = Infinity,
    executionsMax,
  }: { preemptionsMax?: number; delaysMax?: number; executionsMax: number },
): Enumeration | undefined {
  let executions = 0;
  let deadlocks = 0;
  let misuses = 0;
  const outcomes = new Map<string, number>();
  const visit = (state: State, last: number, preemptions: number, delays: number): void => {
    if (executions > executionsMax) return;
    const able = state.started.filter((thread) => canStep(program, state, thread));
    if (able.length === 0) {
      executions += 1;
      if (state.started.some((thread) => !state.done[thread])) deadlocks += 1;
      else count(outcomes, JSON.stringify(state.seen));
      return;
    }
    for (const thread of able) {
      const cost = preemptions + (thread !== last && able.includes(last) ? 1 : 0);
      const delay = delays + passedOver(state.started, able, last, thread);
      if (cost > preemptionsMax || delay > delaysMax) continue;
      const next = structuredCopy(state);
      if (step(program, next, thread)) {
        visit(next, thread, cost, delay);
      } else {
        executions += 1;
        misuses += 1;
      }
    }
  };
  visit(initialState(program), NOBODY, 0, 0);
  return executions > executionsMax ? undefined : { executions, deadlocks, misuses, outcomes };
}

/** How many threads that could step come before `thread`, going round in order of spawning from `last` on. */
function passedOver(
  started: readonly number[],
  able: readonly number[],
  last: number,
  thread: number,
): number {
  let passed = 0;
  let place = Math.max(0, started.indexOf(last));
  for (; started[place] !== thread; place = (place + 1) % started.length) {
    if (able.includes(entryOf(started, place))) passed += 1;
  }
  return passed;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function initialState(program: PlainProgram): State {
  const each = <T>(length: number, value: () => T): T[] => Array.from({ length }, value);
  const threads = program.threads.length;
  const state: State = {
    pcs: each(threads, () => 0),
    started: [],
    done: each(threads, () => false),
    waking: each(threads, () => false),
    atomics: each(OBJECTS, () => 0),
    cells: each(OBJECTS, () => 0),
    owners: each(OBJECTS, () => NOBODY),
    writers: each(OBJECTS, () => NOBODY),
    readers: each(OBJECTS, () => []),
    waiters: [],
    semaphores: each(OBJECTS, () => 0),
    events: each(OBJECTS, () => false),
    seen: each(threads, () => []),
  };
  const queue = [...program.threads.keys()].slice(0, program.initial);
  state.started.push(...queue);
  start(program, state, queue);
  return state;
}

function structuredCopy(state: State): State {
  return {
    pcs: [...state.pcs],
    started: [...state.started],
    done: [...state.done],
    waking: [...state.waking],
    atomics: [...state.atomics],
    cells: [...state.cells],
    owners: [...state.owners],
    writers: [...state.writers],
    readers: state.readers.map((readers) => [...readers]),
    waiters: [...state.waiters],
    semaphores: [...state.semaphores],
    events: [...state.events],
    seen: state.seen.map((seen) => [...seen]),
  };
}

/** Runs `thread` through what are no steps: spawning, joining, ending. */
function settle(program: PlainProgram, state: State, thread: number, queue: number[]): void {
  const instructions = entryOf(program.threads, thread);
  for (;;) {
    const instruction = instructions[entryOf(state.pcs, thread)];
    if (instruction === undefined) break;
    if (instruction.kind === 'spawn') {
      if (!state.started.includes(instruction.thread)) {
        state.started.push(instruction.thread);
        queue.push(instruction.thread);
      }
    } else if (instruction.kind === 'join') {
      if (waitsFor(state, instruction.thread)) return;
    } else {
      return;
    }
    state.pcs[thread] = entryOf(state.pcs, thread) + 1;
  }
  state.done[thread] = true;
  for (const waiter of Array.from(state.started)) {
    // Those not begun yet get there by themselves.
    if (queue.includes(waiter) || entryOf(state.done, waiter)) continue;
    const waiting = entryOf(program.threads, waiter)[entryOf(state.pcs, waiter)];
    if (waiting?.kind === 'join' && waiting.thread === thread) {
      settle(program, state, waiter, queue);
    }
  }
}

function waitsFor(state: State, thread: number): boolean {
  return state.started.includes(thread) && !entryOf(state.done, thread);
}

function start(program: PlainProgram, state: State, queue: number[]): void {
  while (queue.length > 0) {
    const thread = entryOf(queue, 0);
    const later = queue.slice(1);
    const spawned: number[] = [];
    // While it runs, what is queued behind it has not begun.
    const view = [...later];
    settle(program, state, thread, view);
    spawned.push(...view.slice(later.length));
    queue.splice(0, queue.length, ...later, ...spawned);
  }
}

function canStep(program: PlainProgram, state: State, thread: number): boolean {
  if (entryOf(state.done, thread)) return false;
  if (entryOf(state.waking, thread))
    return entryOf(state.owners, 0) === NOBODY && !state.waiters.includes(thread);
  const instruction = entryOf(entryOf(program.threads, thread), entryOf(state.pcs, thread));
  switch (instruction.kind) {
    case 'lock':
      return entryOf(state.owners, instruction.on) === NOBODY;
    case 'lockRead':
      return entryOf(state.writers, instruction.on) === NOBODY;
    case 'lockWrite':
      return (
        entryOf(state.writers, instruction.on) === NOBODY &&
        entryOf(state.readers, instruction.on).length === 0
      );
    case 'acquire':
      return entryOf(state.semaphores, instruction.on) > 0;
    case 'waitEvent':
      return entryOf(state.events, instruction.on);
    case 'untilPositive':
      return entryOf(state.atomics, instruction.on) > 0;
    case 'join':
      return false;
    default:
      return true;
  }
}

/** One step of `thread`; false if it is a misuse. */
function step(program: PlainProgram, state: State, thread: number): boolean {
  const instruction = entryOf(entryOf(program.threads, thread), entryOf(state.pcs, thread));
  if (instruction.kind === 'wait' && !entryOf(state.waking, thread)) {
    if (entryOf(state.owners, 0) !== thread) return false;
    state.owners[0] = NOBODY;
    state.waiters.push(thread);
    state.waking[thread] = true;
    return true;
  }
  if (!perform(state, thread, instruction)) return false;
  state.pcs[thread] = entryOf(state.pcs, thread) + 1;
  const queue: number[] = [];
  settle(program, state, thread, queue);
  start(program, state, queue);
  return true;
}

function perform(state: State, thread: number, instruction: Instruction): boolean {
  if (!('on' in instruction)) return true;
  const { on } = instruction;
  const seen = entryOf(state.seen, thread);
  switch (instruction.kind) {
    case 'load':
    case 'untilPositive':
      seen.push(entryOf(state.atomics, on));
      return true;
    case 'add':
      seen.push(entryOf(state.atomics, on));
      state.atomics[on] = entryOf(state.atomics, on) + 1;
      return true;
    case 'swap':
      seen.push(entryOf(state.atomics, on));
      if (entryOf(state.atomics, on) === instruction.expected) state.atomics[on] = instruction.to;
      return true;
    case 'read':
      seen.push(entryOf(state.cells, on));
      return true;
    case 'write':
      state.cells[on] = thread + 1;
      return true;
    case 'set':
    case 'reset':
      state.events[on] = instruction.kind === 'set';
      return true;
    case 'acquire':
    case 'tryAcquire': {
      const isFree = entryOf(state.semaphores, on) > 0;
      if (instruction.kind === 'tryAcquire') seen.push(Number(isFree));
      if (isFree) state.semaphores[on] = entryOf(state.semaphores, on) - 1;
      return true;
    }
    case 'release':
      state.semaphores[on] = entryOf(state.semaphores, on) + 1;
      return true;
    case 'waitEvent':
      return true;
    default:
      return performLocking(state, thread, instruction.kind, on);
  }
}

function performLocking(
  state: State,
  thread: number,
  kind: Instruction['kind'],
  on: number,
): boolean {
  const readers = entryOf(state.readers, on);
  switch (kind) {
    case 'lock':
      state.owners[on] = thread;
      return true;
    case 'tryLock':
      entryOf(state.seen, thread).push(Number(entryOf(state.owners, on) === NOBODY));
      if (entryOf(state.owners, on) === NOBODY) state.owners[on] = thread;
      return true;
    case 'unlock':
      if (entryOf(state.owners, on) !== thread) return false;
      state.owners[on] = NOBODY;
      return true;
    case 'lockRead':
      readers.push(thread);
      return true;
    case 'unlockRead':
      if (!readers.includes(thread)) return false;
      readers.splice(readers.indexOf(thread), 1);
      return true;
    case 'lockWrite':
      state.writers[on] = thread;
      return true;
    case 'unlockWrite':
      if (entryOf(state.writers, on) !== thread) return false;
      state.writers[on] = NOBODY;
      return true;
    case 'wait':
      state.waking[thread] = false;
      state.owners[0] = thread;
      return true;
    case 'notify':
      state.waiters.shift();
      return true;
    case 'notifyAll':
      state.waiters = [];
      return true;
    default:
      throw new TypeError(`there is no instruction ${kind}`);
  }
}
