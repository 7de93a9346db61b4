import { describe, expect, it } from 'vitest';
import { decodeTimes, SessionValues } from './values.ts';

describe('values on their way', () => {
  const values = new SessionValues<object, object>();

  it('are handles that the adapter has made up, or one that it has not', () => {
    const args = { RtmRegHandle: 'entity:1#1', NumHandles: 3, RtmHandles: ['a', {}, null] };
    expect(values.encodeArgs('RtmReferenceHandles', args)).toEqual({
      RtmRegHandle: 'entity:1#1',
      NumHandles: 3,
      RtmHandles: ['a', 'no-such-handle', null],
    });
  });

  it('are callbacks and methods by number', () => {
    const [entry, code, method] = [() => {}, { what: 'code' }, () => {}];
    values.addCallback(entry, code);
    values.addMethod(method, code);
    const args = {
      RtmEntityInfo: null,
      ExportMethods: [method],
      EventCallback: entry,
      ReserveOpaquePointer: false,
    };
    expect(values.encodeArgs('RtmRegisterEntity', args)).toEqual({
      RtmEntityInfo: null,
      ExportMethods: [{ method: 1 }],
      EventCallback: { callback: 1 },
      ReserveOpaquePointer: false,
    });
    expect(values.callback(1)).toBe(code);
    expect(values.callback(2)).toBeUndefined();
    expect(values.method(1)).toBe(code);
  });

  it('are times of 64 bits', () => {
    const time = 2n ** 63n + 1n;
    const sent = values.encodeArgs('RtmReleaseDestInfo', {
      RtmRegHandle: 'e',
      DestInfo: { LastChanged: time },
    });
    expect(sent['DestInfo']).toEqual({ LastChanged: String(time) });
    expect(decodeTimes(sent)).toMatchObject({ DestInfo: { LastChanged: time } });
    const own = { EntitySpecificInfo: { LastChanged: '7' } };
    expect(decodeTimes(own)).toEqual(own);
  });

  it('are copies of live data, known by their names', () => {
    const out = values.decodeOut({
      RoutePointer: { pointer: 'ptr:1', value: { State: 1 } },
      OpaqueInfoPointer: { pointer: 'ptr:2', value: null },
    });
    expect(out).toEqual({ RoutePointer: { State: 1 }, OpaqueInfoPointer: { value: null } });
    expect(values.nameOf(out['RoutePointer'] as object)).toBe('ptr:1');
    expect(values.nameOf(out['OpaqueInfoPointer'] as object)).toBe('ptr:2');
    expect(values.nameOf({})).toBeUndefined();
  });
});
