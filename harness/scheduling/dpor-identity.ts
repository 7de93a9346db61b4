/**
 * Names for threads and objects that mean the same in every interleaving.
 *
 * The runtime numbers threads in the order of spawning and objects in the order of creation, and two
 * threads that both spawn do so in either order. What stays is who made it and how many that one had made
 * before; so a thread is known by its parent and its place among the parent's children, and an object by
 * its creator and its place among the creator's objects.
 */
import type { Engine } from '../runtime/engine.ts';
import { NOBODY, type SharedObject } from '../runtime/shared-object.ts';

/** Far more than a thread will ever make. */
const PLACES = 0x100000;

export class Identities {
  /** Threads that have been seen in any execution; their numbers are smaller. */
  threadCount = 0;
  /** Some daemon has spawned a thread that is none, and so put off the end of an execution. */
  hasRevived = false;
  /** For the present execution: from the runtime's ids to our numbers, and back. */
  readonly numberOf: number[] = [];
  readonly idOf: number[] = [];
  private known = 0;
  private linksSeen = 0;
  private readonly childrenOf: number[] = [];
  private readonly threads = new Map<number, number>();
  private readonly objects = new Map<number, number>();

  /** A new execution begins. */
  reset(): void {
    this.known = 0;
    this.linksSeen = 0;
    this.idOf.fill(NOBODY);
    this.childrenOf.fill(0);
  }

  /** Names the threads that have been spawned since the last call. */
  update(engine: Engine): void {
    const { links, linkCount } = engine;
    for (; this.linksSeen < linkCount; this.linksSeen += 2) {
      const id = links[this.linksSeen + 1] as number;
      if (id < this.known) continue;
      const from = links[this.linksSeen] as number;
      if (engine.threads[from]?.daemon === true && engine.threads[id]?.daemon === false) {
        this.hasRevived = true;
      }
      this.name(id, from === NOBODY ? NOBODY : (this.numberOf[from] as number));
    }
  }

  private name(id: number, parent: number): void {
    const place = this.childrenOf[parent + 1] ?? 0;
    this.childrenOf[parent + 1] = place + 1;
    const key = (parent + 1) * PLACES + place;
    let number = this.threads.get(key);
    if (number === undefined) {
      number = this.threadCount;
      this.threads.set(key, number);
      this.threadCount += 1;
    }
    this.known = id + 1;
    this.numberOf[id] = number;
    for (let unused = this.idOf.length; unused < number; unused += 1) this.idOf[unused] = NOBODY;
    this.idOf[number] = id;
  }

  /** Even for what the program made during set-up, odd for what threads made. */
  objectNumber(object: SharedObject): number {
    if (object.creator === NOBODY) return object.serial * 2;
    const key = (this.numberOf[object.creator] as number) * PLACES + object.serial;
    let number = this.objects.get(key);
    if (number === undefined) {
      number = this.objects.size * 2 + 1;
      this.objects.set(key, number);
    }
    return number;
  }
}
