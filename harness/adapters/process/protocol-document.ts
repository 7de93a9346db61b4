/** PROTOCOL.md, from the same table by which messages are checked. */
import { type MethodName, protocol } from './protocol.ts';
import { protocolExamples } from './protocol-examples.ts';
import { PROTOCOL_FOREWORD } from './protocol-foreword.ts';
import type { Schema } from './schema-words.ts';

const names = Object.keys(protocol) as readonly MethodName[];

export function protocolDocument(): string {
  const from = (side: 'runner' | 'adapter') =>
    names.filter((name) => protocol[name].from === side).map(section);
  return [
    PROTOCOL_FOREWORD,
    '## From the runner to the adapter\n',
    ...from('runner'),
    '## From the adapter to the runner\n',
    ...from('adapter'),
  ].join('\n');
}

function section(name: MethodName): string {
  const { meaning, params, result } = protocol[name];
  const example: { readonly params: unknown; readonly result?: unknown } = protocolExamples[name];
  const isRequest = result !== undefined;
  return [
    `### ${name}\n`,
    `${isRequest ? '' : 'A notification. '}${meaning}\n`,
    ...listOf('Params', params),
    ...(isRequest ? listOf('Result', result) : []),
    '```text',
    line({ ...(isRequest && { id: 1 }), method: name, params: example.params }),
    ...(isRequest ? [line({ id: 1, result: example.result })] : []),
    '```\n',
  ].join('\n');
}

function line(message: object): string {
  return JSON.stringify({ jsonrpc: '2.0', ...message });
}

function listOf(title: string, schema: Schema): string[] {
  const members = membersOf(schema, '');
  return members.length === 0 ? [`${title}: \`{}\`.\n`] : [`${title}:\n`, ...members, ''];
}

/** The members of an object, or of the objects in an array, as a list. */
function membersOf(schema: Schema, indent: string): string[] {
  const owner = (schema['items'] ?? schema) as Schema;
  const properties = (owner['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const required = (owner['required'] ?? []) as readonly string[];
  return Object.entries(properties).flatMap(([name, member]) => {
    const isOptional = !required.includes(name);
    const about = member['description'];
    const facts = [typeOf(member), ...(isOptional ? ['may be absent'] : [])].join(', ');
    const meaning = typeof about === 'string' ? `: ${about}` : '';
    return [`${indent}- \`${name}\` (${facts})${meaning}`, ...membersOf(member, `${indent}  `)];
  });
}

interface Words {
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

function typeOf(schema: Schema): string {
  const { type, minimum, maximum } = schema as Words;
  const values = schema['enum'];
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(' or ');
  if (type === undefined) return 'anything';
  if (type === 'array') return `array of ${typeOf((schema['items'] ?? {}) as Schema)}`;
  const name = [type].flat().join(' or ');
  if (minimum === undefined) return name;
  return maximum === undefined
    ? `${name} from ${minimum}`
    : `${name} from ${minimum} to ${maximum}`;
}
