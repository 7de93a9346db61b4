/** The monitor with destinations that are confused, or described or given back wrongly. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const LOOKUP_FUNCTIONS = 'reference/concurrent/functions/lookup-functions.ts';
const PREFIX = 'reference/concurrent/table/prefix.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';
const TABLES = 'reference/concurrent/table/tables.ts';

export const destinationMutants: readonly Mutant[] = [
  {
    id: 'monitor/lengths-not-compared',
    implementation,
    rule: 'RTM-DEST-001',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'Prefixes of one address and different lengths are taken for one.',
    edit: { file: PREFIX, find: 'return a.length - b.length;', replace: 'return 0;' },
  },
  {
    id: 'monitor/destination-without-views',
    implementation,
    rule: 'RTM-DEST-002',
    invariant: 'information is true of what it describes',
    what: 'Information on a destination says that it belongs to no view.',
    edit: {
      file: DESCRIBING,
      find: 'BelongsToViews: routes.reduce((mask, { content }) => mask | content.views, 0)',
      replace: 'BelongsToViews: 0',
    },
  },
  {
    id: 'monitor/time-stands-still',
    implementation,
    rule: 'RTM-DEST-003',
    invariant: 'information is true of what it describes',
    what: 'LastChanged is set with the first route and never again.',
    edit: {
      file: ROUTING_TABLE,
      find: 'destination.lastChanged = Math.max(now, destination.lastChanged + 1);',
      replace: 'destination.lastChanged ||= Math.max(now, 1);',
    },
  },
  {
    id: 'monitor/time-moves-back',
    implementation,
    rule: 'RTM-DEST-003',
    invariant: 'information is true of what it describes',
    what: 'LastChanged counts down.',
    edit: {
      file: ROUTING_TABLE,
      find: 'destination.lastChanged = Math.max(now, destination.lastChanged + 1);',
      replace:
        'destination.lastChanged = destination.lastChanged === 0 ? now + 1000 : destination.lastChanged - 1;',
    },
  },
  {
    id: 'monitor/unknown-destination-not-found',
    implementation,
    rule: 'RTM-DEST-004',
    invariant: 'every call returns, with a status',
    what: 'RtmGetDestInfo answers a handle that never was one with ERROR_NOT_FOUND.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'visit.destination(args.DestHandle), args)',
      replace:
        'visit.references.handles.find(args.DestHandle) === undefined ? refuse(ERROR_NOT_FOUND) : visit.destination(args.DestHandle), args)',
    },
  },
  {
    id: 'monitor/release-forgets-the-owner',
    implementation,
    rule: 'RTM-DEST-005',
    invariant: 'every reference taken is accounted for',
    what: 'Releasing information on a destination leaves the references on the owners of its routes.',
    edit: {
      file: DESCRIBING,
      find: 'owners: blocks.flatMap(({ Owner }) => unlessNull(Owner))',
      replace: 'owners: []',
    },
  },
  {
    id: 'monitor/release-wants-two-of-each',
    implementation,
    rule: 'RTM-DEST-006',
    rules: ['RTM-DEST-005'],
    invariant: 'every call returns, with a status',
    what: 'RtmReleaseDestInfo refuses a structure whose handles the client holds once.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: '[contentsOfDestination(DestInfo)]',
      replace: '[contentsOfDestination(DestInfo), contentsOfDestination(DestInfo)]',
    },
  },
  {
    id: 'monitor/instances-share-a-table',
    implementation,
    rule: 'RTM-DEST-009',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'All instances of a family share one table.',
    edit: {
      file: TABLES,
      find: 'const name = `${instance}.${family}`;',
      replace: 'const name = `${family}`;',
    },
  },
  {
    id: 'monitor/handle-leads-to-the-cover',
    implementation,
    rule: 'RTM-DEST-010',
    invariant: 'information is true of what it describes',
    what: 'RtmGetDestInfo looks the destination up anew, and describes the shortest prefix that covers it.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'visit.destination(args.DestHandle), args)',
      replace:
        'visit.table.destinations.containing(visit.destination(args.DestHandle).prefix).at(-1), args)',
    },
  },
  {
    id: 'monitor/octets-turned-round',
    implementation,
    rule: 'RTM-STRUCT-001',
    rules: ['RTM-ROUTE-015'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'The least significant octet of an address is taken first.',
    edit: {
      file: PREFIX,
      find: 'value * 256 + ((AddrBits[byte] ?? 0)',
      replace: 'value * 256 + ((AddrBits[8 * index + 3 - byte] ?? 0)',
    },
  },
];
