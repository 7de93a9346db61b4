/**
 * A bounded buffer on a mutex and condition variables, as every textbook has it.
 *
 * The broken variant makes do with one condition for two reasons to wait, and wakes one thread at a time.
 * A producer may then wake a producer, which goes back to sleep, and nobody wakes the consumer: the lost
 * wake-up. It takes four threads and an unlucky order.
 */
import type { Cell, Condition, Mutex, Program, Runtime, Task } from 'rtm-conformance/harness';

export interface Mistakes {
  /** Producers and consumers wait on the same condition. */
  readonly sharesCondition?: boolean;
}

class BoundedBuffer<T> {
  readonly #capacity: number;
  readonly #items: Cell<readonly T[]>;
  readonly #lock: Mutex;
  readonly #notFull: Condition;
  readonly #notEmpty: Condition;

  constructor(rt: Runtime, capacity: number, { sharesCondition = false }: Mistakes) {
    this.#capacity = capacity;
    this.#items = rt.cell<readonly T[]>([], 'items');
    this.#lock = rt.mutex('lock');
    this.#notFull = rt.condition(this.#lock, sharesCondition ? 'changed' : 'not full');
    this.#notEmpty = sharesCondition ? this.#notFull : rt.condition(this.#lock, 'not empty');
  }

  *put(item: T): Task {
    yield* this.#lock.lock();
    while ((yield* this.#items.read()).length === this.#capacity) yield* this.#notFull.wait();
    yield* this.#items.write([...(yield* this.#items.read()), item]);
    yield* this.#notEmpty.notify();
    yield* this.#lock.unlock();
  }

  *take(): Task<T | undefined> {
    yield* this.#lock.lock();
    while ((yield* this.#items.read()).length === 0) yield* this.#notEmpty.wait();
    const [first, ...others] = yield* this.#items.read();
    yield* this.#items.write(others);
    yield* this.#notFull.notify();
    yield* this.#lock.unlock();
    return first;
  }
}

const ITEMS = ['apple', 'pear'];

/** Two producers and two consumers at a buffer with room for one item. */
export function boundedBuffer(mistakes: Mistakes = {}): Program {
  return (rt: Runtime) => {
    const buffer = new BoundedBuffer<string>(rt, 1, mistakes);
    const taken: (string | undefined)[] = [];
    for (const item of ITEMS) {
      rt.spawn(`puts ${item}`, () => buffer.put(item));
    }
    for (const name of ['first taker', 'second taker']) {
      rt.spawn(name, function* () {
        taken.push(yield* buffer.take());
      });
    }
    rt.finally(() => {
      for (const item of ITEMS) rt.assert(taken.includes(item), `nobody took the ${item}`);
    });
  };
}
