/** JSON Schema of what `doctor --json` prints. */
import { levels, profiles } from '../../spec/index.ts';

export const DOCTOR_SCHEMA_ID = 'rtm-conformance/doctor/1';

const text = { type: 'string' };

export const doctorSchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: DOCTOR_SCHEMA_ID,
  title: 'What rtm-conformance doctor has found out about an adapter',
  type: 'object',
  required: [
    'schema',
    'suite',
    'command',
    'implementation',
    'levels',
    'profile',
    'claims',
    'rung',
    'findings',
  ],
  properties: {
    schema: { const: DOCTOR_SCHEMA_ID },
    suite: { type: 'string', description: 'The version of the suite.' },
    command: { type: 'array', items: text },
    implementation: {
      description: 'As the adapter says; null if it did not get that far.',
      type: ['object', 'null'],
      required: ['name', 'version', 'language'],
      properties: { name: text, version: text, language: text, homepage: text },
    },
    levels: { type: 'array', items: { enum: levels } },
    profile: { enum: [...profiles, null] },
    claims: {
      type: ['object', 'null'],
      required: ['lanes', 'points'],
      properties: {
        lanes: { type: 'boolean' },
        points: { type: 'boolean' },
        census: { type: 'boolean' },
      },
    },
    rung: { description: 'The one it is fit for; null: for none.', enum: ['A', 'B', 'C', null] },
    findings: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'title', 'rung', 'status'],
        additionalProperties: false,
        properties: {
          id: text,
          title: { type: 'string', description: 'What was to be shown, said of the adapter.' },
          rung: { enum: ['A', 'B', 'C'] },
          status: { enum: ['ok', 'failed', 'remark', 'untried'] },
          seen: text,
          hint: text,
        },
      },
    },
    stderr: { type: 'string', description: 'The last it wrote there before something failed.' },
  },
  additionalProperties: false,
};
