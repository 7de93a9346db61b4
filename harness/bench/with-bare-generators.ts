/** The least that running a program under random schedules can cost: generators, and a draw per step. */
import { RandomSource } from '../scheduling/random-source.ts';
import type { Peer } from './peer.ts';

type Thread = Generator<undefined, void>;

function drawn(start: (threads: Thread[]) => { readonly isWrong: () => boolean }): Peer {
  const random = new RandomSource(1);
  const done = { executions: 0, steps: 0 };
  return {
    name: 'bare generators',
    done,
    run(executions) {
      let wrong = 0;
      let steps = 0;
      const threads: Thread[] = [];
      for (let execution = 0; execution < executions; execution += 1) {
        const { isWrong } = start(threads);
        // The first call of each thread brings it to its first step.
        steps -= threads.length;
        while (threads.length > 0) {
          const index = random.below(threads.length);
          steps += 1;
          if (threads[index]?.next().done === true) threads.splice(index, 1);
        }
        if (isWrong()) wrong += 1;
      }
      done.executions += executions;
      done.steps += steps;
      return wrong;
    },
  };
}

export function drawnLostUpdate(count: number): Peer {
  return drawn((threads) => {
    const counter = { value: 0 };
    for (let id = 0; id < count; id += 1) threads.push(increment(counter));
    return { isWrong: () => counter.value !== count };
  });
}

function* increment(counter: { value: number }): Thread {
  yield;
  const { value } = counter;
  yield;
  counter.value = value + 1;
}

const DEREGISTERED = 1_000;

interface Entity {
  state: number;
  isLive: boolean;
  touchedLate: boolean;
}

export function drawnDeregistration(clients: number): Peer {
  return drawn((threads) => {
    const entity: Entity = { state: 0, isLive: true, touchedLate: false };
    for (let id = 0; id < clients; id += 1) threads.push(useEntity(entity));
    threads.push(deregister(entity));
    return { isWrong: () => entity.touchedLate };
  });
}

function* useEntity(entity: Entity): Thread {
  yield;
  entity.state += 1;
  if (entity.state <= DEREGISTERED) {
    yield;
    if (!entity.isLive) entity.touchedLate = true;
  }
  yield;
  entity.state -= 1;
}

function* deregister(entity: Entity): Thread {
  yield;
  entity.state += DEREGISTERED;
  for (;;) {
    yield;
    if (entity.state === DEREGISTERED) break;
    yield;
  }
  yield;
  entity.isLive = false;
}
