/** What is to be looked at when a moment has come: a binary heap, the earliest first. */

interface Entry<T> {
  readonly at: number;
  readonly item: T;
}

export class Deadlines<T> {
  private readonly heap: Entry<T>[] = [];

  /** The earliest moment; `Infinity` when there is none. */
  get next(): number {
    return this.heap[0]?.at ?? Infinity;
  }

  add(at: number, item: T): void {
    const { heap } = this;
    const entry = { at, item };
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >>> 1;
      const parent = heap[above];
      if (parent === undefined || parent.at <= at) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  /** Takes out one whose moment is not after `now`; undefined if there is none. */
  take(now: number): T | undefined {
    const { heap } = this;
    const [first] = heap;
    if (first === undefined || first.at > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.sink(last);
    return first.item;
  }

  clear(): void {
    this.heap.length = 0;
  }

  /** Puts an entry in place of the first one. */
  private sink(entry: Entry<T>): void {
    const { heap } = this;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const isRight = right !== undefined && left !== undefined && right.at < left.at;
      const child = isRight ? right : left;
      if (child === undefined || child.at >= entry.at) break;
      heap[place] = child;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = entry;
  }
}
