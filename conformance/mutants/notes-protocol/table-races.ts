/** The protocol of the notes with operations on its tables that let go of the lock between looking and acting. */
import type { Mutant } from '../mutant.ts';

const implementation = 'notes-protocol';
const ROUTES = 'reference/concurrent/routing/route-procedures.ts';
const NEXT_HOPS = 'reference/concurrent/routing/next-hop-procedures.ts';
const LOOK_UPS = 'reference/concurrent/routing/lookup-procedures.ts';

/** Lets others in, and goes on with what was seen before. */
const REOPEN = `yield* visit.table.lock.unlockWrite();
  yield* visit.table.lock.lockWrite();
  yield* visit.table.guarded.write(undefined);`;

export const tableRaceMutants: readonly Mutant[] = [
  {
    id: 'notes-protocol/route-looked-for-then-added',
    implementation,
    rule: 'RTM-ROUTE-024',
    rules: ['RTM-ROUTE-002', 'RTM-ROUTE-006', 'RTM-ROUTE-003', 'RTM-BEST-003', 'RTM-DEST-001'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Whether an equal route exists is found out before the lock is taken to add one: two threads both add it.',
    edit: {
      file: ROUTES,
      find: 'const known = findRoute(visit, prefix, terms.content, args.ChangeFlags);',
      replace: `const known = findRoute(visit, prefix, terms.content, args.ChangeFlags);
        ${REOPEN}`,
    },
  },
  {
    id: 'notes-protocol/route-updated-by-halves',
    implementation,
    rule: 'RTM-SAFE-005',
    rules: ['RTM-ROUTE-002', 'RTM-ROUTE-015', 'RTM-ROUTE-018', 'RTM-ROUTE-024', 'RTM-ROUTE-016'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: "An update lets go of the lock between a route's own data and the rest: who reads it then sees what no call has written.",
    edit: {
      file: ROUTES,
      find: 'isBest: update(visit, known, terms) };',
      replace: `isBest: yield* (function* () {
        const { specific } = terms.content;
        update(visit, known, { ...terms, content: { ...known.content, specific } });
        ${REOPEN}
        return update(visit, known, terms);
      })() };`,
    },
  },
  {
    id: 'notes-protocol/route-deleted-after-a-look',
    implementation,
    rule: 'RTM-ROUTE-021',
    rules: ['RTM-REF-006', 'RTM-REF-007', 'RTM-SAFE-004', 'RTM-ROUTE-019'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Whether a route is still in the table is found out before the lock is taken to delete it: two threads both do.',
    edit: {
      file: ROUTES,
      find: 'requireChangeable(visit, route); if (!(yield* dereference(route)))',
      replace: `requireChangeable(visit, route);
        ${REOPEN}
        if (!(yield* dereference(route)))`,
    },
  },
  {
    id: 'notes-protocol/next-hop-looked-for-then-added',
    implementation,
    rule: 'RTM-HOP-036',
    rules: ['RTM-HOP-002', 'RTM-HOP-003', 'RTM-HOP-008', 'RTM-HOP-026'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Whether a next hop exists is found out before the lock is taken to add one: two threads both add it.',
    edit: {
      file: NEXT_HOPS,
      find: 'const content = readHopContent(visit, NextHopInfo); if (known !== undefined)',
      replace: `const content = readHopContent(visit, NextHopInfo);
        ${REOPEN}
        if (known !== undefined)`,
    },
  },
  {
    id: 'notes-protocol/next-hop-deleted-after-a-look',
    implementation,
    rule: 'RTM-HOP-020',
    rules: ['RTM-REF-006', 'RTM-REF-007', 'RTM-SAFE-004', 'RTM-HOP-017'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Whether a next hop is still listed is found out before the lock is taken to delete it: two threads both do.',
    edit: {
      file: NEXT_HOPS,
      find: 'if (hop !== described) refuse(ERROR_INVALID_PARAMETER);',
      replace: `if (hop !== described) refuse(ERROR_INVALID_PARAMETER);
        ${REOPEN}`,
    },
  },
  {
    id: 'notes-protocol/found-then-described',
    implementation,
    rule: 'RTM-LOOKUP-004',
    rules: ['RTM-DEST-005', 'RTM-REF-007', 'RTM-LOOKUP-003', 'RTM-SAFE-004', 'RTM-ROUTE-018'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A look-up lets go of the lock between finding a destination and taking a reference on it, and describes what is freed.',
    edit: {
      file: LOOK_UPS,
      find: 'destinations.covering(readPrefix(visit, args.DestAddress)); return yield* describe(visit, first(visit, covering), args);',
      replace: `destinations.covering(readPrefix(visit, args.DestAddress));
        const found = first(visit, covering);
        yield* visit.table.lock.unlockRead();
        yield* visit.table.lock.lockRead();
        yield* visit.table.guarded.read();
        return yield* describe(visit, found, args);`,
    },
  },
];
