/**
 * Copy on write: the table is an immutable value behind one atomic variable, changed by compare-and-exchange
 * and retried. Events are sent under no lock, in the thread that caused them. A handle is an object of its
 * own, and every list makes new ones.
 */
import type {
  Atomic,
  Block,
  EventCallback,
  Implementation,
  Rtm,
  RtmEntityInfo,
  RtmHost,
  Task,
} from './kit.ts';
import {
  ERROR_ALREADY_EXISTS,
  ERROR_INSUFFICIENT_BUFFER,
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  keyOf,
  NO_ERROR,
  profile,
  RTM_ENTITY_DEREGISTERED,
  RTM_ENTITY_REGISTERED,
  tableOf,
} from './registry.ts';

interface Node {
  readonly key: string;
  readonly table: string;
  readonly memory: Block<RtmEntityInfo>;
  readonly callback: EventCallback | null;
  /** Calls and callbacks in progress, plus GONE once it has been deregistered. */
  readonly state: Atomic<number>;
  /** References, its registration's among them. */
  readonly references: Atomic<number>;
}

/** What clients see. `node` is undefined in one that was released. */
class Ticket {
  readonly node: Node;
  readonly count: Atomic<number>;
  constructor(node: Node, count: Atomic<number>) {
    this.node = node;
    this.count = count;
  }
}

const GONE = 1 << 20;

function createRtm({ rt }: RtmHost): Rtm {
  const table = rt.atomic<readonly Node[]>([], 'table');
  const own = new WeakMap<object, Node>();

  function* change(next: (nodes: readonly Node[]) => readonly Node[] | undefined): Task<boolean> {
    for (;;) {
      const before = yield* table.load();
      const after = next(before);
      if (after === undefined) return false;
      if ((yield* table.compareExchange(before, after)) === before) return true;
    }
  }

  function* enter(handle: unknown): Task<Node | undefined> {
    const node = typeof handle === 'object' && handle !== null ? own.get(handle) : undefined;
    return node !== undefined && (yield* join(node)) ? node : undefined;
  }
  function* join(node: Node): Task<boolean> {
    if ((yield* node.state.fetchAdd(1)) < GONE) return true;
    yield* node.state.fetchSub(1);
    return false;
  }
  function* exit(node: Node): Task {
    yield* node.state.fetchSub(1);
  }
  function* drop(node: Node): Task {
    if ((yield* node.references.fetchSub(1)) === 1) yield* rt.heap.free(node.memory);
  }
  /** Takes a reference unless the last one has gone. */
  function* hold(node: Node): Task<boolean> {
    for (;;) {
      const count = yield* node.references.load();
      if (count === 0) return false;
      if ((yield* node.references.compareExchange(count, count + 1)) === count) return true;
    }
  }

  function* tell(type: number, subject: Node): Task {
    for (const receiver of yield* table.load()) {
      if (receiver === subject || receiver.table !== subject.table || receiver.callback === null)
        continue;
      if (!(yield* join(receiver))) continue;
      yield* hold(subject);
      const ticket = new Ticket(subject, rt.atomic(0, 'lent'));
      const info = yield* rt.heap.access(subject.memory);
      yield* receiver.callback(registrations.get(receiver), type, ticket, info) as Task<number>;
      yield* drop(subject);
      yield* exit(receiver);
    }
  }
  const registrations = new WeakMap<Node, object>();

  return {
    *RtmRegisterEntity(_thread, { RtmEntityInfo: info, EventCallback: callback }) {
      if (info === null) return { status: ERROR_INVALID_PARAMETER };
      const key = keyOf(info);
      const node: Node = {
        key,
        table: tableOf(info),
        memory: rt.heap.allocate(info, key),
        callback,
        state: rt.atomic(0, `${key} state`),
        references: rt.atomic(1, `${key} references`),
      };
      const handle = Object.freeze({});
      own.set(handle, node);
      registrations.set(node, handle);
      const isNew = yield* change((nodes) =>
        nodes.some((other) => other.key === key) ? undefined : [...nodes, node],
      );
      if (!isNew) {
        yield* rt.heap.free(node.memory);
        return { status: ERROR_ALREADY_EXISTS };
      }
      // Its own thread may still be in here when others deregister what it registers.
      yield* node.state.fetchAdd(1);
      yield* hold(node);
      yield* tell(RTM_ENTITY_REGISTERED, node);
      yield* drop(node);
      yield* node.state.fetchSub(1);
      return { status: NO_ERROR, out: { RtmRegHandle: handle, RtmRegProfile: profile } };
    },
    *RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      const node =
        typeof RtmRegHandle === 'object' && RtmRegHandle !== null
          ? own.get(RtmRegHandle)
          : undefined;
      if (node === undefined) return { status: ERROR_INVALID_HANDLE };
      if ((yield* node.state.fetchAdd(GONE)) >= GONE) {
        yield* node.state.fetchSub(GONE);
        return { status: ERROR_INVALID_HANDLE };
      }
      while ((yield* node.state.load()) !== GONE) yield* rt.yieldNow();
      yield* change((nodes) => nodes.filter((other) => other !== node));
      yield* tell(RTM_ENTITY_DEREGISTERED, node);
      yield* drop(node);
      return { status: NO_ERROR };
    },
    *RtmGetRegisteredEntities(_thread, { RtmRegHandle, NumEntities, EntityHandles, EntityInfos }) {
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
      const handles: Ticket[] = [];
      const infos: RtmEntityInfo[] = [];
      const nodes = (yield* table.load()).filter((node) => node.table === caller.table);
      const reply = { NumEntities: Math.min(nodes.length, NumEntities) };
      if (nodes.length > NumEntities) {
        yield* exit(caller);
        return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumEntities: nodes.length } };
      }
      for (const node of nodes) {
        // One that is leaving is left out.
        if (!(yield* join(node))) continue;
        infos.push(yield* rt.heap.access(node.memory));
        if (EntityHandles !== null) {
          yield* hold(node);
          handles.push(new Ticket(node, rt.atomic(1, 'ticket')));
        }
        yield* exit(node);
      }
      yield* exit(caller);
      return {
        status: NO_ERROR,
        out: {
          ...reply,
          NumEntities: infos.length,
          ...(EntityHandles === null ? {} : { EntityHandles: handles }),
          ...(EntityInfos === null ? {} : { EntityInfos: infos }),
        },
      };
    },
    *RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
      let status = NO_ERROR;
      for (const ticket of EntityHandles) {
        if (ticket instanceof Ticket && (yield* ticket.count.update((n) => Math.max(0, n - 1))) > 0)
          yield* drop(ticket.node);
        else status = ERROR_INVALID_HANDLE;
      }
      yield* exit(caller);
      return { status };
    },
    *RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
      let info: RtmEntityInfo | undefined;
      if (EntityHandle instanceof Ticket && EntityHandle.node.table === caller.table) {
        const { node } = EntityHandle;
        if (yield* hold(node)) {
          info = yield* rt.heap.access(node.memory);
          yield* drop(node);
        }
      }
      yield* exit(caller);
      if (info === undefined) return { status: ERROR_INVALID_HANDLE };
      return { status: NO_ERROR, out: { EntityInfo: info } };
    },
    *RtmReleaseEntityInfo(_thread, { RtmRegHandle }) {
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
      yield* exit(caller);
      return { status: NO_ERROR };
    },
    *RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
      const done: Ticket[] = [];
      for (const ticket of RtmHandles) {
        if (!(ticket instanceof Ticket) || !(yield* hold(ticket.node))) break;
        yield* ticket.count.fetchAdd(1);
        done.push(ticket);
      }
      const isDone = done.length === RtmHandles.length;
      for (const ticket of isDone ? [] : done) {
        yield* ticket.count.fetchSub(1);
        yield* drop(ticket.node);
      }
      yield* exit(caller);
      return { status: isDone ? NO_ERROR : ERROR_INVALID_HANDLE };
    },
  };
}

export const snapshot: Implementation = {
  name: 'snapshot',
  levels: ['core'],
  profile: 'notes',
  create: createRtm,
};
