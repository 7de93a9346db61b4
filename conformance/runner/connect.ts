/** Connects the suite with an implementation, at whichever distance it is. */
import {
  call,
  type CallbackCall,
  callbackOf,
  createInstance,
  driveAsync,
  type Implementation,
  type ImplementationKind,
  resultOf,
  kindOf,
  methodOf,
} from '../../harness/adapters/index.ts';
import { drive, type Runs } from '../../harness/index.ts';
import type { Profile } from '../../spec/index.ts';
import type { Connector } from '../programs/harness-program.ts';
import type { Subject } from './subject.ts';

export interface SubjectOptions {
  /** As given on the command line, or `built-in:<name>`. */
  readonly adapter: string;
  /** Default: the one that the implementation declares, or `documented`. */
  readonly profile?: Profile;
  /** Real milliseconds that a promise may take when nothing else can go on. */
  readonly settleMs?: number;
}

/** Throws `AdapterError` when there is nothing to be judged. */
export async function connect(
  implementation: Implementation,
  options: SubjectOptions,
): Promise<Subject> {
  const settle = options.settleMs === undefined ? {} : { settleMs: options.settleMs };
  const kind = await kindOf(implementation, settle);
  const lateCallbacks = { count: 0 };
  return {
    implementation,
    adapter: options.adapter,
    distance: kind,
    profile: options.profile ?? implementation.profile ?? 'documented',
    connector: connectorFor(implementation, kind, lateCallbacks),
    lateCallbacks,
    drive: <T>(runs: Runs<T>): T | Promise<T> =>
      kind === 'async' ? driveAsync(runs, settle) : drive(runs),
  };
}

export function connectorFor(
  implementation: Implementation,
  kind: ImplementationKind,
  lateCallbacks: { count: number } = { count: 0 },
): Connector {
  const onCall = ({ isLate }: CallbackCall): void => {
    if (isLate) lateCallbacks.count += 1;
  };
  return {
    *create(rt, host) {
      const rtm = yield* createInstance(rt, implementation, host);
      return {
        rtm,
        connection: {
          *call(name, args, started) {
            const thread = { id: 0, name: '' };
            // Known when the call begins: before its first step a callback may run in another thread.
            const begun = (): void => {
              const current = rt.current();
              thread.id = current?.id ?? 0;
              thread.name = current?.name ?? '';
              started();
            };
            // The client builds the arguments of each function as the contract declares them.
            const reply = yield* call(rt, rtm, name, thread, args as never, begun);
            return reply as { status: number; out?: Record<string, unknown> };
          },
          *close() {
            yield* resultOf(rtm.close?.(), 'close');
            return [];
          },
          callback: (body) =>
            callbackOf(
              kind,
              ({ RtmRegHandle, EventType, Context1, Context2 }) =>
                body(RtmRegHandle, EventType, Context1, Context2),
              { onCall },
            ),
          method: (body) => methodOf(kind, body),
        },
      };
    },
  };
}
