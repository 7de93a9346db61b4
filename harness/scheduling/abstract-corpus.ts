/**
 * The abstract schedules worth going on from: those whose executions showed a step reading from another one
 * that it had not been seen to read from.
 *
 * Each gets a number of mutants that doubles every time its turn comes, unless what its execution showed, all
 * its reads-from pairs together, has come up more often than the average of the corpus: the rarer, the more.
 */
import type { AbstractSchedule } from './abstract-schedule.ts';
import { Counters } from './counters.ts';

const ENTRIES_MAX = 256;
const ENERGY_MAX = 16;
const SIGNATURES_SIZE_MAX = 2 ** 16;

interface Entry {
  readonly schedule: AbstractSchedule;
  /** Of all reads-from pairs of its execution. */
  readonly signature: number;
  turns: number;
}

export class AbstractCorpus {
  private readonly entries: Entry[] = [];
  /** How often each signature has come up in any execution. */
  private readonly signatures = new Counters(SIGNATURES_SIZE_MAX);
  private turn = -1;
  private energy = 0;

  /** The schedule to mutate next. */
  next(): AbstractSchedule {
    if (this.entries.length === 0) return [];
    if (this.energy === 0) this.choose();
    this.energy -= 1;
    return (this.entries[this.turn] as Entry).schedule;
  }

  /** Takes note of an execution. */
  count(signature: number): void {
    this.signatures.increment(signature);
  }

  /** The commonest makes room for a new one when there are too many. */
  add(schedule: AbstractSchedule, signature: number): void {
    const entry: Entry = { schedule, signature, turns: 0 };
    if (this.entries.length < ENTRIES_MAX) {
      this.entries.push(entry);
      return;
    }
    let commonest = 0;
    for (let i = 1; i < ENTRIES_MAX; i += 1) {
      if (this.frequency(i) > this.frequency(commonest)) commonest = i;
    }
    this.entries[commonest] = entry;
    if (commonest === this.turn) this.energy = 0;
  }

  private choose(): void {
    let sum = 0;
    for (let i = 0; i < this.entries.length; i += 1) sum += this.frequency(i);
    do {
      this.turn = (this.turn + 1) % this.entries.length;
    } while (this.frequency(this.turn) * this.entries.length > sum);
    const entry = this.entries[this.turn] as Entry;
    this.energy = Math.min(2 ** entry.turns, ENERGY_MAX);
    entry.turns += 1;
  }

  private frequency(i: number): number {
    return this.signatures.get((this.entries[i] as Entry).signature);
  }
}
