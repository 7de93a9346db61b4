/**
 * Circles of threads, each of which holds a lock that the next one wants: a deadlock that some other
 * interleaving may reach, or an input not tried.
 *
 * A circle is dropped if its acquisitions cannot all be under way at once: two of one thread, two that the
 * start or join of threads orders, or two under a common lock (a gate). Readers do not exclude each other, and a
 * writer that waits does not keep further readers out, for so it is with the runtime's `RwLock`: on a lock
 * that prefers writers, two readers that nest in different orders may deadlock, and no warning says so.
 */
import { isBefore, type LockUse, type NestedAcquisition } from './lock-order.ts';

export interface LockCycle {
  readonly message: string;
  /** Names of the threads, each of which holds what the one before it wants. */
  readonly threads: readonly string[];
  /** Names of the locks: what each of the threads wants. */
  readonly locks: readonly string[];
}

/** Circles of more threads are not looked for. */
const LENGTH_MAX = 8;
/** Comparisons, all together; what is found until then is reported. */
const WORK_MAX = 500_000;
const CYCLES_MAX = 100;

/** Shortest first, then by what was seen first. One for each circle of locks, whoever else takes them so. */
export function findLockCycles(acquisitions: readonly NestedAcquisition[]): LockCycle[] {
  const threads = new Set(acquisitions.map(({ thread }) => thread)).size;
  const search = new CycleSearch(acquisitions);
  for (let length = 2; length <= Math.min(threads, LENGTH_MAX); length += 1) search.find(length);
  return search.cycles;
}

class CycleSearch {
  readonly cycles: LockCycle[] = [];
  private readonly acquisitions: readonly NestedAcquisition[];
  private readonly known = new Set<string>();
  private work = 0;

  constructor(acquisitions: readonly NestedAcquisition[]) {
    this.acquisitions = acquisitions;
  }

  find(length: number): void {
    for (const [index, first] of this.acquisitions.entries()) this.extend([first], index, length);
  }

  /** All acquisitions of a circle come after the one at `first`, so that each is found once. */
  private extend(chain: readonly NestedAcquisition[], first: number, length: number): void {
    const last = chain.at(-1) as NestedAcquisition;
    for (let i = first + 1; i < this.acquisitions.length; i += 1) {
      this.work += 1;
      if (this.work > WORK_MAX || this.cycles.length === CYCLES_MAX) return;
      const next = this.acquisitions[i] as NestedAcquisition;
      if (!next.held.some((use) => excludes(use, last.wanted))) continue;
      if (!chain.every((other) => mayOverlap(other, next))) continue;
      const longer = [...chain, next];
      if (longer.length < length) this.extend(longer, first, length);
      else if (closes(longer)) this.report(longer);
    }
  }

  private report(chain: readonly NestedAcquisition[]): void {
    const locks = chain.map(({ wanted }) => wanted.lock);
    const start = locks.indexOf(Math.min(...locks));
    const key = [...locks.slice(start), ...locks.slice(0, start)].join();
    if (this.known.has(key)) return;
    this.known.add(key);
    this.cycles.push({
      message: `${chain.map((one, i) => describe(one, chain.at(i - 1) as NestedAcquisition)).join('; ')}: in another interleaving they may wait for each other for ever`,
      threads: chain.map(({ threadName }) => threadName),
      locks: chain.map(({ wanted }) => wanted.name),
    });
  }
}

function closes(chain: readonly NestedAcquisition[]): boolean {
  const first = chain[0] as NestedAcquisition;
  const last = chain.at(-1) as NestedAcquisition;
  return first.held.some((use) => excludes(use, last.wanted));
}

/** Whether two threads can be there at the same time; what one thread does is ordered anyway. */
function mayOverlap(a: NestedAcquisition, b: NestedAcquisition): boolean {
  if (isBefore(a, b) || isBefore(b, a)) return false;
  return !a.held.some((one) => b.held.some((other) => excludes(one, other)));
}

function excludes(a: LockUse, b: LockUse): boolean {
  return a.lock === b.lock && !(a.shared && b.shared);
}

function describe(
  { threadName, held, wanted }: NestedAcquisition,
  before: NestedAcquisition,
): string {
  const has = held.find((use) => excludes(use, before.wanted)) as LockUse;
  return `${threadName} has \`${has.name}\` by ${placeOf(has)} and wants \`${wanted.name}\` by ${placeOf(wanted)}`;
}

function placeOf({ operation, step }: LockUse): string {
  return `${operation} in its step ${step}`;
}
