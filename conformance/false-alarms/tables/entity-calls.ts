/** Registering, listing and describing clients. */
import type { CoreRtm } from '../../../harness/adapters/index.ts';
import { statuses } from '../../../spec/index.ts';
import type { Handle, Reply } from '../kit.ts';
import { dropSubscription } from './notify-calls.ts';
import { deleteRoute } from './changes.ts';
import { dropHop } from './hop-calls.ts';
import { dropList } from './list-calls.ts';
import type { Delivery, Entity } from './things.ts';
import { VIEWS_SUPPORTED, type World } from './world.ts';

type Arguments<Name extends keyof CoreRtm> = Parameters<CoreRtm[Name]>[1];

const { NO_ERROR, ERROR_INVALID_HANDLE } = statuses;
const REGISTERED = 0;
const DEREGISTERED = 1;

export function register(world: World, args: Arguments<'RtmRegisterEntity'>): Reply {
  const { RtmEntityInfo: info, EventCallback, ExportMethods, ReserveOpaquePointer } = args;
  if (info === null) return { status: statuses.ERROR_INVALID_PARAMETER };
  const table = world.tableOf(info);
  for (const other of world.entities) {
    if (other.stage !== 'left' && other.table === table && isSame(other.info, info))
      return { status: statuses.ERROR_ALREADY_EXISTS };
  }
  const entity: Entity = {
    kind: 'entity',
    held: 0,
    alive: true,
    info: structuredClone(info),
    table,
    callback: EventCallback,
    methods: ExportMethods ?? [],
    hasSlots: ReserveOpaquePointer,
    stage: 'registered',
    holds: [],
    hops: [],
    blocks: 0,
    busy: 0,
  };
  const RtmRegHandle = world.enlist(entity);
  tell(world, REGISTERED, entity);
  const RtmRegProfile = {
    MaxNextHopsInRoute: world.choices.hopsInRoute,
    MaxHandlesInEnum: world.choices.handlesInEnum,
    ViewsSupported: VIEWS_SUPPORTED,
    NumberOfViews: 2,
  };
  return { status: NO_ERROR, out: { RtmRegHandle, RtmRegProfile } };
}

/** The first half of a deregistration: nobody may call with the handle any more. */
export function beginLeaving(world: World, entity: Entity): number {
  if (world.choices.refusesHolders === true && entity.holds.length > 0)
    return statuses.ERROR_ACCESS_DENIED;
  entity.stage = 'leaving';
  return NO_ERROR;
}

/** The second half, when nothing of it runs any more. */
export function finishLeaving(world: World, entity: Entity): void {
  tell(world, DEREGISTERED, entity);
  entity.stage = 'left';
  if (world.choices.cleansUp === true) cleanUpAfter(world, entity);
  if (world.choices.givesBack === true)
    for (const thing of [...entity.holds]) world.take(thing, entity);
  world.strike(entity);
}

function cleanUpAfter(world: World, entity: Entity): void {
  const { table } = entity;
  for (const subscription of [...table.subscriptions])
    if (subscription.owner === entity) dropSubscription(world, subscription);
  for (const dest of [...table.dests])
    for (const route of [...dest.routes])
      if (route.owner === entity) deleteRoute(world, route, entity);
  for (const hop of [...entity.hops]) dropHop(world, hop);
  for (const thing of new Set(entity.holds))
    if (thing.kind === 'route-list') {
      const list = world.find('route-list', world.valueOf(thing));
      if (list !== undefined) dropList(world, list);
    }
}

function tell(world: World, type: number, subject: Entity): void {
  for (const receiver of world.entities) {
    if (receiver === subject || receiver.table !== subject.table) continue;
    if (receiver.callback === null || receiver.stage !== 'registered') continue;
    subject.held += 1;
    const delivery: Delivery = {
      receiver,
      type,
      context1: world.valueOf(subject),
      context2: structuredClone(subject.info),
      isDue: () => receiver.stage === 'registered',
      done: () => {
        subject.held -= 1;
        world.settle(subject);
      },
    };
    world.events.push(delivery);
  }
}

export function list(
  world: World,
  caller: Entity,
  args: Arguments<'RtmGetRegisteredEntities'>,
): Reply {
  const found = [...world.entities].filter(
    (entity) =>
      entity.stage === 'registered' &&
      entity.table === caller.table &&
      (world.choices.listsCaller === true || entity !== caller),
  );
  if (found.length > args.NumEntities) {
    const NumEntities = world.choices.strict === true ? 0 : found.length;
    return { status: statuses.ERROR_INSUFFICIENT_BUFFER, out: { NumEntities } };
  }
  const handles = (): Handle[] => found.map((entity) => world.give(entity, caller));
  return {
    status: NO_ERROR,
    out: {
      NumEntities: found.length,
      ...(args.EntityHandles === null ? {} : { EntityHandles: handles() }),
      ...(args.EntityInfos === null ? {} : { EntityInfos: found.map(({ info }) => info) }),
    },
  };
}

export function describe(
  world: World,
  caller: Entity,
  { EntityHandle }: Arguments<'RtmGetEntityInfo'>,
): Reply {
  const entity = world.find('entity', EntityHandle);
  if (entity === undefined || entity.table !== caller.table)
    return { status: ERROR_INVALID_HANDLE };
  if (world.choices.deletedRefused === true && entity.stage === 'left')
    return { status: ERROR_INVALID_HANDLE };
  return { status: NO_ERROR, out: { EntityInfo: structuredClone(entity.info) } };
}

export function reference(
  world: World,
  caller: Entity,
  { RtmHandles }: Arguments<'RtmReferenceHandles'>,
): Reply {
  const found = RtmHandles.map((handle) => world.findAny(handle));
  if (found.includes(undefined)) return { status: ERROR_INVALID_HANDLE };
  for (const thing of found) if (thing !== undefined) world.give(thing, caller);
  return { status: NO_ERROR };
}

function isSame(a: Entity['info'], b: Entity['info']): boolean {
  return (
    a.EntityId.EntityProtocolId === b.EntityId.EntityProtocolId &&
    a.EntityId.EntityInstanceId === b.EntityId.EntityInstanceId
  );
}
