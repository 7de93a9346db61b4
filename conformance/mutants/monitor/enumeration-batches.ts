/** The monitor with enumerations whose batches, ends or references are wrong. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const WALKS = 'reference/concurrent/table/walks.ts';
const ENUMERATION_FUNCTIONS = 'reference/concurrent/functions/enumeration-functions.ts';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const READING = 'reference/concurrent/functions/reading.ts';
const TABLES = 'reference/concurrent/table/tables.ts';

export const enumerationBatchMutants: readonly Mutant[] = [
  {
    id: 'monitor/batches-begin-anew',
    implementation,
    rule: 'RTM-ENUM-012',
    rules: ['RTM-ENUM-017', 'RTM-ENUM-013', 'RTM-ENUM-038', 'RTM-ENUM-040', 'RTM-ENUM-001'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'Each batch begins with the destination that the one before ended with.',
    edit: {
      file: WALKS,
      find: 'if (after === undefined || comparePrefixes(destination.prefix, after) !== 0) yield destination;',
      replace: 'yield destination;',
    },
  },
  {
    id: 'monitor/batches-lose-routes',
    implementation,
    rule: 'RTM-ENUM-012',
    rules: ['RTM-ENUM-023', 'RTM-ENUM-038', 'RTM-ENUM-017'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'What is left of a destination when a batch is full is skipped.',
    edit: {
      file: WALKS,
      find: 'if (found.length === count) return routes.slice(index);',
      replace: 'if (found.length === count) return [];',
    },
  },
  {
    id: 'monitor/one-item-too-many',
    implementation,
    rule: 'RTM-ENUM-013',
    rules: ['RTM-ENUM-012', 'RTM-ENUM-040', 'RTM-ENUM-038', 'RTM-ENUM-016'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A batch holds one destination more than there is room for.',
    edit: {
      file: WALKS,
      find: 'if (found.length === count) break; check(destination);',
      replace: 'if (found.length > count) break; check(destination);',
    },
  },
  {
    id: 'monitor/enumerated-without-handles',
    implementation,
    rule: 'RTM-ENUM-015',
    rules: ['RTM-ENUM-030', 'RTM-ENUM-008', 'RTM-ENUM-032', 'RTM-ENUM-033', 'RTM-ENUM-019'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'An enumeration of next hops delivers handles of the wrong objects.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'const NextHopHandles = found.map((hop) => visit.references.give(visit.member, hop));',
      replace:
        'const NextHopHandles = found.map((hop) => { visit.references.give(visit.member, hop); return visit.references.handles.handleOf(found[0]); });',
    },
  },
  {
    id: 'monitor/large-batches-clamped',
    implementation,
    rule: 'RTM-ENUM-016',
    rules: ['RTM-RLIST-010'],
    invariant: 'every call returns, with a status',
    what: 'A batch above MaxHandlesInEnum is cut instead of refused.',
    edit: {
      file: READING,
      find: 'return count >= 0 && count <= MaxHandlesInEnum ? count : refuse(ERROR_INVALID_PARAMETER);',
      replace: 'return Math.min(count, MaxHandlesInEnum);',
    },
  },
  {
    id: 'monitor/end-with-items-left',
    implementation,
    rule: 'RTM-ENUM-017',
    rules: [
      'RTM-ENUM-012',
      'RTM-ENUM-013',
      'RTM-ENUM-030',
      'RTM-ENUM-009',
      'RTM-ENUM-023',
      'RTM-ENUM-001',
    ],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A batch that is not full is called the last, whether or not it is.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'return { status: count === 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };',
      replace: 'return { status: count <= 1 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };',
    },
  },
  {
    id: 'monitor/end-is-no-error',
    implementation,
    rule: 'RTM-ENUM-017',
    rules: ['RTM-ENUM-001', 'RTM-ENUM-012', 'RTM-ENUM-023', 'RTM-ENUM-030', 'RTM-ENUM-008'],
    invariant: 'every call returns, with a status',
    what: 'The end of an enumeration is NO_ERROR with nothing delivered, for ever.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'return { status: count === 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };',
      replace: 'return { status: NO_ERROR, out };',
    },
  },
  {
    id: 'monitor/enumerated-routes-without-references',
    implementation,
    rule: 'RTM-ENUM-019',
    rules: ['RTM-ENUM-037', 'RTM-ENUM-025', 'RTM-ENUM-023', 'RTM-ENUM-015', 'RTM-ROUTE-028'],
    invariant: 'every reference taken is accounted for',
    what: 'Enumerated routes come without a reference: giving them back takes those of others away.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'const RouteHandles = found.map((route) => visit.references.give(visit.member, route));',
      replace:
        'const RouteHandles = found.map((route) => visit.references.handles.handleOf(route));',
    },
  },
  {
    id: 'monitor/last-destination-not-given-back',
    implementation,
    rule: 'RTM-ENUM-020',
    rules: ['RTM-ENUM-019', 'RTM-ENUM-021', 'RTM-REF-009'],
    invariant: 'every reference taken is accounted for',
    what: 'RtmReleaseDests keeps the references of the last entry.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'yield* giveBack(visit, DestInfos.slice(0, NumDests).map(contentsOfDestination));',
      replace:
        'yield* giveBack(visit, DestInfos.slice(0, NumDests - 1).map(contentsOfDestination));',
    },
  },
  {
    id: 'monitor/released-while-enumerated-only',
    implementation,
    rule: 'RTM-ENUM-020',
    rules: ['RTM-NOTIFY-033', 'RTM-NOTIFY-042', 'RTM-NOTIFY-002', 'RTM-DEST-008'],
    invariant: 'every call returns, with a status',
    what: 'Entries can be given back only while their destination has routes.',
    edit: {
      file: DESCRIBING,
      find: 'return object?.home === visit.table ? object',
      replace:
        "return object?.home === visit.table && !(object.kind === 'destination' && object.routes.length === 0) ? object",
    },
  },
  {
    id: 'monitor/made-up-entries-given-back',
    implementation,
    rule: 'RTM-ENUM-021',
    invariant: 'every call returns, with a status',
    what: 'RtmReleaseDests passes over entries that it does not know and reports success.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'if (DestInfos.length < NumDests) refuse(ERROR_INVALID_HANDLE); yield* giveBack',
      replace:
        'if (DestInfos.some(({ DestHandle }) => visit.references.handles.find(DestHandle) === undefined)) return DONE; yield* giveBack',
    },
  },
  {
    id: 'monitor/half-done-not-deletable',
    implementation,
    rule: 'RTM-ENUM-034',
    rules: ['RTM-ENUM-035', 'RTM-ENUM-040'],
    invariant: 'every call returns, with a status',
    what: 'An enumeration can only be deleted once it has delivered something.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'visit.tables.endEnumeration(visit.enumeration(EnumHandle)); return DONE;',
      replace:
        "const enumeration = visit.enumeration(EnumHandle); if ('after' in enumeration.walk && enumeration.walk.after === undefined) return refuse(ERROR_INVALID_HANDLE); visit.tables.endEnumeration(enumeration); return DONE;",
    },
  },
  {
    id: 'monitor/deleted-enumeration-stays',
    implementation,
    rule: 'RTM-ENUM-035',
    rules: ['RTM-ENUM-019', 'RTM-REF-009', 'RTM-ENUM-034', 'RTM-RLIST-014'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A deleted enumeration stays in memory until its client leaves.',
    edit: {
      file: TABLES,
      find: 'enumeration.owner.enumerations.delete(enumeration); this.references.takeBack(enumeration.owner, enumeration);',
      replace: 'enumeration.owner.enumerations.delete(enumeration);',
    },
  },
  {
    id: 'monitor/deletes-what-is-no-enumeration',
    implementation,
    rule: 'RTM-ENUM-036',
    invariant: 'every call returns, with a status',
    what: 'RtmDeleteEnumHandle reports success for what is no handle.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'visit.tables.endEnumeration(visit.enumeration(EnumHandle)); return DONE;',
      replace:
        'if (visit.references.handles.find(EnumHandle) !== undefined) visit.tables.endEnumeration(visit.enumeration(EnumHandle)); return DONE;',
    },
  },
  {
    id: 'monitor/deletion-takes-back',
    implementation,
    rule: 'RTM-ENUM-037',
    rules: ['RTM-ENUM-015', 'RTM-REF-003', 'RTM-ROUTE-028'],
    invariant: 'every reference taken is accounted for',
    what: 'Deleting an enumeration gives back what the client holds on routes.',
    edit: {
      file: TABLES,
      find: 'enumeration.owner.enumerations.delete(enumeration);',
      replace:
        "enumeration.owner.enumerations.delete(enumeration); for (const object of [...enumeration.owner.grips.keys()]) if (object.kind === 'route' && object.owner !== enumeration.owner) this.references.takeBack(enumeration.owner, object);",
    },
  },
  {
    id: 'monitor/place-lost-with-its-route',
    implementation,
    rule: 'RTM-ENUM-038',
    rules: ['RTM-ENUM-012', 'RTM-ENUM-017'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'An enumeration ends when the destination it delivered last has gone.',
    edit: {
      file: WALKS,
      find: 'for (const destination of tree.from(after ?? part.start)) {',
      replace:
        'if (after !== undefined && tree.get(after) === undefined) return; for (const destination of tree.from(after ?? part.start)) {',
    },
  },
  {
    id: 'monitor/deleted-routes-delivered',
    implementation,
    rule: 'RTM-ENUM-039',
    rules: ['RTM-ENUM-001', 'RTM-HOLD-010'],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A destination is delivered though it has no route any more, as long as somebody holds it.',
    edit: {
      file: WALKS,
      find: 'return routes.length > 0 || (hold?.held.some((held) => held !== undefined) ?? false);',
      replace: 'return true;',
    },
  },
  {
    id: 'monitor/one-place-for-all',
    implementation,
    rule: 'RTM-ENUM-040',
    rules: [
      'RTM-ENUM-001',
      'RTM-ENUM-006',
      'RTM-ENUM-007',
      'RTM-ENUM-010',
      'RTM-ENUM-011',
      'RTM-ENUM-012',
    ],
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'Enumerations of a client share their place: each is where the latest fetch of any has led.',
    edit: {
      file: ENUMERATION_FUNCTIONS,
      find: 'const found = nextDestinations(',
      replace:
        "for (const { walk: other } of visit.member.enumerations) if (other.over === 'destinations' && other !== walk) walk.after = other.after ?? walk.after; const found = nextDestinations(",
    },
  },
];
