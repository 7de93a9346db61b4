import { expect, test } from 'vitest';
import { invoke } from '../programs/table-actions.ts';
import type { Action, RtmProgram } from '../programs/rtm-program.ts';
import { claimedPart } from './claimed.ts';

test('what an implementation does not claim is left out, in scripts and between fetches too', () => {
  const list = invoke('RtmCreateRouteList', 0, {});
  const find = invoke('RtmIsBestRoute', 0, { RouteHandle: 'null' });
  const register: Action = {
    call: 'register',
    slot: 0,
    identity: 0,
    script: [list, find],
    methods: [{ id: 1, script: [list] }],
  };
  const drain: Action = {
    call: 'drain',
    by: 0,
    fetch: 'RtmGetEnumRoutes',
    source: 'null',
    each: [find, list],
  };
  const program: RtmProgram = { setup: [register, list], threads: [[find, drain], [list]] };
  expect(claimedPart(program, ['core', 'routes', 'enumeration', 'lists'])).toEqual(program);
  expect(claimedPart(program, ['core', 'routes'])).toEqual({
    setup: [{ ...register, script: [find], methods: [{ id: 1, script: [] }] }],
    threads: [[find], []],
  });
  expect(claimedPart(program, ['core', 'enumeration']).threads).toEqual([
    [{ ...drain, each: [] }],
    [],
  ]);
});
