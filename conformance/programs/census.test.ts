import { expect, test } from 'vitest';
import type { Implementation } from '../../harness/adapters/index.ts';
import { explore } from '../../harness/index.ts';
import { eager } from '../false-alarms/tables/eager.ts';
import { connectorFor } from '../runner/connect.ts';
import { harnessProgram } from './harness-program.ts';
import type { RtmProgram } from './rtm-program.ts';

const program: RtmProgram = {
  setup: [{ call: 'register', slot: 0, identity: 0 }],
  threads: [],
};

/** What is wrong with an implementation that tells of these objects. */
function faultOf(census: unknown): string | undefined {
  const implementation: Implementation = {
    ...eager,
    create: (host) => Object.assign(eager.create(host), { census: () => census as never }),
  };
  const judged = harnessProgram(connectorFor(implementation, 'synchronous'), program, {
    profile: 'documented',
    exactReferences: true,
  });
  const { failure } = explore(judged.program, { strategy: 'round-robin', executions: 1 });
  return failure === undefined ? undefined : `${failure.kind}: ${failure.message}`;
}

test('a census of kinds that do not exist is a fault of the adapter, and not one of no objects', () => {
  expect(faultOf({ entities: [] })).toMatch(
    /^adapter-error: census: it tells of a kind "entities"/,
  );
  expect(faultOf({ entity: [] })).toMatch(/^RTM-REF-010: /);
  expect(faultOf(undefined)).toBeUndefined();
});
