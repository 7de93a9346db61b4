/**
 * What every adapter has to show at its start, before any of its answers counts: that it tells right from
 * wrong. An adapter that says yes to everything, or that serves one lane after the other where it claims
 * threads, would make the suite pass for the wrong reason.
 */
import { constants, statuses } from '../../../spec/index.ts';
import { show } from '../../exploration/show.ts';
import { AdapterFault, AdapterRefusal } from './fault.ts';
import type { Link } from './link.ts';
import type { CallbackParams, JsonObject, OpResult } from './messages.ts';
import { INVALID_PARAMS, METHOD_NOT_FOUND } from './protocol.ts';
import type { SessionListener } from './types.ts';

const SESSION = 'canary';
/** A function of no version of rtmv2.h. */
const NO_FUNCTION = 'RtmSingLikeACanary';
const INFO_AT_FIRST = {
  RtmInstanceId: 0,
  AddressFamily: constants.AF_INET,
  EntityId: { EntityProtocolId: 10_000, EntityInstanceId: 0 },
};

interface Canary {
  /** What is shown, as the end of "it has not shown that ...". */
  readonly shows: string;
  prove(cage: Cage): Promise<string | undefined>;
}

const CANARIES: readonly Canary[] = [
  {
    shows: 'it refuses methods that do not exist',
    prove: ({ link, ms }) => refused(link.ask('rtm.sing', {}, { ms }), METHOD_NOT_FOUND),
  },
  {
    shows: 'it hears what is said to it',
    prove: async ({ link, ms }) => {
      const { nonce } = await link.request('ping', { nonce: SESSION }, { ms });
      return nonce === SESSION ? undefined : `'ping' has answered with the nonce ${show(nonce)}`;
    },
  },
  {
    shows: 'it knows its sessions',
    prove: ({ link, ms }) =>
      refused(link.request('session.close', { session: 'never-opened' }, { ms }), INVALID_PARAMS),
  },
  {
    shows: 'it tells which functions it does not have',
    prove: async (cage) => {
      const result = await cage.call(0, NO_FUNCTION, {});
      return result.unsupported === undefined ? `${NO_FUNCTION} ${outcome(result)}` : undefined;
    },
  },
  {
    shows: 'it survives a handle that it has not given out',
    prove: async (cage) => {
      const result = await cage.call(0, 'RtmDeregisterEntity', { RtmRegHandle: 'entity:4711#99' });
      const isRefused = result.errored !== undefined || (result.status ?? 0) !== statuses.NO_ERROR;
      return isRefused ? undefined : `RtmDeregisterEntity of it ${outcome(result)}`;
    },
  },
  {
    shows: 'it looks at the types of arguments',
    prove: async (cage) => {
      const args = { ...registration(0), RtmEntityInfo: 'nobody' };
      const result = await cage.call(0, 'RtmRegisterEntity', args).catch((error: unknown) => error);
      if (result instanceof AdapterRefusal) {
        return result.code === INVALID_PARAMS ? undefined : `it has refused with ${result.code}`;
      }
      if (result instanceof Error) throw result;
      const { errored, status } = result as OpResult;
      // A caller in C could not even ask. If it was asked, a status that tells of it will do.
      const isRefused =
        errored !== undefined || (status ?? statuses.NO_ERROR) !== statuses.NO_ERROR;
      return isRefused ? undefined : `RtmRegisterEntity ${outcome(result as OpResult)}`;
    },
  },
  { shows: 'its lanes overlap, and its callbacks nest', prove: proveOverlap },
];

/** What the canaries show, in their order, as the end of "it has not shown that ...". */
export const canaryTexts: readonly string[] = CANARIES.map(({ shows }) => shows);

/** Rejects with an `AdapterFault` of the kind `canary`. */
export async function proveCanaries(link: Link, ms: number): Promise<void> {
  const cage = new Cage(link, ms);
  try {
    await link.request('session.open', { session: SESSION, mode: cage.mode }, { ms });
    for (const canary of CANARIES) {
      const problem = await canary.prove(cage).catch((error: unknown) => complaint(canary, error));
      if (problem !== undefined) throw complaint(canary, problem);
    }
    await link.request('session.close', { session: SESSION }, { ms });
  } catch (error) {
    throw error instanceof AdapterFault && error.kind === 'canary'
      ? error
      : complaint({ shows: 'it opens and closes a session' }, error);
  }
}

function complaint({ shows }: Pick<Canary, 'shows'>, problem: unknown): AdapterFault {
  if (problem instanceof AdapterFault && problem.kind === 'canary') return problem;
  const why = problem instanceof Error ? problem.message : String(problem);
  const details = problem instanceof AdapterFault ? problem.details : {};
  return new AdapterFault('canary', `it has not shown that ${shows}: ${why}`, details);
}

/** A session of our own. */
class Cage {
  readonly link: Link;
  readonly ms: number;
  #lastId = 0;

  constructor(link: Link, ms: number) {
    this.link = link;
    this.ms = ms;
  }

  get mode(): 'free' | 'sequential' {
    return this.link.description.capabilities.lanes ? 'free' : 'sequential';
  }

  call(lane: number, name: string, args: JsonObject): Promise<OpResult> {
    this.#lastId += 1;
    const params = { session: SESSION, lane, id: this.#lastId, name, args };
    return this.link.request('op', params, { ms: this.ms });
  }
}

/**
 * Registers an entity with a callback and then another one, upon which the first is called back in the middle
 * of a call on lane 1. While lane 1 is held there, it has to serve a call inside the callback, and lane 0, if
 * there is more than one thread, a call of its own. An implementation that does not call back at all fails
 * elsewhere.
 */
async function proveOverlap(cage: Cage): Promise<string | undefined> {
  const listener = new HeldCallback(async ({ lane }) => {
    if (cage.mode === 'free') await cage.call(0, NO_FUNCTION, {});
    await cage.call(lane, NO_FUNCTION, {});
  });
  const unlisten = cage.link.listen(SESSION, listener);
  const first = await cage.call(0, 'RtmRegisterEntity', registration(1, { callback: 1 }));
  const second = await cage.call(1, 'RtmRegisterEntity', registration(2));
  for (const { out } of [second, first]) {
    const handle = out?.['RtmRegHandle'];
    if (typeof handle === 'string') {
      await cage.call(0, 'RtmDeregisterEntity', { RtmRegHandle: handle });
    }
  }
  unlisten();
  return undefined;
}

/** Answers callbacks when what it is to do meanwhile is done. If that is refused, they are not answered. */
class HeldCallback implements SessionListener {
  readonly #meanwhile: (params: CallbackParams) => Promise<void>;

  constructor(meanwhile: (params: CallbackParams) => Promise<void>) {
    this.#meanwhile = meanwhile;
  }

  async request(_method: string, params: unknown): Promise<never> {
    await this.#meanwhile(params as CallbackParams);
    return { status: statuses.NO_ERROR } as never;
  }

  notification(): void {
    // There are no points in this session.
  }
}

function registration(instance: number, EventCallback: JsonObject | null = null): JsonObject {
  const EntityId = { ...INFO_AT_FIRST.EntityId, EntityInstanceId: instance };
  return {
    RtmEntityInfo: { ...INFO_AT_FIRST, EntityId },
    ExportMethods: null,
    EventCallback,
    ReserveOpaquePointer: false,
  };
}

/** Why a request was not refused as it should be; undefined if it was. */
async function refused(request: Promise<unknown>, code: number): Promise<string | undefined> {
  try {
    return `it has answered ${show(await request)}`;
  } catch (error) {
    if (!(error instanceof AdapterRefusal)) throw error;
    return error.code === code ? undefined : `it has refused with ${error.code}, not ${code}`;
  }
}

function outcome({ status, unsupported, errored }: OpResult): string {
  if (status !== undefined) return `has returned the status ${status}`;
  return unsupported === undefined
    ? `was not made: ${errored}`
    : `is not supported: ${unsupported}`;
}
