/** Every documented status is returned to a generated program before long, but for those that cannot be. */
import { expect, test } from 'vitest';
import { monitor, notesProtocol } from '../../reference/concurrent/index.ts';
import { functionNames, functions } from '../../spec/index.ts';
import { connect } from '../runner/connect.ts';
import { outOfReach, whyOutOfReach } from './out-of-reach.ts';
import { type Reach, reachRows, watchReach } from './reach.ts';
import { tableProperties } from './table-properties.ts';

/** So many programs of each property at a time, so often at most: a default run has 150 of each. */
const PROGRAMS = 15;
const ROUNDS = 10;

test('each function returns each documented status that can be brought about', async () => {
  const watched = await Promise.all(
    [monitor, notesProtocol].map(async (implementation) =>
      watchReach(await connect(implementation, { adapter: `built-in:${implementation.name}` })),
    ),
  );
  const missing = (): readonly string[] =>
    watched
      .map(({ reach }) => missingIn(reach))
      .reduce((all, more) => all.filter((one) => more.includes(one)));
  const inTurn = tableProperties.filter(({ id }) => id.endsWith('/in-turn'));
  for (let seed = 1; seed <= ROUNDS && missing().length > 0; seed += 1) {
    const budget = { seed, effort: 1, programs: PROGRAMS, interrupted: () => false };
    for (const { subject } of watched) {
      for (const property of inTurn) {
        const { status, message } = await property.run(subject, budget);
        expect({ status, message }).toEqual({ status: 'pass', message: undefined });
      }
    }
  }
  expect(missing()).toEqual([]);
  const unexpected = watched
    .flatMap(({ reach }) => reachRows(reach))
    .filter(({ name, status, times }) => times > 0 && whyOutOfReach(name, status) !== undefined);
  expect(unexpected).toEqual([]);
});

test.each(outOfReach)(
  '$status is documented where it is out of reach',
  ({ status, functions: named }) => {
    const documenting = functionNames.filter((name) =>
      functions[name].statuses.some((documented) => documented.status === status),
    );
    expect(documenting).toEqual(expect.arrayContaining([...(named ?? documenting.slice(0, 1))]));
    expect(documenting).not.toEqual([]);
  },
);

function missingIn(reach: Reach): readonly string[] {
  return reachRows(reach)
    .filter(({ isDocumented, times }) => isDocumented && times === 0)
    .filter(({ name, status }) => whyOutOfReach(name, status) === undefined)
    .map(({ name, status }) => `${name} ${status}`);
}
