/**
 * The protocol of the notes with operations that fall into two: what one has found out, another makes untrue before
 * it is acted upon. Alone each call does what it has to; only calls that overlap show the mistake.
 */
import type { Mutant } from '../mutant.ts';

const implementation = 'notes-protocol';
const FOLDER = 'reference/concurrent/routing';

/** Lets others in between. */
const REOPEN = `yield* visit.table.lock.unlockWrite();
  yield* visit.table.lock.lockWrite();
  yield* visit.table.guarded.write(undefined);`;
const REOPEN_READING = REOPEN.replaceAll('Write()', 'Read()').replace('write(undefined)', 'read()');

export const brokenMomentMutants: readonly Mutant[] = [
  {
    id: 'notes-protocol/told-who-was-there-before',
    implementation,
    rule: 'RTM-NOTIFY-002',
    rules: ['RTM-NOTIFY-012', 'RTM-NOTIFY-021', 'RTM-NOTIFY-038'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'Whom to tell of a route is found out before the lock is taken to add it: who subscribes in between, and looks the table through, never hears of it.',
    edit: {
      file: `${FOLDER}/route-procedures.ts`,
      find: `const known = findRoute(visit, prefix, terms.content, args.ChangeFlags);
        const { route, isBest } =
          known === undefined
            ? insert(visit, prefix, terms)
            : { route: known, isBest: update(visit, known, terms) };`,
      replace: `const { subscriptions } = visit.table;
        const told = new Set(subscriptions);
        ${REOPEN}
        const late = [...subscriptions].filter((one) => !told.has(one));
        for (const one of late) subscriptions.delete(one);
        const known = findRoute(visit, prefix, terms.content, args.ChangeFlags);
        const { route, isBest } =
          known === undefined
            ? insert(visit, prefix, terms)
            : { route: known, isBest: update(visit, known, terms) };
        for (const one of late) subscriptions.add(one);`,
    },
  },
  {
    id: 'notes-protocol/held-a-moment-ago',
    implementation,
    rule: 'RTM-HOLD-005',
    rules: [
      'RTM-HOLD-003',
      'RTM-DEST-006',
      'RTM-REF-007',
      'RTM-SAFE-004',
      'RTM-HOLD-012',
      'RTM-REF-009',
    ],
    invariant: 'information is true of what it describes',
    what: 'RtmGetDestInfo finds the held route, lets go of the lock, and takes a reference on it when the hold may be over and the route freed.',
    edit: {
      file: `${FOLDER}/lookup-procedures.ts`,
      find: 'return yield* describe(visit, visit.destination(args.DestHandle), args);',
      replace: `const destination = visit.destination(args.DestHandle);
        const { held } = destination;
        ${REOPEN_READING}
        const now = destination.held;
        destination.held = held;
        const described = yield* describe(visit, destination, args);
        destination.held = now;
        return described;`,
    },
  },
  {
    id: 'notes-protocol/deletion-loses-references',
    implementation,
    rule: 'RTM-HOP-021',
    rules: [
      'RTM-HOP-027',
      'RTM-HOP-028',
      'RTM-HOP-022',
      'RTM-ROUTE-027',
      'RTM-REF-008',
      'RTM-REF-001',
      'RTM-REF-007',
    ],
    invariant: 'every reference taken is accounted for',
    what: 'RtmDeleteNextHop reads the count, lets go of the lock and writes it back lowered: what a description has taken in between is lost, and the next hop freed too early.',
    edit: {
      file: `${FOLDER}/next-hop-procedures.ts`,
      find: 'if (isNamed && !(yield* dereference(hop))) refuse(ERROR_INVALID_HANDLE);',
      replace: `if (isNamed) {
          const count = yield* hop.handles.load();
          ${REOPEN}
          yield* hop.handles.store(count);
          if (!(yield* dereference(hop))) refuse(ERROR_INVALID_HANDLE);
        }`,
    },
  },
  {
    id: 'notes-protocol/fetched-from-what-has-ended',
    implementation,
    rule: 'RTM-NOTIFY-034',
    rules: ['RTM-NOTIFY-032', 'RTM-REF-007', 'RTM-SAFE-004', 'RTM-SAFE-003'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'RtmGetChangedDests lets go of the lock between finding what has changed and describing it: a subscription that ends in between keeps it no longer, and what is described is freed.',
    edit: {
      file: `${FOLDER}/notification-procedures.ts`,
      find: 'for (const destination of found) requireReadable(destination, visit.client);',
      replace: `for (const destination of found) requireReadable(destination, visit.client);
        ${REOPEN}`,
    },
  },
  {
    id: 'notes-protocol/moved-on-before-it-describes',
    implementation,
    rule: 'RTM-ENUM-019',
    rules: ['RTM-REF-007', 'RTM-SAFE-004', 'RTM-ENUM-017', 'RTM-SAFE-003', 'RTM-DEST-005'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'RtmGetEnumDests moves its enumeration on, which keeps the destinations no longer then, lets go of the lock and describes them: one whose last route is deleted in between is freed.',
    edit: {
      file: `${FOLDER}/enumeration-procedures.ts`,
      find: `for (const one of destinations) {
          const aspect = { views, protocol, allViews: false };
          DestInfos.push(yield* describeDestination(visit, one, aspect));
        }
        moveOn(enumeration, passed);`,
      replace: `moveOn(enumeration, passed);
        ${REOPEN}
        for (const one of destinations) {
          const aspect = { views, protocol, allViews: false };
          DestInfos.push(yield* describeDestination(visit, one, aspect));
        }`,
    },
  },
];
