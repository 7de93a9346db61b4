/**
 * How many events threads have, by object, as far as executions have shown: what a uniform random walk
 * weighs its choices by.
 *
 * Threads and objects go by their numbers of `dpor-identity.ts`, which say who made them and mean the same in
 * every interleaving. All executions that ran to their end count, and what is told of a thread is the mean over
 * those it took part in: in a program without branches that is what each of them has shown.
 */
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import { isWrite } from '../runtime/semantics.ts';
import { NOBODY } from '../runtime/shared-object.ts';
import { Identities } from './dpor-identity.ts';

/** What counts as an object's number where all events count, and where an event touches no object. */
export const ALL_OBJECTS: number = -1;
const NO_OBJECT = -2;

export class SurwProfile {
  /** Executions that the counts come from. */
  executions = 0;
  readonly identities: Identities = new Identities();
  /** For the present execution, by the runtime's ids: who spawned the thread, or -1. */
  readonly parents: number[] = [];
  /** Threads of the present execution that are known. */
  known = 0;
  private linksSeen = 0;
  /** By thread's number: the parent's number, the executions it took part in, and its events. */
  private readonly parentOf: number[] = [];
  private readonly appearances: number[] = [];
  private readonly events: number[] = [];
  /** By object's number: events by thread's number, and whether any was a write. */
  private readonly eventsOn: number[][] = [];
  private readonly isWritten: boolean[] = [];
  /** Thread and object of each step of the present execution. */
  private readonly log: number[] = [];
  private logged = 0;
  /** By thread's number: events of the kind asked for, of it and all its descendants, in all executions. */
  private readonly wanted: number[] = [];

  begin(): void {
    this.identities.reset();
    this.known = 0;
    this.linksSeen = 0;
    this.logged = 0;
  }

  /** Takes note of the threads that have been spawned since the last call. */
  update(engine: Engine): void {
    if (this.known === engine.threadCount) return;
    this.identities.update(engine);
    const { numberOf } = this.identities;
    for (; this.linksSeen < engine.linkCount; this.linksSeen += 2) {
      const id = engine.links[this.linksSeen + 1] as number;
      // The first link that leads to a thread is its spawning.
      if (id < this.known) continue;
      const parent = engine.links[this.linksSeen] as number;
      this.parents[id] = parent;
      this.known = id + 1;
      const number = numberOf[id] as number;
      this.parentOf[number] = parent === NOBODY ? NOBODY : (numberOf[parent] as number);
      this.appearances[number] ??= 0;
      this.events[number] ??= 0;
    }
  }

  /** Takes note of the step that a thread is about to take. */
  record(thread: number, operation: Operation): void {
    const { object } = operation;
    const touched = object === undefined ? NO_OBJECT : this.identities.objectNumber(object);
    this.log[this.logged] = this.identities.numberOf[thread] as number;
    this.log[this.logged + 1] = touched;
    this.logged += 2;
    if (touched !== NO_OBJECT && this.isWritten[touched] !== true && isWrite(operation)) {
      this.isWritten[touched] = true;
    }
  }

  /** What a failure cut short tells too little, unless it is all there is. */
  end(engine: Engine): void {
    if (!engine.allDone && this.executions > 0) return;
    this.update(engine);
    this.executions += 1;
    for (let id = 0; id < this.known; id += 1) {
      const number = this.identities.numberOf[id] as number;
      this.appearances[number] = (this.appearances[number] ?? 0) + 1;
    }
    for (let i = 0; i < this.logged; i += 2) {
      const thread = this.log[i] as number;
      this.events[thread] = (this.events[thread] ?? 0) + 1;
      const touched = this.log[i + 1] as number;
      if (touched === NO_OBJECT) continue;
      const counts = (this.eventsOn[touched] ??= []);
      counts[thread] = (counts[thread] ?? 0) + 1;
    }
  }

  /** Numbers of the objects that several threads touch and one of them writes. */
  sharedObjects(into: number[]): void {
    into.length = 0;
    for (const [object, counts] of this.eventsOn.entries()) {
      if (counts === undefined || this.isWritten[object] !== true) continue;
      let threads = 0;
      for (const count of counts) if (count > 0) threads += 1;
      if (threads > 1) into.push(object);
    }
  }

  /** Makes `weightOf` and `shareOf` tell of the events on `object`. */
  weigh(object: number): void {
    const counts = object === ALL_OBJECTS ? this.events : (this.eventsOn[object] ?? []);
    const { wanted } = this;
    for (let number = 0; number < this.events.length; number += 1) {
      wanted[number] = counts[number] ?? 0;
    }
    // Parents are numbered before their children.
    for (let number = this.events.length - 1; number >= 0; number -= 1) {
      const parent = this.parentOf[number] as number;
      if (parent !== NOBODY) {
        wanted[parent] = (wanted[parent] as number) + (wanted[number] as number);
      }
    }
  }

  /** Events to be expected of a thread of the present execution and of all it will spawn. */
  weightOf(thread: number): number {
    const number = this.identities.numberOf[thread] as number;
    return mean(this.wanted[number], this.appearances[number]);
  }

  /** How much of the weight of its parent was that of `thread`. */
  shareOf(thread: number): number {
    const number = this.identities.numberOf[thread] as number;
    const parent = this.parentOf[number] as number;
    return parent === NOBODY ? 0 : mean(this.wanted[number], this.appearances[parent]);
  }
}

function mean(sum: number | undefined, count: number | undefined): number {
  return sum === undefined || count === undefined || count === 0 ? 0 : sum / count;
}
