/** Random concurrent programs for fast-check: some threads, and what each is to do, as plain data. */
import type * as fastCheck from 'fast-check';
import type { Arbitrary, Random, Stream, Value } from 'fast-check';
import { HarnessError } from '../errors.ts';
import { show } from '../exploration/show.ts';
import type { HistoryEvent } from '../linearizability/types.ts';
import type { Runtime, Task } from '../runtime/types.ts';

/** What is needed of fast-check: hand in `fc`. The harness itself does not load it. */
export type FastCheck = Pick<typeof fastCheck, 'Arbitrary' | 'Value' | 'stream'>;

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface ProgramsOptions<T> {
  /** What a thread may be told to do, once. */
  readonly operations: Arbitrary<T>;
  /** How many threads. Default 2 to 3. */
  readonly threads?: Range;
  /** How many operations in each. Default 1 to 4. */
  readonly length?: Range;
  /** An operation as text. Default: as `show` has it. */
  readonly describe?: (operation: T) => string;
}

/** For each thread, what it is to do. */
export interface ConcurrentProgram<T> {
  readonly threads: readonly (readonly T[])[];
  /** One line for each thread: `T0: enqueue 1, dequeue`. */
  toString(): string;
}

/**
 * Arbitrary programs. They shrink to fewer threads, then to fewer operations, wherever these stand, then to smaller
 * ones; which arrays of arrays would not, as they leave out only what stands at their ends.
 *
 * @param fc fast-check itself.
 */
export function programs<T>(
  fc: FastCheck,
  { operations, threads, length, describe = describeOperation }: ProgramsOptions<T>,
): Arbitrary<ConcurrentProgram<T>> {
  const threadRange = checkRange('threads', threads ?? { min: 2, max: 3 });
  const lengthRange = checkRange('length', length ?? { min: 1, max: 4 });

  const valueOf = (drawn: Drawn<T>): Value<ConcurrentProgram<T>> => {
    const lists = drawn.map((list) => list.map(({ value }) => value));
    return new fc.Value(concurrentProgram(lists, describe), drawn);
  };

  class Programs extends fc.Arbitrary<ConcurrentProgram<T>> {
    override generate(random: Random, bias: number | undefined): Value<ConcurrentProgram<T>> {
      const many = <U>({ min, max }: Range, make: () => U): U[] =>
        Array.from({ length: random.nextInt(min, max) }, make);
      const one = (): Value<T> => operations.generate(random, bias);
      return valueOf(many(threadRange, () => many(lengthRange, one)));
    }

    /** It shrinks only what it has generated: how an operation came about cannot be told from it. */
    override canShrinkWithoutContext(_: unknown): _ is ConcurrentProgram<T> {
      return false;
    }

    override shrink(
      _: ConcurrentProgram<T>,
      context: unknown,
    ): Stream<Value<ConcurrentProgram<T>>> {
      const limits = { operations, threadsMin: threadRange.min, lengthMin: lengthRange.min };
      const drawn = (context ?? []) as Drawn<T>;
      return fc.stream(smallerThan(drawn, limits)).map(valueOf);
    }
  }
  return new Programs();
}

/** The program of which these are the threads, for a test that has a certain one in mind. */
export function concurrentProgram<T>(
  threads: readonly (readonly T[])[],
  describe: (operation: T) => string = describeOperation,
): ConcurrentProgram<T> {
  const text = (): string =>
    threads.map((list, id) => `T${id}: ${list.map(describe).join(', ')}`.trimEnd()).join('\n');
  // Not to be enumerated, so that two programs are equal when their threads are.
  return Object.defineProperty({ threads }, 'toString', { value: text, enumerable: false });
}

/**
 * Spawns the threads `T0`, `T1`, ... of a program, each of which carries out its operations one after the other by
 * `perform`. Returns the history of the calls, which grows as they are made: hand it to `checkLinearizability`, or
 * look at the replies, in a `finally`.
 */
export function spawnAll<T, R>(
  rt: Runtime,
  { threads }: ConcurrentProgram<T>,
  perform: (operation: T, thread: number) => Task<R>,
): HistoryEvent<T, R>[] {
  const history: HistoryEvent<T, R>[] = [];
  let calls = 0;
  for (const [process, operations] of threads.entries()) {
    rt.spawn(`T${process}`, function* () {
      for (const call of operations) {
        const id = calls++;
        history.push({ kind: 'invoke', id, process, call });
        const reply = yield* perform(call, process);
        history.push({ kind: 'return', id, process, reply });
        rt.note(() => `${describeOperation(call)} → ${show(reply)}`);
      }
    });
  }
  return history;
}

/** The operations of each thread, with what fast-check needs to make them smaller. */
type Drawn<T> = readonly (readonly Value<T>[])[];

interface Limits<T> {
  readonly operations: Arbitrary<T>;
  readonly threadsMin: number;
  readonly lengthMin: number;
}

function* smallerThan<T>(
  drawn: Drawn<T>,
  { operations, threadsMin, lengthMin }: Limits<T>,
): Generator<Drawn<T>, void> {
  if (drawn.length > threadsMin) {
    for (const thread of drawn.keys()) yield drawn.toSpliced(thread, 1);
  }
  for (const [thread, list] of drawn.entries()) {
    // All that may go at once, then one by one.
    if (list.length > lengthMin + 1) {
      yield drawn.with(thread, list.slice(0, lengthMin));
      yield drawn.with(thread, list.slice(list.length - lengthMin));
    }
    if (list.length <= lengthMin) continue;
    for (const at of list.keys()) yield drawn.with(thread, list.toSpliced(at, 1));
  }
  for (const [thread, list] of drawn.entries()) {
    for (const [at, { value, context }] of list.entries()) {
      for (const smaller of operations.shrink(value, context)) {
        yield drawn.with(thread, list.with(at, smaller));
      }
    }
  }
}

function checkRange(name: string, range: Range): Range {
  const { min, max } = range;
  if (Number.isInteger(min) && Number.isInteger(max) && min >= 0 && min <= max) return range;
  throw new HarnessError(
    'bad-option',
    `\`${name}\` is from ${min} to ${max}; it must be whole numbers from 0 on, the smaller one first.`,
  );
}

/** `{ kind: 'enqueue', value: 1 }` reads `enqueue 1`, and a string as it is. */
function describeOperation(operation: unknown): string {
  if (typeof operation === 'string') return operation;
  if (typeof operation !== 'object' || operation === null || !('kind' in operation)) {
    return show(operation, 2);
  }
  const { kind, ...operands } = operation;
  return [String(kind), ...Object.values(operands).map((operand) => show(operand))].join(' ');
}
