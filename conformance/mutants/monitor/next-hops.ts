/** The monitor with next hops that are added, found, deleted or described wrongly. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const NEXT_HOP_FUNCTIONS = 'reference/concurrent/functions/next-hop-functions.ts';
const READING = 'reference/concurrent/functions/reading.ts';
const NEXT_HOP_LIST = 'reference/concurrent/table/next-hop-list.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';
const TABLES = 'reference/concurrent/table/tables.ts';

export const nextHopMutants: readonly Mutant[] = [
  {
    id: 'monitor/next-hop-not-listed',
    implementation,
    rule: 'RTM-HOP-001',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A next hop that is added does not get into the list of its owner.',
    edit: { file: ROUTING_TABLE, find: 'actor.member.hops.add(hop);', replace: '' },
  },
  {
    id: 'monitor/next-hop-always-new',
    implementation,
    rule: 'RTM-HOP-002',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Adding a next hop that is there adds another one.',
    edit: {
      file: ROUTING_TABLE,
      find: 'const found = actor.member.hops.find(place.address, place.interfaceIndex);',
      replace: 'const found = undefined;',
    },
  },
  {
    id: 'monitor/interface-not-compared',
    implementation,
    rule: 'RTM-HOP-003',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Next hops of one address are taken for one, whatever their interface.',
    edit: {
      file: NEXT_HOP_LIST,
      find: '?.hops.find((hop) => hop.interfaceIndex === interfaceIndex)',
      replace: '?.hops[0]',
    },
  },
  {
    id: 'monitor/one-list-for-all',
    implementation,
    rule: 'RTM-HOP-004',
    invariant: 'only the owner changes what it owns',
    what: 'All clients of a table share one list of next hops.',
    edit: {
      file: TABLES,
      find: 'hops: new NextHopList()',
      replace: 'hops: (home.hopsOfAll ??= new NextHopList())',
    },
  },
  {
    id: 'monitor/given-next-hop-not-updated',
    implementation,
    rule: 'RTM-HOP-005',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A next hop that is named by its handle is not updated.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'readHopContent(visit, NextHopInfo)); return',
      replace: 'visit.hop(NextHopHandle).content); return',
    },
  },
  {
    id: 'monitor/no-handle-of-updated-next-hop',
    implementation,
    rule: 'RTM-HOP-006',
    invariant: 'OUT parameters hold what is promised',
    what: 'A client that asks for a handle gets none when the next hop was there already.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'if (NextHopHandle === null) return done({ ChangeFlags });',
      replace: 'if (NextHopHandle === null || !isNew) return done({ ChangeFlags });',
    },
  },
  {
    id: 'monitor/next-hop-held-unasked',
    implementation,
    rule: 'RTM-HOP-007',
    invariant: 'every reference taken is accounted for',
    what: 'A client that wants no handle holds a reference all the same.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'if (NextHopHandle === null) return done({ ChangeFlags });',
      replace:
        'if (NextHopHandle === null) { visit.references.give(visit.member, hop); return done({ ChangeFlags }); }',
    },
  },
  {
    id: 'monitor/next-hop-always-said-to-be-new',
    implementation,
    rule: 'RTM-HOP-008',
    rules: ['RTM-HOP-002'],
    invariant: 'OUT parameters hold what is promised',
    what: 'ChangeFlags has RTM_NEXTHOP_CHANGE_NEW also when a next hop was updated.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'isNew ? constants.RTM_NEXTHOP_CHANGE_NEW : 0',
      replace: 'constants.RTM_NEXTHOP_CHANGE_NEW',
    },
  },
  {
    id: 'monitor/reader-shown-as-owner-of-next-hop',
    implementation,
    rule: 'RTM-HOP-009',
    invariant: 'information is true of what it describes',
    what: 'Information on a next hop names the client that asks as its owner.',
    edit: {
      file: DESCRIBING,
      find: 'giveOwner(visit, hop.owner)',
      replace: 'giveOwner(visit, visit.member)',
    },
  },
  {
    id: 'monitor/next-hop-flags-lost',
    implementation,
    rule: 'RTM-HOP-010',
    rules: ['RTM-HOP-002'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'The flags of a next hop are not stored.',
    edit: { file: READING, find: 'flags: Flags,', replace: 'flags: 0,' },
  },
  {
    id: 'monitor/foreign-next-hop-updated',
    implementation,
    rule: 'RTM-HOP-011',
    invariant: 'only the owner changes what it owns',
    what: 'Whoever has a handle of a next hop can update it.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'NextHopHandle !== undefined && NextHopHandle !== null) {',
      replace: 'NextHopHandle !== undefined && NextHopHandle !== null) { visit.ownHop = visit.hop;',
    },
  },
  {
    id: 'monitor/next-one-found',
    implementation,
    rule: 'RTM-HOP-012',
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RtmFindNextHop delivers the first next hop from that address on.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'visit.member.hops.find(address, interfaceIndex); if (hop === undefined) return refuse(ERROR_NOT_FOUND); const pointer',
      replace:
        '[...visit.member.hops.from(address)][0]; if (hop === undefined) return refuse(ERROR_NOT_FOUND); const pointer',
    },
  },
  {
    id: 'monitor/pointer-where-not-wanted',
    implementation,
    rule: 'RTM-HOP-013',
    rules: ['RTM-HOP-012', 'RTM-OUT-001'],
    invariant: 'OUT parameters hold what is promised',
    what: 'RtmFindNextHop delivers the pointer when it is not wanted, and not when it is.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'NextHopPointer === null ? {}',
      replace: 'NextHopPointer === undefined ? {}',
    },
  },
  {
    id: 'monitor/missing-next-hop-invalid',
    implementation,
    rule: 'RTM-HOP-014',
    invariant: 'every call returns, with a status',
    what: 'RtmFindNextHop answers a search in vain with ERROR_INVALID_PARAMETER.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'if (hop === undefined) return refuse(ERROR_NOT_FOUND); const pointer',
      replace: 'if (hop === undefined) return refuse(ERROR_INVALID_PARAMETER); const pointer',
    },
  },
  {
    id: 'monitor/deleted-next-hop-stays',
    implementation,
    rule: 'RTM-HOP-017',
    rules: ['RTM-REF-007'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A deleted next hop stays in the list of its owner, freed or not.',
    edit: { file: ROUTING_TABLE, find: 'hop.owner.hops.remove(hop);', replace: '' },
  },
  {
    id: 'monitor/next-one-deleted',
    implementation,
    rule: 'RTM-HOP-018',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A next hop that is to be deleted by description is the first one from that address on.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'visit.member.hops.find(address, interfaceIndex); if (hop === undefined) return refuse(ERROR_NOT_FOUND); visit.table',
      replace:
        '[...visit.member.hops.from(address)][0]; if (hop === undefined) return refuse(ERROR_NOT_FOUND); visit.table',
    },
  },
  {
    id: 'monitor/foreign-next-hop-deleted',
    implementation,
    rule: 'RTM-HOP-019',
    invariant: 'only the owner changes what it owns',
    what: 'Whoever has a handle of a next hop can delete it.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'visit.ownHop(NextHopHandle); visit.table.deleteHop',
      replace: 'visit.hop(NextHopHandle); visit.table.deleteHop',
    },
  },
  {
    id: 'monitor/missing-next-hop-deleted',
    implementation,
    rule: 'RTM-HOP-020',
    invariant: 'every call returns, with a status',
    what: 'Deleting what is not there succeeds.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'if (hop === undefined) return refuse(ERROR_NOT_FOUND); visit.table',
      replace: 'if (hop === undefined) return DONE; visit.table',
    },
  },
  {
    id: 'monitor/deletion-keeps-the-next-hop-handle',
    implementation,
    rule: 'RTM-HOP-021',
    invariant: 'every reference taken is accounted for',
    what: 'Deleting a next hop by its handle does not give the handle back.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'visit.references.takeBack(visit.member,',
      replace: 'void (visit.member,',
    },
  },
  {
    id: 'monitor/routes-do-not-keep-next-hops',
    implementation,
    rule: 'RTM-HOP-022',
    rules: ['RTM-REF-007'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Routes have no references on their next hops, which are freed under them.',
    edit: {
      file: ROUTING_TABLE,
      find: 'return neighbour === undefined ? hops : [neighbour, ...hops];',
      replace: 'return [];',
    },
  },
  {
    id: 'monitor/pointer-to-a-copy-of-a-next-hop',
    implementation,
    rule: 'RTM-HOP-023',
    invariant: 'information is true of what it describes',
    what: 'What a direct pointer to a next hop leads to is not kept up to date.',
    edit: { file: ROUTING_TABLE, find: 'if (hop.live !== undefined) refresh(hop);', replace: '' },
  },
  {
    id: 'monitor/next-hop-pointer-for-everybody',
    implementation,
    rule: 'RTM-HOP-024',
    invariant: 'only the owner changes what it owns',
    what: 'Everybody gets a direct pointer to a next hop.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'visit.ownHop(NextHopHandle); return done({ NextHopPointer',
      replace: 'visit.hop(NextHopHandle); return done({ NextHopPointer',
    },
  },
  {
    id: 'monitor/next-hop-lock-for-everybody',
    implementation,
    rule: 'RTM-HOP-024',
    invariant: 'only the owner changes what it owns',
    what: 'Everybody can lock a next hop.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'visit.ownHop(NextHopHandle); const { locks }',
      replace: 'visit.hop(NextHopHandle); const { locks }',
    },
  },
  {
    id: 'monitor/unknown-next-hop-not-found',
    implementation,
    rule: 'RTM-HOP-025',
    invariant: 'every call returns, with a status',
    what: 'RtmGetNextHopInfo answers a handle that never was one with ERROR_NOT_FOUND.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'const hop = visit.hop(NextHopHandle);',
      replace:
        'const hop = visit.references.handles.find(NextHopHandle) === undefined ? refuse(ERROR_NOT_FOUND) : visit.hop(NextHopHandle);',
    },
  },
  {
    id: 'monitor/interface-not-told',
    implementation,
    rule: 'RTM-HOP-026',
    rules: ['RTM-HOP-010'],
    invariant: 'information is true of what it describes',
    what: 'Information on a next hop has no interface.',
    edit: {
      file: DESCRIBING,
      find: 'InterfaceIndex: interfaceIndex,',
      replace: 'InterfaceIndex: 0,',
    },
  },
  {
    id: 'monitor/release-forgets-the-owner-of-a-next-hop',
    implementation,
    rule: 'RTM-HOP-027',
    invariant: 'every reference taken is accounted for',
    what: 'Releasing information on a next hop leaves the reference on its owner.',
    edit: {
      file: DESCRIBING,
      find: 'owners: unlessNull(info.NextHopOwner)',
      replace: 'owners: []',
    },
  },
  {
    id: 'monitor/releases-the-first-next-hop-only',
    implementation,
    rule: 'RTM-HOP-028',
    invariant: 'every reference taken is accounted for',
    what: 'Of several next-hop handles only the first is released.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: "'nexthop', readHandles(NextHopHandles, NumNextHops)",
      replace: "'nexthop', readHandles(NextHopHandles, NumNextHops).slice(0, 1)",
    },
  },
  {
    id: 'monitor/next-hop-lock-not-taken',
    implementation,
    rule: 'RTM-HOP-029',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A lock of a next hop is granted and not taken.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'locks.take(hop, visit.actor, Exclusive);',
      replace: '',
    },
  },
  {
    id: 'monitor/next-hop-unlock-does-nothing',
    implementation,
    rule: 'RTM-HOP-029',
    rules: ['RTM-SAFE-001'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Unlocking a next hop is reported and not done: whoever waits for it waits for ever.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'if (!locks.giveUp(hop, visit.actor, Exclusive)) refuse(ERROR_INVALID_HANDLE);',
      replace: '',
    },
  },
  {
    id: 'monitor/nothing-locked',
    implementation,
    rule: 'RTM-HOP-030',
    rules: ['RTM-HOP-025'],
    invariant: 'every call returns, with a status',
    what: 'A lock of what never was a next hop is granted.',
    edit: {
      file: NEXT_HOP_FUNCTIONS,
      find: 'const hop = visit.ownHop(NextHopHandle); const { locks } = visit.tables;',
      replace:
        'if (visit.references.handles.find(NextHopHandle) === undefined) return done({ NextHopPointer: {} }); const hop = visit.ownHop(NextHopHandle); const { locks } = visit.tables;',
    },
  },
  {
    id: 'monitor/naming-uses-up',
    implementation,
    rule: 'RTM-HOP-035',
    rules: ['RTM-ROUTE-027'],
    invariant: 'every reference taken is accounted for',
    what: 'Naming a next hop in a route uses up the handle of the client.',
    edit: {
      file: READING,
      find: '.map((handle) => ownHop(visit, handle))',
      replace:
        '.map((handle) => { const hop = ownHop(visit, handle); visit.references.takeBack(visit.member, hop); return hop; })',
    },
  },
];
