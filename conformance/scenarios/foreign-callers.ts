/**
 * Scenarios of handles and structures that are good, in calls whose registration handle is not: nobody
 * can use what somebody holds without being registered.
 *
 * What another registered client can do with them is left out: the documents speak of handles that the
 * caller itself holds.
 */
import type { Scenario, Step } from './scenario.ts';
import {
  deregister,
  getInfo,
  heldBy,
  list,
  reference,
  register,
  release,
  releaseAll,
  releaseInfo,
} from './steps.ts';

const refused = { status: 'ERROR_INVALID_HANDLE' } as const;

/** The first of what client 0 holds is of a client that stays registered. */
const someHeld: readonly Step[] = [
  { do: register(0) },
  { do: register(1) },
  { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
];

/** Two clients have gone: somebody holds handles on the one of slot 2, nobody on that of slot 3. */
const twoGone: readonly Step[] = [
  { do: register(2) },
  { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2] } },
  { do: register(3) },
  { do: deregister(2), expect: { status: 'NO_ERROR' } },
  { do: deregister(3), expect: { status: 'NO_ERROR' } },
];

const twoStructures: readonly Step[] = [
  { do: getInfo(0, 0), expect: { status: 'NO_ERROR' } },
  { do: getInfo(0, 0), expect: { status: 'NO_ERROR' } },
];

const neverRegistered: readonly Scenario[] = [
  {
    id: 'core/release/held-handles-need-a-caller',
    title: 'Handles that are held cannot be released without a registration handle',
    area: 'release',
    rules: ['RTM-REL-005', 'RTM-SAFE-004'],
    steps: [
      ...someHeld,
      { do: heldBy(0, release('null', 0)), expect: refused },
      { do: heldBy(0, release('made-up', 0)), expect: refused },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/release/refusal-takes-none',
    title: 'A refused RtmReleaseEntities takes no reference away',
    area: 'release',
    rules: ['RTM-REF-014', 'RTM-REF-001', 'RTM-REL-002'],
    exactReferences: true,
    steps: [
      ...someHeld,
      { do: heldBy(0, release('null', 0)) },
      { do: heldBy(0, release('made-up', 0)) },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/held-handles-need-a-caller',
    title: 'Handles that are held cannot be referenced without a registration handle',
    area: 'references',
    rules: ['RTM-REF-013', 'RTM-SAFE-004'],
    steps: [
      ...someHeld,
      { do: heldBy(0, reference('null', 0)), expect: refused },
      { do: heldBy(0, reference('made-up', 0)), expect: refused },
      { do: reference(0, 0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/refusal-adds-none',
    title: 'A refused RtmReferenceHandles adds nothing to a handle that is held',
    area: 'references',
    rules: ['RTM-REF-014', 'RTM-REF-004', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      ...someHeld,
      { do: heldBy(0, reference('null', 0)) },
      { do: heldBy(0, reference('made-up', 0)) },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/entity-info/held-handles-need-a-caller',
    title: 'Handles that are held are not described without a registration handle',
    area: 'entity info',
    rules: ['RTM-INFO-002', 'RTM-SAFE-004'],
    steps: [
      ...someHeld,
      { do: heldBy(0, getInfo('null', 0)), expect: refused },
      { do: heldBy(0, getInfo('made-up', 0)), expect: refused },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: 'as listed' } },
    ],
  },
  {
    id: 'core/entity-info/structures-need-a-caller',
    title: 'A structure cannot be given back without a registration handle',
    area: 'entity info',
    rules: ['RTM-INFO-006', 'RTM-SAFE-004'],
    steps: [
      ...someHeld,
      ...twoStructures,
      { do: heldBy(0, releaseInfo('null')), expect: refused },
      { do: heldBy(0, releaseInfo('made-up')), expect: refused },
    ],
  },
];

const noLongerRegistered: readonly Scenario[] = [
  {
    id: 'core/deregistration/release-with-a-stale-handle',
    title: 'A deregistered client cannot release what others hold',
    area: 'deregistration',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-002'],
    profile: 'notes',
    steps: [
      ...someHeld,
      ...twoGone,
      { do: heldBy(0, release(2, 0)), expect: refused },
      { do: heldBy(0, release(3, 0)), expect: refused },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/deregistration/held-handle-referenced-with-a-stale-handle',
    title: 'A deregistered client cannot take references by handles that others hold',
    area: 'deregistration',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-002'],
    profile: 'notes',
    steps: [
      ...someHeld,
      ...twoGone,
      { do: heldBy(0, reference(2, 0)), expect: refused },
      { do: heldBy(0, reference(3, 0)), expect: refused },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/deregistration/held-handle-described-to-a-stale-handle',
    title: 'A deregistered client is told nothing about handles that others hold',
    area: 'deregistration',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-002'],
    profile: 'notes',
    steps: [
      ...someHeld,
      ...twoGone,
      { do: heldBy(0, getInfo(2, 0)), expect: refused },
      { do: heldBy(0, getInfo(3, 0)), expect: refused },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: 'as listed' } },
    ],
  },
  {
    id: 'core/deregistration/structure-given-back-with-a-stale-handle',
    title: 'A deregistered client cannot give back structures of others',
    area: 'deregistration',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-002'],
    profile: 'notes',
    steps: [
      ...someHeld,
      ...twoStructures,
      ...twoGone,
      { do: heldBy(0, releaseInfo(2)), expect: refused },
      { do: heldBy(0, releaseInfo(3)), expect: refused },
    ],
  },
];

export const foreignCallerScenarios: readonly Scenario[] = [
  ...neverRegistered,
  ...noLongerRegistered,
];
