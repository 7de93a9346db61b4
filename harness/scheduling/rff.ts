/**
 * Reads-from feedback: Wolff, Shi, Duck, Mathur and Roychoudhury, "Greybox fuzzing for concurrency testing"
 * (ASPLOS 2024).
 *
 * Keeps a corpus of abstract schedules (`abstract-corpus.ts`), mutates one of them for each execution, and steers
 * the execution towards it (`abstract-schedule.ts`); for the rest, and where all that could run should be put
 * off, it is partial order sampling. Those whose executions show a new reads-from pair join the corpus.
 *
 * Departures. The step to read from may be given by its site, without the thread, which is as near as one comes
 * here to the paper's places in the program's text. A schedule joins the corpus together with the pair that was
 * new, so that its mutants do not have to come by it again by chance. Memory does not grow with the executions.
 */
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import { isWrite } from '../runtime/semantics.ts';
import { AbstractCorpus } from './abstract-corpus.ts';
import { type AbstractSchedule, type Constraint, Steering } from './abstract-schedule.ts';
import { Counters } from './counters.ts';
import { PartialOrderSampling } from './pos.ts';
import { RandomSource } from './random-source.ts';
import { isRead, type ObjectState, pairOf, type PendingStep, ReadsFrom } from './reads-from.ts';
import { StepPool } from './step-pool.ts';
import type { Strategy } from './strategy.ts';

const CONSTRAINTS_MAX = 8;
const PAIRS_SIZE_MAX = 2 ** 17;

export class ReadsFromFuzzing implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly seed: number;
  private readonly random: RandomSource;
  private readonly sampling: PartialOrderSampling;
  private readonly readsFrom: ReadsFrom;
  private readonly steering: Steering;
  private readonly corpus = new AbstractCorpus();
  private readonly pool = new StepPool();
  private readonly pairs = new Counters(PAIRS_SIZE_MAX);
  private schedule: AbstractSchedule = [];
  private execution = 0;
  /** The last pair of this execution that is new. */
  private discovery: Constraint | undefined = undefined;

  /** `readsFrom` may be shared with whatever else looks at executions; it is begun here. */
  constructor(seed: number, readsFrom: ReadsFrom = new ReadsFrom()) {
    this.seed = seed;
    this.random = new RandomSource(seed);
    this.sampling = new PartialOrderSampling(~seed >>> 0);
    this.readsFrom = readsFrom;
    this.steering = new Steering(readsFrom, this.sampling);
  }

  begin(): boolean {
    this.random.reseed(this.seed, this.execution);
    this.readsFrom.begin();
    this.discovery = undefined;
    this.schedule = this.execution === 0 ? [] : this.mutate(this.corpus.next());
    this.steering.begin(this.schedule);
    this.execution += 1;
    return this.sampling.begin();
  }

  pick(engine: Engine): number {
    const { steering, readsFrom } = this;
    const id = steering.pick(engine);
    const operation = engine.pendingOf(id) as Operation;
    if (operation.object === undefined) {
      readsFrom.record(engine, id);
      return id;
    }
    const pending = readsFrom.pendingOf(engine, id);
    this.learn(pending, id, operation);
    steering.taken(pending);
    readsFrom.record(engine, id);
    return id;
  }

  end(): void {
    const { signature } = this.readsFrom;
    this.corpus.count(signature);
    if (this.discovery === undefined) return;
    this.corpus.add(withConstraint(this.schedule, this.discovery), signature);
  }

  private learn(pending: PendingStep, id: number, operation: Operation): void {
    const reads = isRead(operation);
    const { step, object } = pending;
    if (!this.pool.has(step)) {
      this.pool.add(pending, { thread: id, reads, writes: isWrite(operation) });
    }
    if (!reads) return;
    const { number, writer } = object as ObjectState;
    if (this.pairs.increment(pairOf(step, writer)) > 0) return;
    this.discovery = {
      object: number,
      read: step,
      write: writer,
      writtenBy: 'step',
      isPositive: true,
    };
  }

  private mutate(schedule: AbstractSchedule): AbstractSchedule {
    const { random } = this;
    let mutant = this.mutateOnce(schedule);
    while (random.below(2) === 0) mutant = this.mutateOnce(mutant);
    return mutant;
  }

  private mutateOnce(schedule: AbstractSchedule): AbstractSchedule {
    const { random } = this;
    const place = random.below(schedule.length);
    const kind = schedule.length === 0 ? 0 : random.below(4);
    if (kind === 2) return schedule.toSpliced(place, 1);
    if (kind === 3) {
      const { isPositive, ...rest } = schedule[place] as Constraint;
      return schedule.with(place, { ...rest, isPositive: !isPositive });
    }
    const drawn = this.pool.draw(random);
    if (drawn === undefined) return schedule;
    const isFull = schedule.length >= CONSTRAINTS_MAX;
    return withConstraint(kind === 1 || isFull ? schedule.toSpliced(place, 1) : schedule, drawn);
  }
}

/** With one more; what was said of the same step before, that it reads from another one, is no longer so. */
function withConstraint(schedule: AbstractSchedule, added: Constraint): AbstractSchedule {
  const others = schedule.filter(({ read, isPositive }) => read !== added.read || !isPositive);
  return [...others.slice(-CONSTRAINTS_MAX + 1), added];
}
