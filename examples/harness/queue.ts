/**
 * A queue on two indices, of which any thread may put something in and take something out.
 *
 * Whoever enqueues takes a place by a fetch-and-add and then fills it; whoever dequeues looks at the first place that
 * has not been emptied, and a compare-exchange of `head` decides who has it. The broken variant moves `head` by a
 * plain store: two threads may then have the same item. No assertion says what may happen: the calls are held against
 * a sequential queue.
 */
import {
  type Atomic,
  checkLinearizability,
  type ConcurrentProgram,
  type Program,
  type QueueCall,
  queueModel,
  type Runtime,
  spawnAll,
  type Task,
} from 'rtm-conformance/harness';

export interface Mistakes {
  /** The first item is taken without asking whether somebody else was faster. */
  readonly takesWithoutAsking?: boolean;
}

const CAPACITY = 16;

class Queue {
  readonly #takesWithoutAsking: boolean;
  readonly #head: Atomic<number>;
  readonly #tail: Atomic<number>;
  readonly #slots: readonly Atomic<number | undefined>[];

  constructor(rt: Runtime, { takesWithoutAsking = false }: Mistakes) {
    this.#takesWithoutAsking = takesWithoutAsking;
    this.#head = rt.atomic(0, 'head');
    this.#tail = rt.atomic(0, 'tail');
    this.#slots = Array.from({ length: CAPACITY }, (_, index) =>
      rt.atomic<number | undefined>(undefined, `slot ${index}`),
    );
  }

  *enqueue(value: number): Task<null> {
    const place = yield* this.#tail.fetchAdd(1);
    yield* this.#slot(place).store(value);
    return null;
  }

  *dequeue(): Task<number | null> {
    for (;;) {
      const head = yield* this.#head.load();
      if (head >= (yield* this.#tail.load())) return null;
      // The place is taken, and may not be filled yet.
      const value = yield* this.#slot(head).waitUntil((item) => item !== undefined);
      if (this.#takesWithoutAsking) yield* this.#head.store(head + 1);
      else if ((yield* this.#head.compareExchange(head, head + 1)) !== head) continue;
      return value ?? null;
    }
  }

  #slot(place: number): Atomic<number | undefined> {
    const slot = this.#slots[place];
    if (slot === undefined) throw new Error(`there is no room for more than ${CAPACITY} items`);
    return slot;
  }
}

/** The threads of `plan` at one queue, and a sequential queue as the judge. */
export function queueProgram(plan: ConcurrentProgram<QueueCall>, mistakes: Mistakes = {}): Program {
  return (rt) => {
    const queue = new Queue(rt, mistakes);
    const history = spawnAll(rt, plan, (call: QueueCall) =>
      call.kind === 'enqueue' ? queue.enqueue(Number(call.value)) : queue.dequeue(),
    );
    rt.finally(() => {
      const { verdict } = checkLinearizability(queueModel(), history);
      if (verdict !== 'violation') return;
      rt.fail('not-linearizable', 'no order of the calls explains what they returned');
    });
  };
}
