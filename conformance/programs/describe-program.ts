/** Programs in words, for reports. */
import type { FailureProgram, ProgramThread } from '../../reports/index.ts';
import { describeCall } from './describe-call.ts';
import { isRecord } from './describe-reply.ts';
import type { Action, EntityRef, HandleRef, RtmProgram } from './rtm-program.ts';
import { isScripted, TABLES } from './rtm-program.ts';

export function threadName(index: number): string {
  return `T${index + 1}`;
}

export function describeProgram(program: RtmProgram): FailureProgram {
  const callbacks = [program.setup, ...program.threads].flatMap(callbacksOf);
  return {
    ...(program.setup.length === 0 ? {} : { setup: program.setup.map(describeAction) }),
    threads: program.threads.map((actions, index) => ({
      name: threadName(index),
      lines: actions.map(describeAction),
    })),
    ...(callbacks.length === 0 ? {} : { callbacks }),
  };
}

function callbacksOf(actions: readonly Action[]): ProgramThread[] {
  return actions.filter(isScripted).map((action) => ({
    name: `callback of E${action.slot}`,
    lines: action.script.length === 0 ? ['returns NO_ERROR'] : action.script.map(describeAction),
  }));
}

export function describeAction(action: Action): string {
  switch (action.call) {
    case 'register':
      return describeRegister(action);
    case 'deregister':
      return action.tidy === true
        ? `give back all that ${entity(action.by)} holds, then RtmDeregisterEntity(${entity(action.by)})`
        : `RtmDeregisterEntity(${entity(action.by)})`;
    case 'list':
      return `RtmGetRegisteredEntities(${entity(action.by)}${describeRoom(action)})`;
    case 'release':
      return `RtmReleaseEntities(${entity(action.by)}, [${action.handles.map(handle).join(', ')}])`;
    case 'reference':
      return `RtmReferenceHandles(${entity(action.by)}, [${action.handles.map(handle).join(', ')}])`;
    case 'info':
      return `RtmGetEntityInfo(${entity(action.by)}, ${handle(action.of)})`;
    case 'releaseInfo':
      return `RtmReleaseEntityInfo(${entity(action.by)}, info ${action.info})`;
    case 'quiesce':
      return 'wait until all is quiet';
    case 'sleep':
      return `let ${action.ms} ms pass`;
    case 'writeRoute':
      return `write ${Object.keys(action.fields).join(', ')} through pointer ${action.pointer}`;
    case 'opaque':
      return action.value === undefined
        ? `read through opaque pointer ${action.pointer}`
        : `write ${action.value} through opaque pointer ${action.pointer}`;
    case 'referenceObjects': {
      const list = action.objects.map(describeRef).join(', ');
      return `RtmReferenceHandles(${entity(action.by)}, [${list}])`;
    }
    case 'drain': {
      const as = action.as === undefined ? '' : `${action.as} = `;
      return `${as}${action.fetch}(${entity(action.by)}, ${describeRef(action.source)}) until nothing is left`;
    }
    case 'invoke':
      return describeInvoke(action);
  }
}

function describeInvoke({ name, by, args, as }: Extract<Action, { call: 'invoke' }>): string {
  const text = describeCall(name, { ...args, RtmRegHandle: by }, (ref) => describeRef(ref));
  return as === undefined ? text : `${as} = ${text}`;
}

/** What stands where a handle or a structure is meant. */
function describeRef(ref: unknown): string {
  if (typeof ref === 'number') return `E${ref}`;
  if (!isRecord(ref)) return ref === 'null' ? 'NULL' : String(ref);
  if ('allOf' in ref) return `all of ${String(ref['allOf'])}`;
  if ('released' in ref) return `released ${String(ref['released'])} ${String(ref['place'])}`;
  if ('slot' in ref) return `E${String(ref['slot'])}`;
  if ('named' in ref) {
    const path = ref['path'];
    return typeof path === 'string' ? `${String(ref['named'])}.${path}` : String(ref['named']);
  }
  return `${String(ref['held'] ?? ref['received'])} ${String(ref['place'])}`;
}

function describeRegister(action: Extract<Action, { call: 'register' }>): string {
  if (action.noInfo === true) return `E${action.slot} = RtmRegisterEntity(NULL)`;
  const table = TABLES[action.table ?? 0];
  const place =
    (action.table ?? 0) === 0 || table === undefined
      ? ''
      : `, instance ${table.RtmInstanceId}, family ${table.AddressFamily}`;
  const callback = action.script === undefined ? '' : ', with callback';
  const instance = action.instance === undefined ? '' : `.${action.instance}`;
  return `E${action.slot} = RtmRegisterEntity(identity ${action.identity}${instance}${place}${callback})`;
}

function describeRoom(action: Extract<Action, { call: 'list' }>): string {
  const room = action.capacity === undefined ? '' : `, room for ${action.capacity}`;
  const handles = action.handles === false ? ', no handles' : '';
  const infos = action.infos === false ? ', no infos' : '';
  return room + handles + infos;
}

function entity(ref: EntityRef): string {
  return typeof ref === 'number' ? `E${ref}` : ref === 'null' ? 'NULL' : ref;
}

function handle(ref: HandleRef): string {
  return typeof ref === 'number' ? `held handle ${ref}` : ref === 'null' ? 'NULL' : ref;
}
