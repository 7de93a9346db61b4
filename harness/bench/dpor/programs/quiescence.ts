/**
 * Quiescent deregistration: clients add one, look at the flag, touch the entity and subtract one; the deregisterer
 * sets the flag, waits until only the flag is left and frees the entity.
 */
import type { Program } from '../../../index.ts';
import { type CountedProgram, times } from './program.ts';

const FLAG = 1 << 20;

export type Waiting = 'await' | 'poll';

export const deregistration =
  (clients: number, operations: number, waiting: Waiting): Program =>
  (rt) => {
    const state = rt.atomic(0, 'state');
    const entity = rt.heap.allocate(0, 'entity');
    times(clients, (i) => {
      rt.spawn(`client${i}`, function* () {
        for (let operation = 0; operation < operations; operation += 1) {
          if ((yield* state.fetchAdd(1)) < FLAG) yield* rt.heap.access(entity);
          yield* state.fetchSub(1);
        }
      });
    });
    rt.spawn('deregisterer', function* () {
      yield* state.fetchAdd(FLAG);
      if (waiting === 'await') yield* state.waitUntil((value) => value === FLAG);
      else while ((yield* state.load()) !== FLAG) yield* rt.yieldNow();
      yield* rt.heap.free(entity);
    });
  };

function row(
  clients: number,
  operations: number,
  waiting: Waiting,
  traces: number,
): CountedProgram {
  const name = `deregistration, ${waiting}(${clients}, ${operations})`;
  const program = deregistration(clients, operations, waiting);
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
