/** What is a handle, and what only looks like one. */
import { expect, test } from 'vitest';
import { type Handled, handleOf, hasTableHandles, ObjectHandle } from './handles.ts';

const object: Handled = { kind: 'route', handle: undefined };
const handle = handleOf(object);

test('a handle stands for its object, and there is one only', () => {
  expect(ObjectHandle.objectOf(handle)).toBe(object);
  expect(ObjectHandle.objectOf(handle, 'route')).toBe(object);
  expect(handleOf(object)).toBe(handle);
  expect(handle).toMatchObject({ kind: 'route', signature: 'ROUT' });
  expect(Object.isFrozen(handle)).toBe(true);
});

test.each([
  ['of another kind', handle, 'destination'],
  ['a copy', { ...handle }, 'route'],
  ['its like', Object.create(handle), 'route'],
  ['NULL', null, 'route'],
  ['a number', 65536, 'route'],
  ['text', 'ROUT', 'route'],
] as const)('%s is no handle of a route', (_, value, kind) => {
  expect(ObjectHandle.objectOf(value, kind)).toBeUndefined();
});

test('one handle of a table is enough', () => {
  expect(hasTableHandles({ RtmHandles: [1, null, {}] })).toBe(false);
  expect(hasTableHandles({ RtmHandles: [1, handle] })).toBe(true);
});
