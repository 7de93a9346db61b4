import { describe, expect, it } from 'vitest';
import { functionNames, functions } from './functions.ts';
import { mapHandles } from './handle-walk.ts';

const destInfo = {
  DestHandle: 'd',
  DestAddress: { AddressFamily: 2, NumBits: 8, AddrBits: [10] },
  ViewInfo: [
    { ViewId: 0, Route: 'r', Owner: 'e', HoldRoute: null },
    { ViewId: 1, Route: null, Owner: null, HoldRoute: 'h' },
  ],
};

function seen(
  ...call: Parameters<typeof mapHandles> extends [...infer Head, unknown] ? Head : never
) {
  const found: string[] = [];
  const mapped = mapHandles(...call, (handle, kind, at) => {
    found.push(`${kind} ${String(handle)} ${at}`);
    return `${String(handle)}'`;
  });
  return { found, mapped };
}

describe('mapHandles', () => {
  it('finds handles in structures and arrays, and leaves NULL alone', () => {
    const { found, mapped } = seen('RtmGetEnumDests', { NumDests: 1, DestInfos: [destInfo] });
    expect(found).toEqual([
      'destination d DestInfos[].DestHandle',
      'route r DestInfos[].ViewInfo[].Route',
      'entity e DestInfos[].ViewInfo[].Owner',
      'route h DestInfos[].ViewInfo[].HoldRoute',
    ]);
    expect(mapped).toMatchObject({
      NumDests: 1,
      DestInfos: [{ DestHandle: "d'", ViewInfo: [{ Route: "r'", HoldRoute: null }, {}] }],
    });
  });

  it('finds the next hops of a route, and leaves the pointer that is the client’s own', () => {
    const RouteInfo = {
      Neighbour: 'n',
      EntitySpecificInfo: 'mine',
      NextHopsList: { NumNextHops: 2, NextHops: ['n', 'm'] },
    };
    const { mapped } = seen('RtmAddRouteToDest', { RtmRegHandle: 'e', RouteInfo });
    expect(mapped).toEqual({
      RtmRegHandle: "e'",
      RouteInfo: {
        Neighbour: "n'",
        EntitySpecificInfo: 'mine',
        NextHopsList: { NumNextHops: 2, NextHops: ["n'", "m'"] },
      },
    });
  });

  it('visits every place that the tables say handles are returned at', () => {
    for (const name of functionNames) {
      for (const { at, kind } of functions[name].handlesReturned) {
        const [parameter = '', ...path] = at.split('.');
        const value = path.reduceRight<unknown>(
          (inner, step) => ({ [step.replace('[]', '')]: step.endsWith('[]') ? [inner] : inner }),
          'x',
        );
        const whole = parameter.endsWith('[]') ? [value] : value;
        const { found } = seen(name, { [parameter.replace('[]', '')]: whole });
        expect(found).toEqual([`${kind} x ${at}`]);
      }
    }
  });
});
