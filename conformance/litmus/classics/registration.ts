/** Entering a new entity into a table that others read and write. */
import type { Cell, Program, Runtime } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';

interface Described {
  readonly name: string;
  readonly info: Cell<string | undefined>;
}

/** A new entity is described and put where others look for it, in one order or the other. */
function registerAgainstList(options: { readonly publishFirst: boolean }): Program {
  return (rt) => {
    const place = rt.atomic<Described | undefined>(undefined, 'table[0]');
    rt.spawn('register', function* () {
      const entity = { name: 'entity', info: rt.cell<string | undefined>(undefined, 'info') };
      if (options.publishFirst) yield* place.store(entity);
      yield* entity.info.write('RIP');
      if (!options.publishFirst) yield* place.store(entity);
    });
    rt.spawn('list', function* () {
      const entity = yield* place.load();
      if (entity !== undefined) yield* entity.info.read();
    });
  };
}

export const publishedFirst: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/registration/published-before-initialised',
  title: 'An entity is listed before it is described',
  about:
    'A registration puts its entity into the table and fills in what it is afterwards. A list made in ' +
    'between reads a description that is being written, or none.',
  rules: ['RTM-LIST-011', 'RTM-SAFE-003'],
  program: registerAgainstList({ publishFirst: true }),
  expected: { verdict: 'fails', kind: 'data-race', defect: 'publication before initialisation' },
};

export const publishedLast: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/registration/published-when-complete',
  title: 'An entity is listed when it is complete',
  about:
    'The same program with the two steps in the other order: whoever finds the entity in the table, an ' +
    'atomic variable, finds everything that was written before.',
  rules: ['RTM-LIST-011', 'RTM-SAFE-003'],
  program: registerAgainstList({ publishFirst: false }),
  expected: { verdict: 'holds' },
};

/** Two threads register one identity, which is free while its place in the table is. */
function registerTwice(options: { readonly atomically: boolean }): Program {
  return (rt: Runtime) => {
    const place = rt.atomic<string | null>(null, 'table[RIP]');
    let successes = 0;
    for (const client of ['left', 'right']) {
      rt.spawn(client, function* () {
        if (options.atomically) {
          if ((yield* place.compareExchange(null, client)) === null) successes += 1;
          return;
        }
        if ((yield* place.load()) !== null) return;
        yield* place.store(client);
        successes += 1;
      });
    }
    rt.finally(() => {
      if (successes === 1) return;
      rt.fail('registered-twice', `${successes} registrations of one identity succeed`);
    });
  };
}

export const checkThenInsert: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/registration/check-then-insert',
  title: 'One identity, two registrations',
  about:
    'Each of two registrations of one identity looks whether the identity is free and then enters ' +
    'itself. Both may have looked before either has entered.',
  rules: ['RTM-REG-004', 'RTM-REG-006'],
  program: registerTwice({ atomically: false }),
  expected: {
    verdict: 'fails',
    kind: 'registered-twice',
    defect: 'check and insertion are two steps',
  },
};

export const insertIfFree: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/registration/insert-if-free',
  title: 'One identity, one registration',
  about: 'The same program with check and insertion in one atomic exchange: exactly one succeeds.',
  rules: ['RTM-REG-004', 'RTM-REG-006'],
  program: registerTwice({ atomically: true }),
  expected: { verdict: 'holds' },
};
