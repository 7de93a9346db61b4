/** What is published about the protocol is made from its table, and true. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { generatedProtocolFiles } from './generate-protocol.ts';
import { type MethodName, protocol } from './protocol.ts';
import { protocolExamples } from './protocol-examples.ts';
import { protocolSchema } from './protocol-schema.ts';
import { problemOfParams, problemOfResult } from './validate.ts';

const names = Object.keys(protocol) as readonly MethodName[];

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
ajv.addSchema(protocolSchema, 'protocol');
const isLine = ajv.getSchema('protocol')!;
const is = (definition: string, value: unknown) =>
  ajv.validate(`protocol#/$defs/${definition.replaceAll('/', '~1')}`, value);

test.each([...generatedProtocolFiles()])(
  '%s is current: or else run `npm run protocol`',
  (name, text) => {
    expect(readFileSync(new URL(name, import.meta.url), 'utf8')).toBe(text);
  },
);

describe.each(names)('the example of %s', (name) => {
  const { params, result } = protocolExamples[name] as { params: unknown; result?: unknown };

  test('keeps to the protocol', () => {
    expect(problemOfParams(name, params)).toBeUndefined();
    if (result !== undefined) expect(problemOfResult(name, result)).toBeUndefined();
    expect(result === undefined).toBe(protocol[name].result === undefined);
  });

  test('is a line by the published schema', () => {
    const id = result === undefined ? {} : { id: 1 };
    const call = { jsonrpc: '2.0', ...id, method: name, params };
    expect(isLine(call)).toBe(true);
    expect(is(name, call)).toBe(true);
    expect(is(name, { ...call, method: 'op2' })).toBe(false);
    // What is a request is no notification, and the other way round.
    expect(
      isLine({ jsonrpc: '2.0', method: name, params, ...(result === undefined && { id: 1 }) }),
    ).toBe(false);
    if (result === undefined) return;
    expect(isLine({ jsonrpc: '2.0', id: 1, result })).toBe(true);
    expect(is(`${name}.result`, result)).toBe(true);
  });

  test('stands in the document', () => {
    const text = generatedProtocolFiles().get('PROTOCOL.md') ?? '';
    expect(text).toContain(`### ${name}\n`);
    expect(text).toContain(`"method":"${name}","params":${JSON.stringify(params)}}\n`);
  });
});

test.each([
  [{ jsonrpc: '2.0', id: 1, method: 'no.such.method', params: {} }],
  [{ jsonrpc: '2.0', id: 1, method: 'ping' }],
  [{ jsonrpc: '2.0', id: 1, method: 'quiesce', params: { session: 's1', now: -1 } }],
  [{ jsonrpc: '1.0', id: 1, result: {} }],
  [{ jsonrpc: '2.0', id: null, result: {} }],
  [{ jsonrpc: '2.0', id: 1, error: { code: 'one' } }],
  [[]],
])('%j is no line', (line) => {
  expect(isLine(line)).toBe(false);
});

test('a refusal is a line', () => {
  expect(isLine({ jsonrpc: '2.0', id: 3, error: { code: -32601, message: 'no' } })).toBe(true);
});
