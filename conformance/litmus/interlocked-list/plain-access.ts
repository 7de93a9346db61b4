/**
 * The notes read the head and the links as plain memory while others change them by interlocked
 * exchanges: in C a data race, and leave for the compiler to read twice what the text reads once.
 */
import type { Cell, Mutex, Runtime, Task } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';

interface PlainEntry {
  readonly name: string;
  readonly next: Cell<PlainEntry | null>;
}

const rules = ['RTM-SAFE-003', 'RTM-SAFE-009'] as const;

/** An interlocked exchange of plain memory, as a processor makes it: the bus is locked meanwhile. */
function* interlockedCompareExchange<T>(
  bus: Mutex,
  place: Cell<T>,
  exchange: T,
  comparand: T,
): Task<T> {
  yield* bus.lock();
  const old = yield* place.read();
  if (old === comparand) yield* place.write(exchange);
  yield* bus.unlock();
  return old;
}

export const plainHead: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/plain-head',
  title: 'The head is read without synchronisation',
  about:
    'Two threads push, each an entry of its own. (ListHead)->Next is read as plain memory while the ' +
    'other thread may be exchanging it. The exchange is modelled as what it is, an access with the bus ' +
    'locked; the plain read does not ask for the bus. The text needs a volatile or atomic read here.',
  rules,
  program: (rt) => {
    const bus = rt.mutex('bus');
    const head = rt.cell<string | null>(null, 'List.Next');
    for (const entry of ['x', 'y']) {
      rt.spawn(`push ${entry}`, function* () {
        for (;;) {
          const first = yield* head.read();
          if ((yield* interlockedCompareExchange(bus, head, entry, first)) === first) return;
        }
      });
    }
  },
  expected: { verdict: 'fails', kind: 'data-race', defect: 'plain read of a shared pointer' },
};

export const plainLink: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/plain-link',
  title: 'Next is read while the next owner writes it',
  about:
    'A pop that is overtaken reads Next of an entry that another thread has popped and is pushing again. ' +
    'Its exchange will notice, or fall for ABA, but the read itself is a data race: Next must be ' +
    'atomic, even where the head has a version.',
  rules,
  program: (rt) => {
    const a: PlainEntry = { name: 'a', next: rt.cell<PlainEntry | null>(null, 'a->Next') };
    const head = rt.atomic<PlainEntry | null>(a, 'List.Next');
    function* pop(): Task<PlainEntry | null> {
      for (;;) {
        const entry = yield* head.load();
        if (entry === null) return null;
        const next = yield* entry.next.read();
        if ((yield* head.compareExchange(entry, next)) === entry) return entry;
      }
    }
    rt.spawn('popper', pop);
    rt.spawn('recycler', function* () {
      const entry = yield* pop();
      if (entry !== null) yield* push(rt, head, entry);
    });
  },
  expected: { verdict: 'fails', kind: 'data-race', defect: 'plain read of a shared pointer' },
};

function* push(
  rt: Runtime,
  head: ReturnType<typeof rt.atomic<PlainEntry | null>>,
  entry: PlainEntry,
): Task {
  for (;;) {
    const first = yield* head.load();
    yield* entry.next.write(first);
    if ((yield* head.compareExchange(first, entry)) === first) return;
  }
}
