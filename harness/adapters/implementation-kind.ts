/** Finds out at which distance an implementation is to be judged, by calling it. */
import { constants, functionNames, functions } from '../../spec/index.ts';
import { show } from '../exploration/show.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import { hostOn, isPromise, isTask } from './call.ts';
import type { CoreRtm, Implementation, Rtm } from './contract.ts';
import { AdapterError, describeThrown } from './errors.ts';
import { originOf } from './module-sources.ts';
import { OutsideErrors } from './outside-errors.ts';
import { inTurn } from './take-turns.ts';
import { propertyOf } from './unknown-values.ts';
import { NEVER, withinMs } from './within.ts';

/** Its methods return tasks, promises or plain values. */
export type ImplementationKind = 'controlled' | 'async' | 'synchronous';

export interface KindOptions {
  /** Real milliseconds that `create` may take. Default 1,000. */
  readonly settleMs?: number;
}

const SETTLE_MS_DEFAULT = 1_000;

/**
 * Calls the methods of an instance that is thrown away, registration first, until one returns a task or a
 * promise. Throws `AdapterError` if there is no instance, or it lacks a method of level `core`. What the
 * methods return or throw otherwise is not looked at: judging that is what the checks are for.
 */
export async function kindOf(
  implementation: Implementation,
  options: KindOptions = {},
): Promise<ImplementationKind> {
  return inTurn(async () => {
    // What the instance leaves behind must not end the process.
    const outside = new OutsideErrors();
    try {
      const created = await create(implementation, options.settleMs ?? SETTLE_MS_DEFAULT);
      const kind = probe(created.rtm);
      if (kind === 'controlled' && created.isAsync) {
        throw new AdapterError(
          'mixed-kinds',
          `The methods of '${implementation.name}' return tasks, but its 'create' returns a promise, which a controlled implementation has nothing to wait for with. Return the instance itself from 'create'.`,
        );
      }
      return kind;
    } finally {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      outside.release();
    }
  });
}

async function create(
  implementation: Implementation,
  settleMs: number,
): Promise<{ rtm: Rtm; isAsync: boolean }> {
  const { name } = implementation;
  const engine = new Engine({ races: false, deadlock: false, leaks: false, stopAtRace: false });
  let made: unknown;
  let isAsync = false;
  try {
    const rt = createRuntime(engine);
    engine.begin(() => {}, rt);
    made = implementation.create(hostOn(rt));
    isAsync = isPromise(made);
    if (isPromise(made)) made = await withinMs(made, settleMs);
  } catch (error) {
    const place = originOf(error);
    throw new AdapterError(
      'create-failed',
      `'create' of '${name}' threw ${describeThrown(error)}${place === undefined ? '' : ` (${place})`}. It is called afresh for every execution and has to return an instance each time.`,
      { cause: error },
    );
  }
  if (made === NEVER) {
    throw new AdapterError(
      'never-settles',
      `'create' of '${name}' returned a promise that did not settle within ${settleMs} ms. It is called afresh for every execution: let it wait for nothing outside.`,
    );
  }
  const missing = missingMethods(made);
  if (missing.length > 0) {
    const what =
      typeof made === 'object' && made !== null
        ? `returned an instance without ${missing.join(', ')}`
        : `returned ${show(made)} instead of an instance`;
    throw new AdapterError(
      'lacks-method',
      `'create' of '${name}' ${what}. An instance has one method for each function of level 'core', spelt as in rtmv2.h.`,
    );
  }
  // All methods are there.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { rtm: made as Rtm, isAsync };
}

function missingMethods(instance: unknown): string[] {
  return functionNames.filter(
    (name) => functions[name].level === 'core' && typeof propertyOf(instance, name) !== 'function',
  );
}

const THREAD = { id: 0, name: 'probe' };
const ENTITY = {
  RtmInstanceId: 0,
  AddressFamily: constants.AF_INET,
  EntityId: { EntityProtocolId: 1, EntityInstanceId: 1 },
};

function probe(rtm: Rtm): ImplementationKind {
  try {
    const registered = tryCall(rtm, 'RtmRegisterEntity', {
      RtmEntityInfo: ENTITY,
      ExportMethods: null,
      EventCallback: null,
      ReserveOpaquePointer: false,
    });
    if (registered.kind !== 'synchronous') return registered.kind;
    const RtmRegHandle = outOf(registered.result, 'RtmRegHandle');
    const listed = tryCall(rtm, 'RtmGetRegisteredEntities', {
      RtmRegHandle,
      NumEntities: 1,
    });
    const handles = outOf(listed.result, 'EntityHandles');
    const EntityHandle: unknown = Array.isArray(handles) ? handles[0] : undefined;
    const calls: readonly [keyof CoreRtm, object][] = [
      ['RtmReferenceHandles', { NumHandles: 1, RtmHandles: [EntityHandle] }],
      ['RtmGetEntityInfo', { EntityHandle }],
      ['RtmReleaseEntityInfo', { EntityInfo: ENTITY }],
      ['RtmReleaseEntities', { NumEntities: 2, EntityHandles: [EntityHandle, EntityHandle] }],
      ['RtmDeregisterEntity', {}],
    ];
    const results = [
      listed,
      ...calls.map(([name, args]) => tryCall(rtm, name, { RtmRegHandle, ...args })),
    ];
    return results.find(({ kind }) => kind !== 'synchronous')?.kind ?? 'synchronous';
  } finally {
    attempt(() => rtm.close?.());
  }
}

function tryCall(
  rtm: Rtm,
  name: keyof CoreRtm,
  args: object,
): { readonly kind: ImplementationKind; readonly result: unknown } {
  const result = attempt(() => Reflect.apply(rtm[name], rtm, [THREAD, args]) as unknown);
  if (isTask(result)) return { kind: 'controlled', result };
  if (isPromise(result)) return { kind: 'async', result };
  return { kind: 'synchronous', result };
}

function outOf(reply: unknown, name: string): unknown {
  return propertyOf(propertyOf(reply, 'out'), name);
}

/** What a method throws is for the checks to find. */
function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch {
    return undefined;
  }
}
