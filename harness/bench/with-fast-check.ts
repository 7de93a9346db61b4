/** The same programs on promises, under fast-check's scheduler with `waitFor`. */
import fc from 'fast-check';
import type { Peer } from './peer.ts';

type Step = () => Promise<unknown>;

/** `start` starts the threads, which await `step` before each access; it returns their ends and a check. */
function scheduled(
  start: (step: Step) => { readonly threads: Promise<void>[]; readonly isWrong: () => boolean },
): Peer {
  let seed = 0;
  return {
    name: 'fc.scheduler',
    async run(executions) {
      seed += 1;
      let wrong = 0;
      const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { threads, isWrong } = start(async () => scheduler.schedule(Promise.resolve()));
        await scheduler.waitFor(Promise.all(threads));
        if (isWrong()) wrong += 1;
      });
      await fc.assert(property, { numRuns: executions, seed });
      return wrong;
    },
  };
}

export function scheduledLostUpdate(count: number): Peer {
  return scheduled((step) => {
    let counter = 0;
    const threads = Array.from({ length: count }, async () => {
      await step();
      const value = counter;
      await step();
      counter = value + 1;
    });
    return { threads, isWrong: () => counter !== count };
  });
}

const DEREGISTERED = 1_000;

export function scheduledDeregistration(clients: number): Peer {
  return scheduled((step) => {
    let state = 0;
    let isLive = true;
    let touchedLate = false;
    const threads = Array.from({ length: clients }, async () => {
      await step();
      state += 1;
      if (state <= DEREGISTERED) {
        await step();
        if (!isLive) touchedLate = true;
      }
      await step();
      state -= 1;
    });
    threads.push(
      (async () => {
        await step();
        state += DEREGISTERED;
        for (;;) {
          await step();
          if (state === DEREGISTERED) break;
          await step();
        }
        await step();
        isLive = false;
      })(),
    );
    return { threads, isWrong: () => touchedLate };
  });
}
