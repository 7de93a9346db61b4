/** What every function on tables is given, and is. */
import {
  type ArgumentsOf,
  type OutOf,
  statuses,
  type TableFunctionName,
} from '../../../spec/index.ts';
import type { CoreRtm, ObjectCensus, Result, RtmThread } from '../../../harness/adapters/index.ts';
import type { Handle, Reply } from '../kit.ts';
import type { Dest, Entity, Hop, Route } from './things.ts';
import type { World } from './world.ts';

export interface Calling {
  readonly world: World;
  readonly caller: Entity;
  readonly thread: number;
}

export type Handler<Name extends TableFunctionName> = (
  calling: Calling,
  args: ArgumentsOf<Name, Handle>,
) => Reply<OutOf<Name, Handle>>;

export type Handlers<Names extends TableFunctionName> = {
  readonly [Name in Names]: Handler<Name>;
};

/** An RTM whose replies nobody has looked at yet. */
export type RawRtm = {
  readonly [Name in keyof CoreRtm]: (
    thread: RtmThread,
    args: Parameters<CoreRtm[Name]>[1],
  ) => Result<Reply>;
} & {
  readonly RtmInvokeMethod?: (
    thread: RtmThread,
    args: ArgumentsOf<'RtmInvokeMethod', Handle>,
  ) => Result<Reply>;
  census?(): ObjectCensus;
};

export function failed(status: Exclude<keyof typeof statuses, 'NO_ERROR'>): {
  readonly status: number;
} {
  return { status: statuses[status] };
}

/** Waits for others who have locked it. */
export function read(
  { world, caller, thread }: Calling,
  ...locked: readonly (Dest | Route | Hop)[]
): void {
  for (const one of locked)
    world.await(one, 'read', (lock) =>
      one.kind === 'destination' ? lock.owner !== caller : lock.thread !== thread,
    );
}

export function alter(
  { world, caller, thread }: Calling,
  ...locked: readonly (Dest | Route | Hop)[]
): void {
  for (const one of locked)
    world.await(one, 'change', (lock) =>
      one.kind === 'destination' ? lock.owner !== caller : lock.thread !== thread,
    );
}
