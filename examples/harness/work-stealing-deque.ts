/**
 * A work-stealing deque: its owner pushes and takes at the bottom, thieves steal at the top.
 *
 * After "Dynamic circular work-stealing deque" (Chase and Lev, SPAA 2005), without growing. When one item
 * is left, owner and thief want the same one, and a compare-exchange of `top` decides. The broken variant
 * lets the owner have it without asking. No assertion says what may happen: the histories of all calls
 * are held against a sequential deque. Whether one call was over before another began is part of that, so
 * it is explored with `dfs`: a reduction may take two interleavings for one that differ in nothing else.
 */
import {
  type Atomic,
  checkLinearizability,
  type HistoryEvent,
  type Program,
  type Runtime,
  type SequentialModel,
  type Task,
} from 'rtm-conformance/harness';

export interface Mistakes {
  /** The owner takes the last item without competing for it. */
  readonly takesWithoutAsking?: boolean;
}

export type Call =
  { readonly kind: 'push'; readonly item: string } | { readonly kind: 'take' | 'steal' };
/** What was taken or stolen; `lost` when somebody else was faster, `empty` when nothing was there. */
export type Reply = string;

class WorkStealingDeque {
  readonly #takesWithoutAsking: boolean;
  readonly #top: Atomic<number>;
  readonly #bottom: Atomic<number>;
  readonly #slots: readonly Atomic<string>[];

  constructor(rt: Runtime, capacity: number, { takesWithoutAsking = false }: Mistakes) {
    this.#takesWithoutAsking = takesWithoutAsking;
    this.#top = rt.atomic(0, 'top');
    this.#bottom = rt.atomic(0, 'bottom');
    this.#slots = Array.from({ length: capacity }, (_, index) => rt.atomic('', `slot ${index}`));
  }

  *push(item: string): Task<Reply> {
    const bottom = yield* this.#bottom.load();
    yield* this.#slot(bottom).store(item);
    yield* this.#bottom.store(bottom + 1);
    return 'pushed';
  }

  *take(): Task<Reply> {
    const bottom = (yield* this.#bottom.load()) - 1;
    yield* this.#bottom.store(bottom);
    const top = yield* this.#top.load();
    if (top > bottom) {
      yield* this.#bottom.store(top);
      return 'empty';
    }
    const item = yield* this.#slot(bottom).load();
    if (top < bottom || this.#takesWithoutAsking) return item;
    const won = (yield* this.#top.compareExchange(top, top + 1)) === top;
    yield* this.#bottom.store(top + 1);
    return won ? item : 'empty';
  }

  *steal(): Task<Reply> {
    const top = yield* this.#top.load();
    const bottom = yield* this.#bottom.load();
    if (top >= bottom) return 'empty';
    const item = yield* this.#slot(top).load();
    return (yield* this.#top.compareExchange(top, top + 1)) === top ? item : 'lost';
  }

  #slot(index: number): Atomic<string> {
    const slot = this.#slots[index % this.#slots.length];
    if (slot === undefined) throw new Error('a deque needs at least one slot');
    return slot;
  }
}

/** The states are the items from top to bottom. A thief may lose at any time, which changes nothing. */
const dequeModel: SequentialModel<readonly string[], Call, Reply> = {
  initial: () => [],
  *step(items, call, reply) {
    if (call.kind === 'push') yield [...items, call.item];
    else if (reply === 'lost') yield items;
    else if (items.length === 0) yield* reply === 'empty' ? [items] : [];
    else if (call.kind === 'take' && reply === items.at(-1)) yield items.slice(0, -1);
    else if (call.kind === 'steal' && reply === items[0]) yield items.slice(1);
  },
  key: (items) => items.join(),
};

/** The owner pushes two items and takes two, while a thief steals twice. */
export function workStealingDeque(mistakes: Mistakes = {}): Program {
  return (rt: Runtime) => {
    const deque = new WorkStealingDeque(rt, 2, mistakes);
    const history: HistoryEvent<Call, Reply>[] = [];
    let calls = 0;
    function* record(process: number, call: Call, body: () => Task<Reply>): Task {
      const id = calls++;
      history.push({ kind: 'invoke', id, process, call });
      const reply = yield* body();
      history.push({ kind: 'return', id, process, reply });
      rt.note(() => `${describe(call)} → ${reply}`);
    }
    rt.spawn('owner', function* () {
      for (const item of ['a', 'b']) {
        yield* record(0, { kind: 'push', item }, () => deque.push(item));
      }
      yield* record(0, { kind: 'take' }, () => deque.take());
      yield* record(0, { kind: 'take' }, () => deque.take());
    });
    rt.spawn('thief', function* () {
      yield* record(1, { kind: 'steal' }, () => deque.steal());
      yield* record(1, { kind: 'steal' }, () => deque.steal());
    });
    rt.finally(() => {
      const { verdict } = checkLinearizability(dequeModel, history);
      if (verdict === 'linearizable') return;
      rt.fail('not-linearizable', `no order of the ${calls} calls explains what they returned`);
    });
  };
}

function describe(call: Call): string {
  return call.kind === 'push' ? `push ${call.item}` : call.kind;
}
