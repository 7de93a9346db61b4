/** The monitor with enumerations that lead through something else than they should. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const WALKS = 'reference/concurrent/table/walks.ts';
const ENUMERATION_FUNCTIONS = 'reference/concurrent/functions/enumeration-functions.ts';
const PREFIX = 'reference/concurrent/table/prefix.ts';
const PREFIX_TREE = 'reference/concurrent/table/prefix-tree.ts';
const MATCHING = 'reference/concurrent/table/matching.ts';
const CRITERIA = 'reference/concurrent/functions/criteria.ts';

export const enumeratedItemMutants: readonly Mutant[] = [
  {
    id: 'monitor/default-route-not-enumerated',
    implementation,
    rule: 'RTM-ENUM-001',
    rules: ['RTM-ENUM-006', 'RTM-ENUM-008'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'An enumeration of all destinations leaves the default route out.',
    edit: {
      file: WALKS,
      find: 'if (isVisible(destination, walk.views) && isBestOf(destination, walk)) found.push(destination);',
      replace:
        'if (destination.prefix.length > 0 && isVisible(destination, walk.views) && isBestOf(destination, walk)) found.push(destination);',
    },
  },
  {
    id: 'monitor/enumerated-in-all-views',
    implementation,
    rule: 'RTM-ENUM-002',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A destination enumeration for some views delivers those of all views.',
    edit: {
      file: WALKS,
      find: "if (views !== 'any') return routes.some(({ content }) => (content.views & views) !== 0);",
      replace: "if (views !== 'any') return routes.length > 0;",
    },
  },
  {
    id: 'monitor/routes-of-all-views',
    implementation,
    rule: 'RTM-ENUM-003',
    rules: ['RTM-ENUM-029'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A route enumeration for some views delivers those of all views.',
    edit: {
      file: WALKS,
      find: "(views === 'any' || (route.content.views & views) !== 0) &&",
      replace: 'true &&',
    },
  },
  {
    id: 'monitor/views-not-checked',
    implementation,
    rule: 'RTM-ENUM-004',
    invariant: 'every call returns, with a status',
    what: 'A view that is not supported starts an enumeration, which delivers nothing or too much.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'return namesUnsupportedView(mask) ? refuse(ERROR_NOT_SUPPORTED) : wantedViews(mask);',
      replace: 'return wantedViews(mask);',
    },
  },
  {
    id: 'monitor/own-means-any-route',
    implementation,
    rule: 'RTM-ENUM-005',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'Own destinations are those with any route of the caller.',
    edit: {
      file: WALKS,
      find: 'bestInView(routes, view)?.owner === best',
      replace: 'routes.some(({ owner }) => owner === best)',
    },
  },
  {
    id: 'monitor/next-begins-behind',
    implementation,
    rule: 'RTM-ENUM-006',
    rules: [
      'RTM-ENUM-032',
      'RTM-ENUM-007',
      'RTM-ENUM-012',
      'RTM-ENUM-033',
      'RTM-ENUM-030',
      'RTM-ENUM-008',
    ],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'RTM_ENUM_NEXT leaves the prefix itself out.',
    edit: {
      file: PREFIX_TREE,
      find: 'comparePrefixes(node.prefix, start) >= 0;',
      replace: 'comparePrefixes(node.prefix, start) > 0;',
    },
  },
  {
    id: 'monitor/range-leaves-itself-out',
    implementation,
    rule: 'RTM-ENUM-007',
    rules: ['RTM-ENUM-033', 'RTM-ENUM-024', 'RTM-ENUM-015', 'RTM-ENUM-014'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'RTM_ENUM_RANGE delivers what lies inside the prefix, but not the prefix.',
    edit: {
      file: WALKS,
      find: 'within === undefined || agree(within, prefix, within.length);',
      replace:
        'within === undefined || (prefix.length > within.length && agree(within, prefix, within.length));',
    },
  },
  {
    id: 'monitor/ones-before-zeros',
    implementation,
    rule: 'RTM-ENUM-008',
    rules: ['RTM-ENUM-001', 'RTM-ENUM-006', 'RTM-ENUM-007', 'RTM-ENUM-012', 'RTM-ENUM-023'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'Addresses come in descending order below each fork of the tree.',
    edit: {
      file: PREFIX_TREE,
      find: 'if (node.one !== undefined) path.push(node.one); if (node.zero !== undefined) path.push(node.zero);',
      replace:
        'if (node.zero !== undefined) path.push(node.zero); if (node.one !== undefined) path.push(node.one);',
    },
  },
  {
    id: 'monitor/routes-not-ordered',
    implementation,
    rule: 'RTM-ENUM-009',
    rules: [
      'RTM-ENUM-012',
      'RTM-ENUM-023',
      'RTM-ENUM-024',
      'RTM-ENUM-026',
      'RTM-ENUM-025',
      'RTM-ENUM-038',
    ],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'The routes of a destination come with the worst first.',
    edit: {
      file: WALKS,
      find: 'return [...destination.routes, ...heldRoutes].filter(isWanted);',
      replace: 'return [...destination.routes, ...heldRoutes].filter(isWanted).toReversed();',
    },
  },
  {
    id: 'monitor/protocol-restricts-destinations',
    implementation,
    rule: 'RTM-ENUM-010',
    rules: ['RTM-ENUM-011'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'Destinations without a route of the protocol asked for are left out.',
    edit: {
      file: WALKS,
      find: 'if (isVisible(destination, walk.views) && isBestOf(destination, walk)) found.push(destination);',
      replace:
        'if (isVisible(destination, walk.views) && isBestOf(destination, walk) && (walk.protocol === 0 || destination.routes.some(({ owner }) => owner.protocol === walk.protocol))) found.push(destination);',
    },
  },
  {
    id: 'monitor/enumerated-whatever-the-protocol',
    implementation,
    rule: 'RTM-ENUM-011',
    invariant: 'information is true of what it describes',
    what: 'Enumerated destinations show the best route of all protocols, whichever was asked for.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'const protocol = readProtocol(visit, walk.protocol);',
      replace: 'const protocol = readProtocol(visit, 0);',
    },
  },
  {
    id: 'monitor/one-destination-is-all',
    implementation,
    rule: 'RTM-ENUM-024',
    rules: ['RTM-ENUM-015'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A route enumeration with a destination goes on with the rest of the table.',
    edit: {
      file: WALKS,
      find: 'return walk.after === undefined ? [walk.of] : [];',
      replace: 'return remaining(tree, walk);',
    },
  },
  {
    id: 'monitor/some-routes-twice',
    implementation,
    rule: 'RTM-ENUM-023',
    rules: ['RTM-ENUM-009', 'RTM-ENUM-012', 'RTM-ENUM-038', 'RTM-ENUM-024', 'RTM-ENUM-026'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'The routes of a destination with several are delivered again.',
    edit: {
      file: WALKS,
      find: '[...destination.routes, ...heldRoutes]',
      replace: '[...destination.routes, ...destination.routes.slice(1), ...heldRoutes]',
    },
  },
  {
    id: 'monitor/own-routes-are-all-routes',
    implementation,
    rule: 'RTM-ENUM-025',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'RTM_ENUM_OWN_ROUTES delivers the routes of others too.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'const owner = isSet(EnumFlags, RTM_ENUM_OWN_ROUTES) ? visit.member : undefined;',
      replace: 'const owner = undefined;',
    },
  },
  {
    id: 'monitor/criteria-not-applied',
    implementation,
    rule: 'RTM-ENUM-026',
    rules: ['RTM-ENUM-027'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A route enumeration applies no criteria.',
    edit: {
      file: WALKS,
      find: 'isMatch(route, criteria);',
      replace: '(criteria.flags === 0 || true);',
    },
  },
  {
    id: 'monitor/criteria-always-applied',
    implementation,
    rule: 'RTM-ENUM-027',
    rules: ['RTM-MATCH-010', 'RTM-MATCH-005'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'The interface counts though the flags do not select it, unless it is zero.',
    edit: {
      file: MATCHING,
      find: 'if ((flags & RTM_MATCH_INTERFACE) === 0) return true;',
      replace: 'if (interfaceIndex === 0) return true;',
    },
  },
  {
    id: 'monitor/criteria-wanted-for-interfaces',
    implementation,
    rule: 'RTM-ENUM-027',
    rules: ['RTM-ENUM-026'],
    invariant: 'every call returns, with a status',
    what: 'RTM_MATCH_INTERFACE without a criteria route is refused.',
    edit: {
      file: CRITERIA,
      find: 'if (!isSet(flags, ROUTE_CRITERIA)) {',
      replace: 'if (flags === 0) {',
    },
  },
  {
    id: 'monitor/start-looks-at-the-prefix',
    implementation,
    rule: 'RTM-ENUM-028',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'RTM_ENUM_START begins at the prefix that came along.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'const isNext = isSet(flags, RTM_ENUM_NEXT);',
      replace:
        'const isNext = isSet(flags, RTM_ENUM_NEXT) || (address !== null && !isSet(flags, RTM_ENUM_RANGE));',
    },
  },
  {
    id: 'monitor/held-routes-not-enumerated',
    implementation,
    rule: 'RTM-ENUM-029',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'Held routes are in no enumeration.',
    edit: {
      file: WALKS,
      find: 'destination.hold?.held ?? []',
      replace: '[]',
    },
  },
  {
    id: 'monitor/one-next-hop-per-address',
    implementation,
    rule: 'RTM-ENUM-030',
    rules: ['RTM-ENUM-012'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'Of next hops with one address an enumeration delivers the first only.',
    edit: {
      file: WALKS,
      find: 'if (isBehind && hop.interfaceIndex <= after.interfaceIndex) continue;',
      replace:
        'if (isBehind || found.some(({ address }) => comparePrefixes(address, hop.address) === 0)) continue;',
    },
  },
  {
    id: 'monitor/prefix-length-not-checked',
    implementation,
    rule: 'RTM-ENUM-031',
    rules: ['RTM-ROUTE-010', 'RTM-LOOKUP-016', 'RTM-HOP-011', 'RTM-ROUTE-021', 'RTM-ROUTE-009'],
    invariant: 'every call returns, with a status',
    what: 'A prefix with more bits than an address has is taken.',
    edit: {
      file: PREFIX,
      find: '!Number.isInteger(NumBits) || NumBits < 0 || NumBits > most',
      replace: '!Number.isInteger(NumBits) || NumBits < 0 || NumBits > 128',
    },
  },
  {
    id: 'monitor/next-hops-from-the-start',
    implementation,
    rule: 'RTM-ENUM-032',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'An enumeration of next hops always begins with the first.',
    edit: {
      file: WALKS,
      find: 'for (const hop of member.hops.from(after?.address ?? part.start)) {',
      replace: 'for (const hop of member.hops.from(after?.address ?? part.within)) {',
    },
  },
  {
    id: 'monitor/next-hops-to-the-end',
    implementation,
    rule: 'RTM-ENUM-033',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'RTM_ENUM_RANGE leads through the next hops to the end of the list.',
    edit: {
      file: WALKS,
      find: 'if (found.length === count || !isWithin(hop.address, part)) break;',
      replace: 'if (found.length === count) break;',
    },
  },
];
