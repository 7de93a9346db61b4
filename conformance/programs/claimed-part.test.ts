import { expect, test } from 'vitest';
import { claimedPart } from './claimed-part.ts';
import type { Action, RtmProgram } from './rtm-program.ts';
import { invoke } from './table-actions.ts';

const methods = invoke('RtmGetEntityMethods', 0, { EntityHandle: 'made-up', NumMethods: 1 });
const release = invoke('RtmReleaseRoutes', 0, { NumRoutes: 1, RouteHandles: ['made-up'] });
const register = (script: readonly Action[]): Action => ({
  call: 'register',
  slot: 0,
  identity: 0,
  script,
  onChange: script,
});

const program: RtmProgram = {
  setup: [register([release, methods]), methods],
  threads: [[methods], [release, { call: 'quiesce' }]],
};

test('functions of levels that are not claimed are left out, in callbacks too', () => {
  expect(claimedPart(program, ['routes'])).toEqual({
    setup: [register([release])],
    threads: [[], [release, { call: 'quiesce' }]],
  });
});

test('whoever claims all levels gets the whole program', () => {
  expect(claimedPart(program, ['routes', 'methods'])).toEqual(program);
});

test('and in methods, and between fetches', () => {
  const fetch: Action = {
    call: 'drain',
    by: 0,
    fetch: 'RtmGetEnumRoutes',
    source: 'made-up',
    each: [release, methods],
  };
  const exporting: Action = {
    call: 'register',
    slot: 0,
    identity: 0,
    methods: [{ id: 1, script: [release, methods] }, { id: 2 }],
  };
  expect(claimedPart({ setup: [exporting, fetch], threads: [] }, ['routes']).setup).toEqual([
    { ...exporting, methods: [{ id: 1, script: [release] }, { id: 2 }] },
  ]);
  expect(claimedPart({ setup: [fetch], threads: [] }, ['routes', 'enumeration']).setup).toEqual([
    { ...fetch, each: [release] },
  ]);
});
