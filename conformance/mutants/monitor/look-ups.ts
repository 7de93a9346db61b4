/** The monitor with look-ups and criteria that find something else than they should. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const LOOKUP_FUNCTIONS = 'reference/concurrent/functions/lookup-functions.ts';
const READING = 'reference/concurrent/functions/reading.ts';
const TABLE_DESK = 'reference/concurrent/functions/table-desk.ts';
const MATCHING = 'reference/concurrent/table/matching.ts';
const PREFIX_TREE = 'reference/concurrent/table/prefix-tree.ts';

export const lookUpMutants: readonly Mutant[] = [
  {
    id: 'monitor/default-route-has-no-exact-match',
    implementation,
    rule: 'RTM-LOOKUP-001',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'The default route is not found by an exact match.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'exact === undefined ? []',
      replace: 'exact === undefined || exact.prefix.length === 0 ? []',
    },
  },
  {
    id: 'monitor/exact-match-takes-a-cover',
    implementation,
    rule: 'RTM-LOOKUP-002',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'Where there is no exact match, the longest prefix that covers is delivered.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'const exact = visit.table.destinations.get(readPrefix(visit, args.DestAddress));',
      replace:
        'const exact = visit.table.destinations.containing(readPrefix(visit, args.DestAddress))[0];',
    },
  },
  {
    id: 'monitor/exact-prefix-passed-over',
    implementation,
    rule: 'RTM-LOOKUP-003',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'The most specific destination is looked for among shorter prefixes only.',
    edit: {
      file: PREFIX_TREE,
      find: 'while (node !== undefined && node.prefix.length <= prefix.length)',
      replace: 'while (node !== undefined && node.prefix.length < prefix.length)',
    },
  },
  {
    id: 'monitor/shortest-cover-wins',
    implementation,
    rule: 'RTM-LOOKUP-004',
    rules: ['RTM-LOOKUP-003'],
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'The shortest prefix that covers the address wins.',
    edit: { file: PREFIX_TREE, find: 'return found.toReversed();', replace: 'return found;' },
  },
  {
    id: 'monitor/nothing-covers-is-invalid',
    implementation,
    rule: 'RTM-LOOKUP-005',
    rules: ['RTM-DEST-009'],
    invariant: 'every call returns, with a status',
    what: 'A look-up in vain returns ERROR_INVALID_PARAMETER.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'return destination; } return refuse(ERROR_NOT_FOUND);',
      replace: 'return destination; } return refuse(ERROR_INVALID_PARAMETER);',
    },
  },
  {
    id: 'monitor/default-route-covers-nothing',
    implementation,
    rule: 'RTM-LOOKUP-006',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'The default route takes no part in look-ups.',
    edit: {
      file: PREFIX_TREE,
      find: 'if (node.value !== undefined) found.push(node.value);',
      replace: 'if (node.value !== undefined && node.prefix.length > 0) found.push(node.value);',
    },
  },
  {
    id: 'monitor/less-specific-is-itself',
    implementation,
    rule: 'RTM-LOOKUP-007',
    rules: ['RTM-LOOKUP-004'],
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'The next less specific destination of a destination is itself: the walk never ends.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'destination.prefix.length < prefix.length',
      replace: 'destination.prefix.length <= prefix.length',
    },
  },
  {
    id: 'monitor/walk-skips-the-next-length',
    implementation,
    rule: 'RTM-LOOKUP-008',
    rules: ['RTM-LOOKUP-007'],
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'The walk passes over prefixes that are shorter by one bit.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'destination.prefix.length < prefix.length',
      replace: 'destination.prefix.length < prefix.length - 1',
    },
  },
  {
    id: 'monitor/end-of-the-walk-is-invalid',
    implementation,
    rule: 'RTM-LOOKUP-009',
    rules: ['RTM-LOOKUP-008'],
    invariant: 'every call returns, with a status',
    what: 'The end of the walk is told by ERROR_INVALID_PARAMETER.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: '.filter((destination) => destination.prefix.length < prefix.length);',
      replace:
        '.filter((destination) => destination.prefix.length < prefix.length); if (covering.length === 0) refuse(ERROR_INVALID_PARAMETER);',
    },
  },
  {
    id: 'monitor/start-has-to-be-held-twice',
    implementation,
    rule: 'RTM-LOOKUP-010',
    rules: ['RTM-LOOKUP-007', 'RTM-LOOKUP-004'],
    invariant: 'every call returns, with a status',
    what: 'A walk is refused at a start on which the client has one reference only.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: "const { prefix } = visit.find('destination', args.DestHandle);",
      replace:
        "const start = visit.find('destination', args.DestHandle); if ((visit.member.grips.get(start) ?? 0) < 2) refuse(ERROR_INVALID_PARAMETER); const { prefix } = start;",
    },
  },
  {
    id: 'monitor/protocol-takes-part',
    implementation,
    rule: 'RTM-LOOKUP-011',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'Destinations without a route of the protocol asked for are passed over.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'if (isVisible(destination, views)) return destination;',
      replace:
        'const { ProtocolId } = arguments[2]; const others = destination.routes.filter(({ owner }) => ProtocolId !== 0 && owner.protocol !== ProtocolId); if (isVisible(destination, views) && others.length < destination.routes.length) return destination;',
    },
  },
  {
    id: 'monitor/protocol-not-looked-at',
    implementation,
    rule: 'RTM-LOOKUP-012',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'A protocol that is named gets the best route of all.',
    edit: {
      file: DESCRIBING,
      find: 'inView.find(({ owner }) => protocol === undefined || owner.protocol === protocol)',
      replace: 'inView[0]',
    },
  },
  {
    id: 'monitor/best-means-ones-own',
    implementation,
    rule: 'RTM-LOOKUP-013',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_BEST_PROTOCOL gives the best route of the protocol of the caller.',
    edit: {
      file: READING,
      find: 'if (protocol === constants.RTM_BEST_PROTOCOL) return undefined;',
      replace: 'if (protocol === constants.RTM_BEST_PROTOCOL) return visit.member.protocol;',
    },
  },
  {
    id: 'monitor/this-means-best',
    implementation,
    rule: 'RTM-LOOKUP-014',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_THIS_PROTOCOL gives the best route of all.',
    edit: {
      file: READING,
      find: 'constants.RTM_THIS_PROTOCOL ? visit.member.protocol',
      replace: 'constants.RTM_THIS_PROTOCOL ? undefined',
    },
  },
  {
    id: 'monitor/unknown-caller-is-a-bad-parameter',
    implementation,
    rule: 'RTM-LOOKUP-015',
    invariant: 'every call returns, with a status',
    what: 'A registration handle that never was valid is answered with ERROR_INVALID_PARAMETER.',
    edit: {
      file: TABLE_DESK,
      find: 'if (entity === undefined) return { status: ERROR_INVALID_HANDLE };',
      replace: 'if (entity === undefined) return { status: 87 };',
    },
  },
  {
    id: 'monitor/bad-start-is-not-found',
    implementation,
    rule: 'RTM-LOOKUP-016',
    invariant: 'every call returns, with a status',
    what: 'A walk from what never was a destination ends with ERROR_NOT_FOUND, as if it had come to its end.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: "const { prefix } = visit.find('destination', args.DestHandle);",
      replace:
        "if (visit.references.handles.find(args.DestHandle) === undefined) refuse(ERROR_NOT_FOUND); const { prefix } = visit.find('destination', args.DestHandle);",
    },
  },
  {
    id: 'monitor/length-asked-for-delivered',
    implementation,
    rule: 'RTM-LOOKUP-019',
    rules: ['RTM-LOOKUP-004'],
    invariant: 'information is true of what it describes',
    what: 'The prefix delivered has the length that was asked for, not its own.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'return done({ DestInfo });',
      replace:
        'const asked = arguments[2].DestAddress ?? DestInfo.DestAddress; return done({ DestInfo: { ...DestInfo, DestAddress: { ...DestInfo.DestAddress, NumBits: asked.NumBits } } });',
    },
  },
  {
    id: 'monitor/match-within-a-cover',
    implementation,
    rule: 'RTM-MATCH-001',
    rules: ['RTM-MATCH-002'],
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'A route is matched whose prefix only covers the one asked for.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'visit.table.destinations.get(readPrefix(visit, args.DestAddress)); if (destination',
      replace:
        'visit.table.destinations.containing(readPrefix(visit, args.DestAddress))[0]; if (destination',
    },
  },
  {
    id: 'monitor/no-match-is-invalid',
    implementation,
    rule: 'RTM-MATCH-002',
    invariant: 'every call returns, with a status',
    what: 'That no route meets the criteria is told by ERROR_INVALID_PARAMETER.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'if (route === undefined) return refuse(ERROR_NOT_FOUND);',
      replace: 'if (route === undefined) return refuse(ERROR_INVALID_PARAMETER);',
    },
  },
  {
    id: 'monitor/criteria-come-back',
    implementation,
    rule: 'RTM-MATCH-003',
    invariant: 'information is true of what it describes',
    what: 'What the criteria held as EntitySpecificInfo comes back as that of the route.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'const RouteInfo = yield* describeRoute(visit, route);',
      replace:
        'const described = yield* describeRoute(visit, route); const RouteInfo = { ...described, EntitySpecificInfo: args.RouteInfo.EntitySpecificInfo };',
    },
  },
  {
    id: 'monitor/match-without-a-handle',
    implementation,
    rule: 'RTM-MATCH-004',
    invariant: 'OUT parameters hold what is promised',
    what: 'No handle of a match is delivered to who asks for it, but to who does not.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'if (args.RouteHandle === null) return done({ RouteInfo });',
      replace: 'if (args.RouteHandle !== null) return done({ RouteInfo });',
    },
  },
  {
    id: 'monitor/none-compares-preferences',
    implementation,
    rule: 'RTM-MATCH-005',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'Preferences are compared without being asked for.',
    edit: {
      file: MATCHING,
      find: 'if ((flags & RTM_MATCH_PREF) !== 0) {',
      replace: 'if (flags >= 0) {',
    },
  },
  {
    id: 'monitor/owners-not-compared',
    implementation,
    rule: 'RTM-MATCH-006',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_MATCH_OWNER is not looked at.',
    edit: {
      file: MATCHING,
      find: 'if ((flags & RTM_MATCH_OWNER) !== 0 && route.owner !== owner) return false;',
      replace: '',
    },
  },
  {
    id: 'monitor/neighbours-not-compared',
    implementation,
    rule: 'RTM-MATCH-007',
    rules: ['RTM-MATCH-001'],
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_MATCH_NEIGHBOUR is not looked at.',
    edit: {
      file: MATCHING,
      find: 'if ((flags & RTM_MATCH_NEIGHBOUR) !== 0 && own.neighbour !== content.neighbour) return false;',
      replace: '',
    },
  },
  {
    id: 'monitor/preferences-not-compared',
    implementation,
    rule: 'RTM-MATCH-008',
    rules: ['RTM-MATCH-002'],
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_MATCH_PREF compares the metric alone.',
    edit: {
      file: MATCHING,
      find: 'own.preference !== content.preference || own.metric',
      replace: 'own.metric',
    },
  },
  {
    id: 'monitor/next-hops-not-compared',
    implementation,
    rule: 'RTM-MATCH-009',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_MATCH_NEXTHOP is not looked at.',
    edit: {
      file: MATCHING,
      find: 'if ((flags & RTM_MATCH_NEXTHOP) !== 0 && !hasSameHops(own, content)) return false;',
      replace: '',
    },
  },
  {
    id: 'monitor/interfaces-not-compared',
    implementation,
    rule: 'RTM-MATCH-010',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_MATCH_INTERFACE is not looked at.',
    edit: {
      file: MATCHING,
      find: 'if ((flags & RTM_MATCH_INTERFACE) === 0) return true;',
      replace: 'if ((flags & RTM_MATCH_INTERFACE) >= 0) return true;',
    },
  },
  {
    id: 'monitor/interfaces-always-compared',
    implementation,
    rule: 'RTM-MATCH-010',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'The interface is compared without being asked for.',
    edit: {
      file: MATCHING,
      find: 'if ((flags & RTM_MATCH_INTERFACE) === 0) return true;',
      replace: '',
    },
  },
  {
    id: 'monitor/full-asks-for-nothing',
    implementation,
    rule: 'RTM-MATCH-011',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RTM_MATCH_FULL lets every route qualify.',
    edit: {
      file: MATCHING,
      find: 'const own = route.content;',
      replace: 'const own = route.content; if (flags === 0xffff) return true;',
    },
  },
  {
    id: 'monitor/flags-are-compared',
    implementation,
    rule: 'RTM-MATCH-013',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'Flags of the criteria have to be those of the route, where anything is compared.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'isMatch(one, criteria)',
      replace:
        'isMatch(one, criteria) && (args.MatchingFlags === 0 || one.content.flags === args.RouteInfo.Flags)',
    },
  },
];
