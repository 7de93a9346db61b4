/** What is to be looked at when its moment has come: a binary heap, the earliest first. */
export interface Moment<T> {
  readonly at: number;
  readonly what: T;
}

export class Moments<T> {
  private readonly heap: Moment<T>[] = [];

  /** The earliest; `Infinity` when there is none. */
  get next(): number {
    return this.heap[0]?.at ?? Infinity;
  }

  add(at: number, what: T): void {
    const { heap } = this;
    const added = { at, what };
    let place = heap.length;
    heap.push(added);
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= at) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = added;
  }

  /** Takes the earliest out if its moment has come; undefined if nothing is due. */
  take(now: number): Moment<T> | undefined {
    const { heap } = this;
    const [first] = heap;
    if (first === undefined || first.at > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.sink(last);
    return first;
  }

  /** Puts it where the first has been, and then below what is earlier. */
  private sink(moment: Moment<T>): void {
    const { heap } = this;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const child = (heap[right]?.at ?? Infinity) < (heap[left]?.at ?? Infinity) ? right : left;
      const below = heap[child];
      if (below === undefined || below.at >= moment.at) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = moment;
  }
}
