/** The protocol of the notes for as long as the memory of the entity itself is kept: it holds. */
import type { Program, Runtime } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';
import { deregister, ENTITY_STATE_DEREGISTERED, newEntity, operate } from './entity.ts';

const rules = ['RTM-DEREG-007', 'RTM-DEREG-008', 'RTM-DEREG-009', 'RTM-DEREG-010'] as const;

/** One thread for each of `clients`, which makes so many calls, against one that deregisters. */
function clientsAgainstDeregistration(clients: readonly number[]): Program {
  return (rt: Runtime) => {
    const entity = newEntity(rt, 'kept');
    for (const [index, calls] of clients.entries()) {
      rt.spawn(`client ${index + 1}`, function* () {
        for (let call = 0; call < calls; call += 1) yield* operate(rt, entity);
      });
    }
    rt.spawn('deregister', function* () {
      rt.assert(yield* deregister(rt, entity), 'the only deregistration succeeds');
    });
  };
}

export const twoClients: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/two-clients',
  title: 'Deregistration against two operations',
  about:
    'The protocol of the notes: an operation counts itself in and backs off when it finds the flag; ' +
    'deregistration sets the flag and waits with Sleep(0) until nothing but the flag is left. In no ' +
    'interleaving does an operation touch what has been cleaned up, and the wait always ends.',
  rules,
  program: clientsAgainstDeregistration([1, 1]),
  expected: { verdict: 'holds' },
};

export const twoCalls: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/two-calls',
  title: 'Deregistration against a client that calls twice',
  about:
    'The same protocol against one client with two operations: the deregistration may come before, ' +
    'between, or after them, and each of them happens wholly or not at all.',
  rules,
  program: clientsAgainstDeregistration([2]),
  expected: { verdict: 'holds' },
};

export const deregisterTwice: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/deregister-deregister',
  title: 'Of two deregistrations exactly one succeeds',
  about:
    'Two threads deregister one entity while a client calls. The one that finds the flag set takes its ' +
    'own one back. Until it has, the state holds the flag twice: an operation that looks then backs off ' +
    'as it must, and the first deregistration waits a little longer, but for nothing else.',
  rules: [...rules, 'RTM-DEREG-006'],
  program: (rt: Runtime) => {
    const entity = newEntity(rt, 'kept');
    let successes = 0;
    rt.spawn('client', () => operate(rt, entity));
    for (const name of ['deregister 1', 'deregister 2']) {
      rt.spawn(name, function* () {
        if (yield* deregister(rt, entity)) successes += 1;
      });
    }
    rt.finally(() => {
      rt.assert(successes === 1, `exactly one deregistration succeeds, not ${successes}`);
      rt.assert(entity.state.value === ENTITY_STATE_DEREGISTERED, 'nothing but one flag is left');
    });
  },
  expected: { verdict: 'holds' },
};
