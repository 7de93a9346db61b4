/**
 * Atomicity of declared operations: Flanagan, Freund and Yi, "Velodrome: a sound and complete dynamic atomicity
 * checker for multithreaded programs" (PLDI 2008).
 *
 * An execution is conflict-serializable if swapping neighbouring steps that do not depend on each other can
 * bring together the steps of every declared operation. It is not if the graph of operations has a cycle: each
 * declared operation is a node, each other step is one of its own, and there is an edge for every dependence.
 *
 * Steps depend on each other as in partial order reduction: by object, one of them a write. A failed
 * compare-exchange is a read. Two exceptions, both to accuse nobody: a try-lock or try-acquire that fails tells
 * nothing that chance might not have told, so it depends on nothing; and of a semaphore only an acquisition
 * depends on the releases before it, for threads that hold one unit each do not disturb each other. Starting,
 * joining and notifying a thread are edges too. So an operation that waits for what another thread has yet to do, by a
 * condition for instance, is not atomic.
 *
 * Departure from the paper: steps before the first declared operation begins are left out, which no cycle can pass
 * through, and so are those that nothing declared comes before. Nothing is ever removed: an execution is short.
 */
import { OpKind, type Operation } from '../runtime/operation.ts';
import { nameOf, NOBODY, type SharedObject } from '../runtime/shared-object.ts';

/** What has to be known of the engine. */
export interface ObservedExecution {
  readonly steps: number;
  readonly schedule: Int32Array;
  readonly links: readonly number[];
  readonly linkCount: number;
  nameOfThread(thread: number): string;
}

const NONE = -1;

/** A dependence that leads from one node to another one. */
interface Edge {
  readonly from: number;
  readonly to: number;
  /** The steps that depend on each other. */
  readonly earlier: number;
  readonly later: number;
}

/** A declared operation, or one or several steps of a thread between them. */
interface Node {
  /** As declared, or undefined. */
  readonly name: string | undefined;
  readonly thread: number;
  readonly out: Edge[];
  /** The search that has come here last. */
  search: number;
}

/** A thread that is inside a declared operation. */
interface Declared {
  readonly name: string;
  /** Declarations within it. */
  depth: number;
  /** -1 before its first step. */
  node: number;
}

/** The last step of each thread that wrote the object or, for a reader to come, read it. -1 or absent if none has. */
interface Accesses {
  write: number;
  readonly reads: number[];
}

export class Atomicity {
  private readonly nodes: Node[] = [];
  /** By step, from `start` on. */
  private readonly nodeOf: number[] = [];
  private readonly kinds: string[] = [];
  private readonly names: string[] = [];
  private start = 0;
  private linksSeen = 0;
  private searches = 0;
  /** By thread: where it is, its last step, and steps of others that come before its next one. */
  private readonly declared: (Declared | undefined)[] = [];
  private readonly last: number[] = [];
  private readonly awaited: number[][] = [];
  /** By object. */
  private accesses: Accesses[] = [];
  /** Of the step at hand: earlier ones that it depends on. */
  private readonly before: number[] = [];

  /** The first declared operation of an execution begins. */
  reset(execution: ObservedExecution): void {
    this.nodes.length = 0;
    this.nodeOf.length = 0;
    this.kinds.length = 0;
    this.names.length = 0;
    this.start = execution.steps;
    this.linksSeen = execution.linkCount;
    this.declared.length = 0;
    this.last.length = 0;
    this.awaited.length = 0;
    this.accesses = [];
  }

  begin(thread: number, name: string): void {
    const outer = this.declared[thread];
    if (outer === undefined) this.declared[thread] = { name, depth: 0, node: NONE };
    else outer.depth += 1;
  }

  end(thread: number): void {
    const declared = this.declared[thread];
    if (declared === undefined) return;
    if (declared.depth === 0) this.declared[thread] = undefined;
    else declared.depth -= 1;
  }

  /** `thread` is about to execute `operation`. Tells how that makes a declared operation not atomic, or undefined. */
  step(execution: ObservedExecution, thread: number, operation: Operation): string | undefined {
    const index = execution.steps - this.start;
    this.kinds[index] = operation.kind;
    this.names[index] = operation.object === undefined ? '' : nameOf(operation.object);
    this.findLinks(execution);
    this.collect(thread, operation, index);
    const declared = this.declared[thread];
    if (declared === undefined) {
      this.nodeOf[index] = this.nodeForStep(thread, index);
      this.last[thread] = index;
      return undefined;
    }
    if (declared.node === NONE) declared.node = this.addNode(thread, declared.name);
    this.nodeOf[index] = declared.node;
    this.last[thread] = index;
    return this.extend(declared.node, index, execution);
  }

  /** Adds the edges of a step of the declared operation `node`, of which each may close a cycle. */
  private extend(node: number, index: number, execution: ObservedExecution): string | undefined {
    for (const earlier of this.before) {
      const from = this.nodeOf[earlier] as number;
      if (from === NONE || from === node || this.isKnown(from, node)) continue;
      const edge: Edge = { from, to: node, earlier, later: index };
      const path = this.findPath(node, from);
      if (path !== undefined) return this.describe([...path, edge], execution);
      (this.nodes[from] as Node).out.push(edge);
    }
    return undefined;
  }

  /** The node of a step that is in no declared operation: one that comes after nothing declared needs none. */
  private nodeForStep(thread: number, index: number): number {
    const own = this.nodeOf[this.last[thread] ?? NONE] ?? NONE;
    const isOwnEnough = own !== NONE && (this.nodes[own] as Node).name === undefined;
    let node = isOwnEnough ? own : NONE;
    for (const earlier of this.before) {
      const from = this.nodeOf[earlier] as number;
      if (from === NONE || from === node || this.isKnown(from, node)) continue;
      if (node === NONE || node === own) {
        node = this.addNode(thread, undefined);
        if (own !== NONE) this.addEdge(this.last[thread] as number, index, node);
      }
      if (from !== own) this.addEdge(earlier, index, node);
    }
    return node;
  }

  /** A thread that polls comes after the same operation again and again. */
  private isKnown(from: number, to: number): boolean {
    return (this.nodes[from] as Node).out.at(-1)?.to === to;
  }

  private addNode(thread: number, name: string | undefined): number {
    this.nodes.push({ name, thread, out: [], search: 0 });
    return this.nodes.length - 1;
  }

  private addEdge(earlier: number, later: number, to: number): void {
    const from = this.nodeOf[earlier] as number;
    (this.nodes[from] as Node).out.push({ from, to, earlier, later });
  }

  /** Fills `before`. The step before in the same thread comes first; duplicates do no harm. */
  private collect(thread: number, operation: Operation, index: number): void {
    const { before } = this;
    before.length = 0;
    const last = this.last[thread];
    if (last !== undefined) before.push(last);
    const awaited = this.awaited[thread];
    if (awaited !== undefined && awaited.length > 0) {
      before.push(...awaited);
      awaited.length = 0;
    }
    const { object } = operation;
    if (object === undefined) return;
    if (operation.op === OpKind.wait || operation.op === OpKind.wake) {
      this.write(object.mutex as SharedObject, index);
      if (operation.op === OpKind.wake) return;
    }
    switch (effectOf(operation, object)) {
      case 'none':
        return;
      case 'write':
        return this.write(object, index);
      case 'read':
        return this.read(object, thread, index);
      case 'acquire':
        for (const release of this.accessesTo(object).reads) this.depend(release);
        return;
      case 'release':
        this.accessesTo(object).reads[thread] = index;
    }
  }

  private write(object: SharedObject, index: number): void {
    const accesses = this.accessesTo(object);
    this.depend(accesses.write);
    for (const read of accesses.reads) this.depend(read);
    accesses.write = index;
    accesses.reads.length = 0;
  }

  private read(object: SharedObject, thread: number, index: number): void {
    const accesses = this.accessesTo(object);
    this.depend(accesses.write);
    accesses.reads[thread] = index;
  }

  private depend(earlier: number | undefined): void {
    if (earlier !== undefined && earlier !== NONE) this.before.push(earlier);
  }

  private accessesTo({ id }: SharedObject): Accesses {
    let accesses = this.accesses[id];
    if (accesses === undefined) {
      accesses = { write: NONE, reads: [] };
      this.accesses[id] = accesses;
    }
    return accesses;
  }

  private findLinks({ links, linkCount }: ObservedExecution): void {
    for (; this.linksSeen < linkCount; this.linksSeen += 2) {
      const from = links[this.linksSeen] as number;
      const to = links[this.linksSeen + 1] as number;
      const earlier = from === NOBODY ? undefined : this.last[from];
      if (earlier === undefined) continue;
      const awaited = this.awaited[to];
      if (awaited === undefined) this.awaited[to] = [earlier];
      else awaited.push(earlier);
    }
  }

  /** The shortest path, or undefined. */
  private findPath(from: number, to: number): Edge[] | undefined {
    const start = this.nodes[from] as Node;
    if (start.out.length === 0) return undefined;
    this.searches += 1;
    start.search = this.searches;
    const reached: { readonly edge: Edge; readonly via: number }[] = [];
    const visit = (node: Node, via: number): void => {
      for (const edge of node.out) {
        const next = this.nodes[edge.to] as Node;
        if (next.search === this.searches) continue;
        next.search = this.searches;
        reached.push({ edge, via });
      }
    };
    visit(start, NONE);
    for (let i = 0; i < reached.length; i += 1) {
      const { edge } = reached[i] as { edge: Edge };
      if (edge.to === to) return pathTo(reached, i);
      visit(this.nodes[edge.to] as Node, i);
    }
    return undefined;
  }

  /** The first and the last edge of a cycle are those of the operation that is not atomic. */
  private describe(cycle: readonly Edge[], execution: ObservedExecution): string {
    const first = cycle[0] as Edge;
    const closing = cycle.at(-1) as Edge;
    const { name = '', thread } = this.nodes[closing.to] as Node;
    const step = (index: number): string => {
      const object = this.names[index] ?? '';
      const what = `${this.kinds[index]}${object === '' ? '' : ` of \`${object}\``}`;
      return `${what} (step ${index + this.start})`;
    };
    const stepOf = (index: number): string =>
      `${execution.nameOfThread(execution.schedule[index + this.start] as number)}'s ${step(index)}`;
    const head = `\`${name}\` of ${execution.nameOfThread(thread)} is not atomic`;
    const others = cycle
      .slice(1)
      .map((edge, i) => [(cycle[i] as Edge).later, edge.earlier] as const);
    if (others.every(([entry, exit]) => entry <= exit)) {
      const between = [...new Set(others.flat())].map(stepOf);
      return `${head}: between its ${step(first.earlier)} and its ${step(closing.later)} comes ${between.join(', then ')}`;
    }
    const partners = cycle.slice(1).map(({ from }) => this.nodes[from] as Node);
    const named = partners.filter((node) => node.name !== undefined);
    const with_ = named.map((node) => `\`${node.name}\` of ${execution.nameOfThread(node.thread)}`);
    const order = cycle.map((edge) =>
      edge === closing
        ? `${stepOf(edge.earlier)} before its ${step(edge.later)}`
        : `${edge === first ? `its ${step(edge.earlier)}` : stepOf(edge.earlier)} before ${stepOf(edge.later)}`,
    );
    return `${head} together with ${with_.join(' and ')}: ${order.join(', ')}`;
  }
}

function pathTo(
  reached: readonly { readonly edge: Edge; readonly via: number }[],
  end: number,
): Edge[] {
  const path: Edge[] = [];
  for (let i = end; i !== NONE;) {
    const { edge, via } = reached[i] as { edge: Edge; via: number };
    path.unshift(edge);
    i = via;
  }
  return path;
}

type Effect = 'none' | 'read' | 'write' | 'acquire' | 'release';

function effectOf(operation: Operation, object: SharedObject): Effect {
  switch (operation.op) {
    case OpKind.read:
    case OpKind.load:
    case OpKind.access:
    case OpKind.waitUntil:
    case OpKind.waitEvent:
    case OpKind.lockRead:
    case OpKind.unlockRead:
      return 'read';
    case OpKind.compareExchange:
      return Object.is(object.value, operation.a) ? 'write' : 'read';
    case OpKind.tryLock:
      return object.owner === NOBODY ? 'write' : 'none';
    case OpKind.tryAcquire:
      return (object.value as number) > 0 ? 'acquire' : 'none';
    case OpKind.acquire:
      return 'acquire';
    case OpKind.release:
      return 'release';
    default:
      return 'write';
  }
}
