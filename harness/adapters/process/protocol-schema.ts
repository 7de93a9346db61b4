/** The published JSON Schema of the protocol: every line, either way, is an instance of it. */
import { type MethodName, protocol, PROTOCOL_VERSION } from './protocol.ts';
import type { Schema } from './schema-words.ts';

const names = Object.keys(protocol) as readonly MethodName[];

export const protocolSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `rtm-conformance/protocol/${PROTOCOL_VERSION}`,
  title: `A line of the adapter protocol of rtm-conformance, version ${PROTOCOL_VERSION}`,
  description:
    'JSON-RPC 2.0, one object per line. What answers a request is described by the definition that has `.result` after its method.',
  anyOf: [...names, 'answer', 'refusal'].map(reference),
  $defs: {
    ...Object.fromEntries(names.flatMap(definitionsOf)),
    answer: {
      description: 'What was asked for, under the id of the request.',
      ...envelope({ id: { $ref: '#/$defs/id' }, result: {} }),
    },
    refusal: {
      description:
        'An error instead of a result: -32601 there is no such method, -32602 the params are wrong, -32603 for all else.',
      ...envelope({
        id: { $ref: '#/$defs/id' },
        error: {
          type: 'object',
          required: ['code', 'message'],
          properties: { code: { type: 'integer' }, message: { type: 'string' } },
        },
      }),
    },
    id: { type: ['integer', 'string'] },
  },
};

function definitionsOf(name: MethodName): [string, Schema][] {
  const { meaning, from, params, result } = protocol[name];
  const id = result === undefined ? {} : { id: idOf(from) };
  const message: Schema = {
    description: meaning,
    ...envelope({ ...id, method: { const: name }, params }),
    // A notification is told by the id that it lacks.
    ...(result === undefined ? { not: { required: ['id'] } } : {}),
  };
  return result === undefined
    ? [[name, message]]
    : [
        [name, message],
        [`${name}.result`, result],
      ];
}

function idOf(from: 'runner' | 'adapter'): Schema {
  return from === 'runner' ? { type: 'integer' } : { $ref: '#/$defs/id' };
}

function envelope(members: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    required: ['jsonrpc', ...Object.keys(members)],
    properties: { jsonrpc: { const: '2.0' }, ...members },
  };
}

function reference(name: string): Schema {
  return { $ref: `#/$defs/${name.replaceAll('/', '~1')}` };
}

/** As prettier would write it. */
export function protocolSchemaText(): string {
  return `${layOut(protocolSchema, '')}\n`;
}

const WIDTH = 100;

/** Objects line by line; arrays of plain values in one, if there is room. */
function layOut(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isArray = Array.isArray(value);
  const parts = isArray
    ? value.map((item) => layOut(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${layOut(item, inner)}`);
  const [open, close] = isArray ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  const short = `[${parts.join(', ')}]`;
  const isPlain = isArray && value.every((item) => typeof item !== 'object');
  if (isPlain && indent.length + '"required": ,'.length + short.length <= WIDTH) return short;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}
