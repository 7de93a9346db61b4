/**
 * Quiescent deregistration: clients add one, look at the flag, touch the entity and subtract one; the deregisterer
 * sets the flag, waits until only the flag is left and frees the entity.
 */
import type { Program } from '../../../index.ts';
import { type CountedProgram, times } from './program.ts';

const FLAG = 1 << 20;

export type Waiting = 'await' | 'poll';

export interface Deregistration {
  readonly clients: number;
  readonly operations: number;
  readonly waiting: Waiting;
}

/** Names of the clients, which are interchangeable. */
export function clientsOf(clients: number): string[] {
  return times(clients, (i) => `client${i}`);
}

export const deregistration =
  ({ clients, operations, waiting }: Deregistration): Program =>
  (rt) => {
    const state = rt.atomic(0, 'state');
    const entity = rt.heap.allocate(0, 'entity');
    for (const name of clientsOf(clients)) {
      rt.spawn(name, function* () {
        for (let operation = 0; operation < operations; operation += 1) {
          if ((yield* state.fetchAdd(1)) < FLAG) yield* rt.heap.access(entity);
          yield* state.fetchSub(1);
        }
      });
    }
    rt.spawn('deregisterer', function* () {
      yield* state.fetchAdd(FLAG);
      if (waiting === 'await') yield* state.waitUntil((value) => value === FLAG);
      else while ((yield* state.load()) !== FLAG) yield* rt.yieldNow();
      yield* rt.heap.free(entity);
    });
  };

/** How many interleavings there are with an await, by counting the ways on from each state. */
export function interleavingsOf(clients: number, operations: number): bigint {
  const known = new Map<string, bigint>();
  // Of a client: how many operations are left, and 0 before it adds, 1 before it touches, 2 before it subtracts.
  const waysOn = (left: readonly (readonly [number, number])[], deregistered: number): bigint => {
    const key = `${left
      .map(([count, phase]) => `${count}.${phase}`)
      .toSorted()
      .join()}:${deregistered}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    let ways = 0n;
    let isOver = deregistered === 3;
    left.forEach(([count, phase], i) => {
      if (count === 0) return;
      isOver = false;
      const next: readonly [number, number] =
        phase === 0
          ? [count, deregistered === 0 ? 1 : 2]
          : phase === 1
            ? [count, 2]
            : [count - 1, 0];
      ways += waysOn(left.with(i, next), deregistered);
    });
    const isBlocked = deregistered === 1 && left.some(([, phase]) => phase !== 0);
    if (deregistered < 3 && !isBlocked) ways += waysOn(left, deregistered + 1);
    const result = isOver ? 1n : ways;
    known.set(key, result);
    return result;
  };
  return waysOn(
    times(clients, () => [operations, 0] as const),
    0,
  );
}

function row(
  clients: number,
  operations: number,
  waiting: Waiting,
  traces: number,
): CountedProgram {
  const name = `deregistration, ${waiting}(${clients}, ${operations})`;
  const program = deregistration({ clients, operations, waiting });
  const plain = { name, program, traces, source: 'counted' };
  return waiting === 'poll' ? { ...plain, polls: true } : plain;
}

export const QUIESCENCE: readonly CountedProgram[] = [
  row(1, 1, 'await', 4),
  row(2, 1, 'await', 42),
  row(3, 1, 'await', 864),
  row(2, 2, 'await', 1190),
  row(1, 1, 'poll', 6),
  row(2, 1, 'poll', 134),
];
