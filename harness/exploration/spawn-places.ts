/** Where each thread stands among those that its parent has spawned: the same in every interleaving. */
import type { Engine } from '../runtime/engine.ts';

export interface SpawnPlace {
  /** The thread's id; -1 for the program's set-up. */
  readonly parent: number;
  /** How many it had spawned before. */
  readonly place: number;
}

/** By thread id, for all threads of the present execution. */
export function spawnPlaces({ links, linkCount, threadCount }: Engine): readonly SpawnPlace[] {
  const places: SpawnPlace[] = [];
  const children = new Map<number, number>();
  for (let i = 0; i < linkCount && places.length < threadCount; i += 2) {
    // A thread's first link is to the one that has spawned it, and threads are numbered in that order.
    if (links[i + 1] !== places.length) continue;
    const parent = links[i] as number;
    const place = children.get(parent) ?? 0;
    children.set(parent, place + 1);
    places.push({ parent, place });
  }
  return places;
}
