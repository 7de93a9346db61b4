/**
 * Programs one part smaller: without a thread, a call or a script, or with a smaller number. Fast-check
 * shrinks by halves and by its own idea of an array's size; what it leaves is made minimal by these.
 */
import type { Action, RtmProgram } from '../programs/rtm-program.ts';
import { isScripted } from '../programs/rtm-program.ts';

export function* reductions(program: RtmProgram): Generator<RtmProgram> {
  const { setup, threads } = program;
  for (let i = 0; i < threads.length; i += 1) yield { setup, threads: threads.toSpliced(i, 1) };
  for (let i = 0; i < threads.length; i += 1) {
    for (let j = i + 1; j < threads.length; j += 1) {
      const merged = [...(threads[i] ?? []), ...(threads[j] ?? [])];
      yield { setup, threads: threads.with(i, merged).toSpliced(j, 1) };
    }
  }
  for (const smaller of withoutOne(setup)) yield { setup: smaller, threads };
  for (const [i, actions] of threads.entries()) {
    for (const smaller of withoutOne(actions)) yield { setup, threads: threads.with(i, smaller) };
  }
  for (const smaller of simplified(setup)) yield { setup: smaller, threads };
  for (const [i, actions] of threads.entries()) {
    for (const smaller of simplified(actions)) yield { setup, threads: threads.with(i, smaller) };
  }
}

function* withoutOne(actions: readonly Action[]): Generator<readonly Action[]> {
  for (let i = actions.length - 1; i >= 0; i -= 1) yield actions.toSpliced(i, 1);
}

function* simplified(actions: readonly Action[]): Generator<readonly Action[]> {
  for (const [i, action] of actions.entries()) {
    for (const simpler of simplerThan(action)) yield actions.with(i, simpler);
  }
}

function* simplerThan(action: Action): Generator<Action> {
  if (isScripted(action)) {
    const { script, ...plain } = action;
    yield plain;
    for (const smaller of withoutOne(script)) yield { ...action, script: smaller };
  }
  switch (action.call) {
    case 'register': {
      const { table, ...plain } = action;
      if (table !== undefined) yield plain;
      return;
    }
    case 'deregister': {
      const { tidy, ...plain } = action;
      if (tidy === true) yield plain;
      return;
    }
    case 'release':
    case 'reference':
      if (action.handles.length > 1) {
        for (let i = 0; i < action.handles.length; i += 1) {
          yield { ...action, handles: action.handles.toSpliced(i, 1) };
        }
      }
      if (action.handles.length === 1 && action.handles[0] !== 0) yield { ...action, handles: [0] };
      return;
    case 'info':
      if (typeof action.of === 'number' && action.of > 0) yield { ...action, of: 0 };
      return;
    case 'list':
      if (action.capacity !== undefined && action.handles === false)
        yield { call: 'list', by: action.by };
      return;
    case 'releaseInfo':
      if (action.info > 0) yield { ...action, info: 0 };
      return;
    case 'invoke':
    case 'drain':
    case 'writeRoute':
    case 'opaque':
    case 'referenceObjects':
    case 'sleep':
    case 'quiesce':
      return;
  }
}
