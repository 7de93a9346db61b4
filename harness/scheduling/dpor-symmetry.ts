/**
 * Threads that are alike: of the executions that differ only in which of them does what, a reduction need see only one.
 *
 * Interchangeable threads run the same code on the same objects, and nothing tells them apart: no index, no object of
 * their own made for them by somebody else, nobody who joins one of them and not the others, or deals with them in some
 * order. Then swapping two of them throughout an execution gives an execution, and so each can be renamed until
 * their first steps come in the order of the group. Only such executions are explored: a thread of the group is held
 * until the one before it has taken a step, which then happens before everything that the later one does, just as if it
 * had spawned it. That is sound; nothing is missed but names.
 *
 * It leaves exactly one execution for each set of traces that are renamings of each other if the first steps depend on
 * each other, as those of clients that enter by one atomic. First steps that do not can be put in the group's order in
 * more than one way, so that some sets are seen more than once. Names are the caller's word for it: what is checked is
 * that the threads begin with the same source code and the same first step.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import { type EventLog, NONE } from './dpor-event-log.ts';
import type { Identities } from './dpor-identity.ts';
import { isEnabled } from './round-robin.ts';

export class Symmetry {
  /** By thread number: the one whose first step comes right before, or right after, its own. */
  readonly before: number[] = [];
  readonly after: number[] = [];
  private readonly groups: readonly (readonly string[])[];
  private readonly identities: Identities;

  constructor(groups: readonly (readonly string[])[], identities: Identities) {
    this.groups = groups;
    this.identities = identities;
  }

  /** Finds the groups among the threads before anybody has taken a step. Throws `HarnessError` with the code `bad-option`. */
  find(engine: Engine): void {
    for (const names of this.groups) {
      const ids = names.map((name) => idOf(engine, name));
      ids.slice(1).forEach((id, i) => {
        const earlier = ids[i] as number;
        if (!areAlike(engine, earlier, id)) throw areNotAlike(engine, earlier, id);
        const number = this.identities.numberOf[id] as number;
        const other = this.identities.numberOf[earlier] as number;
        this.before[number] = other;
        this.after[other] = number;
      });
    }
  }

  /** Whether thread `id`, which could run, is kept until another one has taken its first step. */
  isHeld(engine: Engine, log: EventLog, id: number): boolean {
    const other = this.before[this.identities.numberOf[id] as number];
    if (other === undefined || log.lastOf(other) !== NONE) return false;
    const earlier = this.identities.idOf[other] as number;
    if (!isEnabled(engine, earlier) && isEnabled(engine, id)) {
      if (this.isHeld(engine, log, earlier)) return true;
      throw areNotAlike(engine, earlier, id);
    }
    return true;
  }
}

function idOf(engine: Engine, name: string): number {
  const ids: number[] = [];
  for (let id = 0; id < engine.threadCount; id += 1) {
    if (engine.nameOfThread(id) === name) ids.push(id);
  }
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return id;
  throw new HarnessError(
    'bad-option',
    `\`symmetric\` names the thread '${name}', of which there ${ids.length === 0 ? 'is none' : `are ${ids.length}`} when the program begins. Give the names of threads that the program itself spawns, each another name.`,
  );
}

function areAlike(engine: Engine, one: number, other: number): boolean {
  const [first, second] = [engine.threads[one], engine.threads[other]];
  if (first?.daemon !== second?.daemon || !isSameValue(first?.body, second?.body)) return false;
  return isSameStep(first?.pending, second?.pending);
}

function isSameStep(one: Operation | undefined, other: Operation | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const isSame = one.op === other.op && one.object === other.object;
  return isSame && isSameValue(one.a, other.a) && isSameValue(one.b, other.b);
}

/** Functions are the same if they are written the same. */
function isSameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== 'function' || typeof other !== 'function') return Object.is(one, other);
  return one === other || one.toString() === other.toString();
}

function areNotAlike(engine: Engine, one: number, other: number): HarnessError {
  return new HarnessError(
    'bad-option',
    `\`symmetric\` takes the threads '${engine.nameOfThread(one)}' and '${engine.nameOfThread(other)}' for interchangeable, but they begin differently. Leave them out, or let them run the same code on the same objects.`,
  );
}
