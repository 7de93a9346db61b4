/** The same programs on promises, under fast-check's scheduler with `waitFor`. */
import fc from 'fast-check';
import type { Peer } from './peer.ts';

type Step = () => Promise<unknown>;

/** `start` starts the threads, which await `step` before each access; it returns their ends and a check. */
function scheduled(
  start: (step: Step) => { readonly threads: Promise<void>[]; readonly isWrong: () => boolean },
): Peer {
  let seed = 0;
  const done = { executions: 0, steps: 0 };
  return {
    name: 'fc.scheduler',
    done,
    async run(executions) {
      seed += 1;
      let wrong = 0;
      const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { threads, isWrong } = start(async () => {
          done.steps += 1;
          return scheduler.schedule(Promise.resolve());
        });
        await scheduler.waitFor(Promise.all(threads));
        if (isWrong()) wrong += 1;
      });
      await fc.assert(property, { numRuns: executions, seed });
      done.executions += executions;
      return wrong;
    },
  };
}

export function scheduledLostUpdate(count: number): Peer {
  return scheduled((step) => {
    const counter = { value: 0 };
    const threads = Array.from({ length: count }, async () => increment(step, counter));
    return { threads, isWrong: () => counter.value !== count };
  });
}

async function increment(step: Step, counter: { value: number }): Promise<void> {
  await step();
  const { value } = counter;
  await step();
  counter.value = value + 1;
}

const DEREGISTERED = 1_000;

interface Entity {
  state: number;
  isLive: boolean;
  touchedLate: boolean;
}

export function scheduledDeregistration(clients: number): Peer {
  return scheduled((step) => {
    const entity: Entity = { state: 0, isLive: true, touchedLate: false };
    const threads = Array.from({ length: clients }, async () => useEntity(step, entity));
    threads.push(deregister(step, entity));
    return { threads, isWrong: () => entity.touchedLate };
  });
}

async function useEntity(step: Step, entity: Entity): Promise<void> {
  await step();
  entity.state += 1;
  if (entity.state <= DEREGISTERED) {
    await step();
    if (!entity.isLive) entity.touchedLate = true;
  }
  await step();
  entity.state -= 1;
}

async function deregister(step: Step, entity: Entity): Promise<void> {
  await step();
  entity.state += DEREGISTERED;
  for (;;) {
    await step();
    if (entity.state === DEREGISTERED) break;
    await step();
  }
  await step();
  entity.isLive = false;
}
