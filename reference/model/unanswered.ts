/**
 * Calls that never returned. A checker may leave such a call out; when it does not, the call has had
 * an effect that nobody was told of: handles stay unknown, and references are perhaps taken or given
 * back.
 */
import type { Call } from './calls.ts';
import { checkCaller } from './caller.ts';
import { isMisfit } from './clause.ts';
import type { Context } from './context.ts';
import { beginDeregistration, refuse, unlist } from './deregistration.ts';
import { keepStructure } from './information.ts';
import { matches } from './judge.ts';
import { abandonList, snapshot } from './listing.ts';
import { reference, release } from './references.ts';
import { beginRegistration, listRegistration } from './registration.ts';
import type { Entity, State } from './state.ts';
import { bindingOf, entityOf, nextKey } from './state.ts';
import { stepUnansweredCall } from './table/unanswered-table.ts';

export function stepUnanswered(state: State, call: Call, context: Context): readonly State[] {
  switch (call.name) {
    case 'RtmRegisterEntity': {
      const key = nextKey(state);
      return permittedStates(
        listRegistration(beginRegistration(state, key, call), key, 'never returned'),
      );
    }
    case 'register.list':
      return permittedStates(listRegistration(state, call.op, 'never returned'));
    case 'RtmDeregisterEntity': {
      // A number no operation has: whatever names it can only be this call.
      const op = -1 - nextKey(state);
      return permittedStates(beginDeregistration(state, op, { ...call, mayBeRefused: false }))
        .flatMap((begun) => permittedStates(refuse(begun, op)))
        .flatMap((refused) => permittedStates(unlist(refused, op)));
    }
    case 'RtmGetRegisteredEntities':
      return withCaller(state, call.RtmRegHandle, context, (caller) =>
        abandonList(state, snapshot(state, caller, 0)),
      );
    case 'list.close': {
      const listing = state.listings.find(({ op }) => op === call.op);
      return listing === undefined ? [] : [abandonList(state, listing)];
    }
    case 'RtmReleaseEntities':
      return withCaller(state, call.RtmRegHandle, context, (caller) =>
        release(state, caller, call.EntityHandles.slice(0, call.NumEntities), 'partly'),
      );
    case 'RtmReferenceHandles':
      return withCaller(state, call.RtmRegHandle, context, (caller) =>
        reference(state, caller, call.RtmHandles.slice(0, call.NumHandles), 'partly'),
      );
    case 'RtmGetEntityInfo':
      return withCaller(state, call.RtmRegHandle, context, (caller) => {
        const binding = bindingOf(state, call.EntityHandle);
        const subject = binding === undefined ? undefined : entityOf(state, binding.entity);
        return subject === undefined ? state : keepStructure(state, caller, subject);
      });
    case 'RtmReleaseEntityInfo':
      return [state];
    case 'event':
    case 'event.start':
    case 'event.end':
    case 'quiesce':
    case 'register.begin':
    case 'register.finish':
    case 'deregister.begin':
    case 'deregister.refuse':
    case 'deregister.unlist':
    case 'deregister.finish':
    case 'list.open':
    case 'invoke.begin':
    case 'time':
    case 'write.route':
    case 'write.opaque':
    case 'read.opaque':
    case 'method':
      return matches(state, call, { status: 0 }, context);
    default:
      return stepUnansweredCall(state, call, context);
  }
}

function withCaller(
  state: State,
  handle: number,
  context: Context,
  effect: (caller: Entity) => State,
): readonly State[] {
  const caller = checkCaller(state, handle, context, {
    rule: 'staleHandle',
    documentsInvalidHandle: true,
  });
  return caller.kind === 'valid' ? [effect(caller.entity)] : [state];
}

function permittedStates(result: ReturnType<typeof refuse>): readonly State[] {
  return isMisfit(result) ? [] : result;
}
