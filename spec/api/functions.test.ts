import { describe, expect, it } from 'vitest';
import { callbacks, forbiddenCalls } from './callbacks.ts';
import { eventContexts, eventTypeName, events } from './events.ts';
import {
  functionNames,
  functions,
  type FunctionDescription,
  type FunctionName,
} from './functions.ts';
import { levels } from '../levels.ts';
import { namesOf } from '../names.ts';
import { scalarTypes, type Structure } from './c-types.ts';
import { statuses, statusName } from './statuses.ts';
import { structures } from './structures.ts';

const all: readonly (FunctionDescription & { readonly name: FunctionName })[] = functionNames.map(
  (name) => ({ ...functions[name], name }),
);

describe('functions', () => {
  it('are the 57 of rtmv2.h, each with a level', () => {
    expect(functionNames).toHaveLength(57);
    const byLevel = levels.map((level) => [level, all.filter((f) => f.level === level).length]);
    expect(Object.fromEntries(byLevel)).toEqual({
      core: 7,
      routes: 11,
      nexthops: 8,
      lookup: 4,
      enumeration: 8,
      notification: 8,
      lists: 5,
      methods: 3,
      opaque: 2,
      'hold-aging': 1,
      views: 0,
    });
  });

  it('have the page that their name says', () => {
    for (const { name, page } of all) expect(page).toBe(`nf-rtmv2-${name.toLowerCase()}`);
  });

  it('start with the registration handle, except the one that returns it', () => {
    for (const { name, parameters } of all) {
      const [first] = parameters;
      if (name === 'RtmRegisterEntity') {
        expect(parameters.at(-1)).toMatchObject({ name: 'RtmRegHandle', direction: 'out' });
      } else {
        expect(first, name).toEqual({
          name: 'RtmRegHandle',
          type: 'RTM_ENTITY_HANDLE',
          direction: 'in',
          optional: false,
        });
      }
    }
  });

  it('take parameters of types that exist, each under its own name', () => {
    const types = new Set<string>([...namesOf(scalarTypes), ...namesOf(structures)]);
    for (const { name, parameters } of all) {
      expect(new Set(parameters.map((p) => p.name)).size, name).toBe(parameters.length);
      for (const { type, direction } of parameters) {
        const pointee = type.replace(/ \*$/, '').replace(/^P(?!VOID)/, '');
        expect(types, `${name}: ${type}`).toContain(pointee);
        const isPointer = pointee !== type;
        if (direction !== 'in') expect(isPointer, `${name}: ${type}`).toBe(true);
      }
    }
  });

  it('list success first and each status once', () => {
    for (const { name, statuses: listed } of all) {
      expect(listed[0]?.status, name).toBe('NO_ERROR');
      expect(new Set(listed.map(({ status }) => status)).size, name).toBe(listed.length);
      for (const { status, when } of listed) {
        expect(statuses, name).toHaveProperty(status);
        expect(when).not.toBe('');
      }
    }
  });

  it('name handles by parameters that exist and go the right way', () => {
    for (const { name, parameters, ...rest } of all) {
      const directions = new Map(parameters.map((p) => [p.name, p.direction]));
      const root = (at: string) => directions.get(at.replace(/[.[].*$/, ''));
      for (const { at } of rest.handlesReturned) expect(root(at), `${name}: ${at}`).toMatch(/out/);
      for (const { at } of rest.handlesConsumed) expect(root(at), `${name}: ${at}`).toBe('in');
      for (const { at } of rest.referencesTaken) expect(root(at), `${name}: ${at}`).toBeDefined();
    }
  });

  it('count every handle they return', () => {
    for (const { name, handlesReturned, referencesTaken } of all) {
      if (name === 'RtmReferenceHandles') continue;
      expect(referencesTaken, name).toEqual(handlesReturned);
    }
  });

  it('have a partner for every kind of handle they return', () => {
    for (const { name, handlesReturned, releasedBy } of all) {
      for (const { kind } of handlesReturned) {
        const partners = releasedBy.filter((partner) =>
          functions[partner].handlesConsumed.some((consumed) => consumed.kind === kind),
        );
        expect(partners, `${name}: ${kind}`).not.toEqual([]);
      }
    }
  });

  it('consume nothing that no other function gives out', () => {
    const partners = new Set(all.flatMap(({ releasedBy }) => releasedBy));
    for (const { name, handlesConsumed } of all) {
      if (handlesConsumed.length > 0) expect(partners, name).toContain(name);
    }
  });
});

describe('statuses and events', () => {
  it('have the values of the headers', () => {
    expect(statuses).toEqual({
      NO_ERROR: 0,
      ERROR_FILE_NOT_FOUND: 2,
      ERROR_ACCESS_DENIED: 5,
      ERROR_INVALID_HANDLE: 6,
      ERROR_NOT_ENOUGH_MEMORY: 8,
      ERROR_INVALID_DATA: 13,
      ERROR_NOT_SUPPORTED: 50,
      ERROR_INVALID_PARAMETER: 87,
      ERROR_INSUFFICIENT_BUFFER: 122,
      ERROR_ALREADY_EXISTS: 183,
      ERROR_NO_MORE_ITEMS: 259,
      ERROR_NOT_FOUND: 1168,
      ERROR_NO_SYSTEM_RESOURCES: 1450,
      ERROR_BAD_CONFIGURATION: 1610,
    });
    expect(Object.values(events)).toEqual([0, 1, 2, 3]);
  });

  it('are found again by their value', () => {
    for (const name of namesOf(statuses)) expect(statusName(statuses[name])).toBe(name);
    for (const name of namesOf(events)) expect(eventTypeName(events[name])).toBe(name);
    expect(statusName(4242)).toBeUndefined();
    expect(eventTypeName(4)).toBeUndefined();
  });

  it('say what the contexts of every event are', () => {
    expect(namesOf(eventContexts)).toEqual(namesOf(events));
  });
});

describe('callbacks', () => {
  it('forbid by the notes at least what the pages forbid', () => {
    for (const { documented, notes } of Object.values(forbiddenCalls)) {
      expect(notes).toEqual(expect.arrayContaining([...documented]));
    }
    expect(forbiddenCalls.RTM_ENTITY_REGISTERED.documented).toHaveLength(3);
    expect(forbiddenCalls.RTM_CHANGE_NOTIFICATION.notes).toHaveLength(2);
  });

  it('are told which client they are called for', () => {
    expect(callbacks.RTM_EVENT_CALLBACK.parameters[0].name).toBe('RtmRegHandle');
    const types = new Set<string>([...namesOf(scalarTypes), ...namesOf(structures)]);
    for (const { parameters } of Object.values(callbacks)) {
      for (const { type } of parameters) expect(types).toContain(type.replace(/ \*$/, ''));
    }
  });
});

describe('types', () => {
  it('follow from the tables', () => {
    const info: Structure<'RTM_ENTITY_INFO'> = {
      RtmInstanceId: 0,
      AddressFamily: 2,
      EntityId: { EntityProtocolId: 8, EntityInstanceId: 1 },
    };
    // @ts-expect-error the union member that overlays the two parts is left out
    expect(info.EntityId.EntityId).toBeUndefined();
    // @ts-expect-error no such function
    const misspelt: FunctionName = 'RtmRelaseNextHopInfo';
    expect(functionNames).not.toContain(misspelt);
    // The status names of a function are known one by one, not only as "some status".
    const second: 'ERROR_ALREADY_EXISTS' = functions.RtmRegisterEntity.statuses[1].status;
    expect(second).toBe('ERROR_ALREADY_EXISTS');
  });
});
