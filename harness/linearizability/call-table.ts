/** Pairs the events of a history into calls, and refuses a history that is not one. */

import { LinearizabilityError } from './errors.ts';
import type { LinearizabilityErrorCode } from './errors.ts';
import type { HistoryEvent } from './types.ts';

export interface Call<C, R> {
  readonly id: number;
  readonly process: number;
  readonly call: C;
  readonly reply: R | undefined;
  /** Position of the invocation in the history: real time. */
  readonly invoked: number;
  /** Position of the return; infinity when the call never returned. */
  readonly returned: number;
}

/** The calls of a history, by invocation. Throws `LinearizabilityError` on a history that cannot be. */
export function readCalls<C, R>(history: readonly HistoryEvent<C, R>[]): Call<C, R>[] {
  if (!Array.isArray(history)) {
    throw new LinearizabilityError('history-not-a-list', {
      problem: `A history is an array of events, but this is ${describe(history)}.`,
      remedy: 'Pass the events in the order in which they happened.',
    });
  }
  const calls = new Map<number, Call<C, R>>();
  const open = new Map<number, Call<C, R>>();
  for (const [position, event] of history.entries()) {
    refuseMalformed(event, position);
    switch (event.kind) {
      case 'invoke': {
        refuseInvocation(event, position, calls.get(event.id), open.get(event.process));
        const { id, process, call } = event;
        const made = { id, process, call, reply: undefined, invoked: position, returned: Infinity };
        calls.set(id, made);
        open.set(process, made);
        break;
      }
      case 'return': {
        const made = calls.get(event.id);
        refuseReturn(event, position, made);
        if (made === undefined) break;
        calls.set(event.id, { ...made, reply: event.reply, returned: position });
        open.delete(event.process);
        break;
      }
    }
  }
  return [...calls.values()];
}

function refuseMalformed(event: unknown, position: number): void {
  const remedy =
    "Every event is { kind: 'invoke', id, process, call } or { kind: 'return', id, process, reply }.";
  if (typeof event !== 'object' || event === null) {
    const problem = `Event ${position} of the history is ${describe(event)}.`;
    throw new LinearizabilityError('unknown-event-kind', { problem, remedy });
  }
  const { kind, id, process } = event as { kind?: unknown; id?: unknown; process?: unknown };
  if (kind !== 'invoke' && kind !== 'return') {
    const problem = `Event ${position} of the history has the kind ${describe(kind)}.`;
    throw new LinearizabilityError('unknown-event-kind', { problem, remedy });
  }
  if (!Number.isFinite(id)) {
    const problem = `Event ${position} of the history has the id ${describe(id)}.`;
    throw new LinearizabilityError('bad-id', {
      problem,
      remedy: 'Give each call a number of its own.',
    });
  }
  if (!Number.isFinite(process)) {
    const problem = `Event ${position} of the history has the process ${describe(process)}.`;
    throw new LinearizabilityError('bad-process', { problem, remedy: 'Number the processes.' });
  }
}

type Invoke<C, R> = Extract<HistoryEvent<C, R>, { kind: 'invoke' }>;
type Return<C, R> = Extract<HistoryEvent<C, R>, { kind: 'return' }>;

function refuseInvocation<C, R>(
  event: Invoke<C, R>,
  position: number,
  namesake: Call<C, R> | undefined,
  running: Call<C, R> | undefined,
): void {
  if (namesake !== undefined) {
    throw new LinearizabilityError('id-invoked-twice', {
      problem: `Event ${position} invokes call ${event.id}, which event ${namesake.invoked} invoked already.`,
      remedy: 'Give each call an id of its own.',
    });
  }
  if (running !== undefined) {
    throw new LinearizabilityError('process-busy', {
      problem: `Event ${position} lets process ${event.process} invoke call ${event.id} while its call ${running.id} is still open.`,
      remedy:
        'A process makes one call at a time; after a call that never returns, go on under a new process number.',
    });
  }
}

function refuseReturn<C, R>(
  event: Return<C, R>,
  position: number,
  made: Call<C, R> | undefined,
): void {
  const refuse = (code: LinearizabilityErrorCode, problem: string, remedy: string): never => {
    throw new LinearizabilityError(code, { problem: `Event ${position} ${problem}`, remedy });
  };
  if (made === undefined) {
    refuse(
      'return-without-call',
      `returns from call ${event.id}, which was not invoked before.`,
      'Record the invocation before the call starts, and the return after it has ended.',
    );
  } else if (made.returned !== Infinity) {
    refuse(
      'returned-twice',
      `returns from call ${event.id}, which event ${made.returned} returned from already.`,
      'A call returns once; give each call an id of its own.',
    );
  } else if (made.process !== event.process) {
    refuse(
      'return-by-other-process',
      `returns from call ${event.id} in process ${event.process}, but process ${made.process} invoked it.`,
      'A call returns in the process that made it.',
    );
  }
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'symbol':
    case 'function':
      return `a ${typeof value}`;
  }
}
