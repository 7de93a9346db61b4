/**
 * For tests only: whether an execution is conflict-serializable, by its definition. Neighbouring steps that do not
 * depend on each other are swapped in all ways there are, until the steps of each operation lie side by side.
 */

export interface ObservedStep {
  readonly thread: number;
  /** The declared operation it belongs to; a number of its own if it belongs to none. */
  readonly operation: number;
  /** What it touches; empty for nothing. */
  readonly object: string;
  readonly writes: boolean;
}

export function isSerializable(steps: readonly ObservedStep[]): boolean {
  const seen = new Set<string>();
  const unvisited: (readonly number[])[] = [steps.map((_, i) => i)];
  for (let order = unvisited.pop(); order !== undefined; order = unvisited.pop()) {
    const key = order.join();
    if (seen.has(key)) continue;
    seen.add(key);
    const operations = order.map((at) => steps[at]?.operation);
    if (isContiguous(operations)) return true;
    for (let i = 0; i + 1 < order.length; i += 1) {
      const [one, other] = [steps[order[i] ?? 0], steps[order[i + 1] ?? 0]];
      if (one === undefined || other === undefined || dependent(one, other)) continue;
      unvisited.push([
        ...order.slice(0, i),
        order[i + 1] ?? 0,
        order[i] ?? 0,
        ...order.slice(i + 2),
      ]);
    }
  }
  return false;
}

/** The same text for executions that such swaps turn into each other. */
export function canonicalTrace(steps: readonly ObservedStep[]): string {
  // Foata's normal form: each step in the first layer that comes after all that it depends on.
  const layers: string[][] = [];
  const layerOf: number[] = [];
  const places: number[] = [];
  for (const [i, step] of steps.entries()) {
    let layer = 0;
    for (let before = 0; before < i; before += 1) {
      const other = steps[before];
      if (other !== undefined && dependent(other, step))
        layer = Math.max(layer, (layerOf[before] ?? 0) + 1);
    }
    layerOf.push(layer);
    const place = places[step.thread] ?? 0;
    places[step.thread] = place + 1;
    (layers[layer] ??= []).push(`${step.thread}.${place}`);
  }
  return layers.map((layer) => layer.toSorted().join(' ')).join('|');
}

function dependent(a: ObservedStep, b: ObservedStep): boolean {
  if (a.thread === b.thread) return true;
  return a.object !== '' && a.object === b.object && (a.writes || b.writes);
}

function isContiguous(operations: readonly (number | undefined)[]): boolean {
  const ended = new Set<number | undefined>();
  for (const [i, operation] of operations.entries()) {
    if (operation === operations[i - 1]) continue;
    if (ended.has(operation)) return false;
    ended.add(operation);
  }
  return true;
}
