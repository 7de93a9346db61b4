/**
 * The least that running a program under random schedules can cost: generators, and a draw per step.
 *
 * Functions made in every execution have no names here and in the other peers: the loader that runs these files
 * pays for each name, and that would be measured too.
 */
import { RandomSource } from '../scheduling/random-source.ts';
import type { Peer } from './peer.ts';

function drawn(
  start: (threads: Generator<undefined, void>[]) => { readonly isWrong: () => boolean },
): Peer {
  const random = new RandomSource(1);
  return {
    name: 'bare generators',
    run(executions) {
      let wrong = 0;
      const threads: Generator<undefined, void>[] = [];
      for (let execution = 0; execution < executions; execution += 1) {
        const { isWrong } = start(threads);
        while (threads.length > 0) {
          const index = random.below(threads.length);
          if (threads[index]?.next().done === true) threads.splice(index, 1);
        }
        if (isWrong()) wrong += 1;
      }
      return wrong;
    },
  };
}

export function drawnLostUpdate(count: number): Peer {
  return drawn((threads) => {
    let counter = 0;
    for (let id = 0; id < count; id += 1) {
      threads.push(
        (function* () {
          yield;
          const value = counter;
          yield;
          counter = value + 1;
        })(),
      );
    }
    return { isWrong: () => counter !== count };
  });
}

const DEREGISTERED = 1_000;

export function drawnDeregistration(clients: number): Peer {
  return drawn((threads) => {
    let state = 0;
    let isLive = true;
    let touchedLate = false;
    for (let id = 0; id < clients; id += 1) {
      threads.push(
        (function* () {
          yield;
          state += 1;
          if (state <= DEREGISTERED) {
            yield;
            if (!isLive) touchedLate = true;
          }
          yield;
          state -= 1;
        })(),
      );
    }
    threads.push(
      (function* () {
        yield;
        state += DEREGISTERED;
        for (;;) {
          yield;
          if (state === DEREGISTERED) break;
          yield;
        }
        yield;
        isLive = false;
      })(),
    );
    return { isWrong: () => touchedLate };
  });
}
