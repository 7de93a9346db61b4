/** Case files: a finding kept for later, to be run again by `replay`. */
import { createHash } from 'node:crypto';
import type { FailureReport, JsonValue } from '../../reports/index.ts';
import type { Subject } from '../runner/subject.ts';

export interface CaseFile {
  readonly schema: 'rtm-conformance/case/1';
  readonly token: string;
  /** All else is for people. */
  readonly check: string;
  readonly implementation: string;
  readonly adapter: string;
  readonly profile: string;
  readonly seed: number;
  readonly rule: string;
  readonly message: string;
  readonly program: FailureReport['program'];
  readonly replay: string;
}

export function caseOf(
  subject: Subject,
  found: { readonly check: string; readonly seed: number; readonly failure: FailureReport },
): CaseFile {
  const { check, seed, failure } = found;
  return {
    schema: 'rtm-conformance/case/1',
    token: failure.token,
    check,
    implementation: subject.implementation.name,
    adapter: subject.adapter,
    profile: subject.profile,
    seed,
    rule: failure.rule.id,
    message: failure.message,
    program: failure.program,
    replay: failure.replay,
  };
}

/** The same for the same case, and different for any other. */
export function caseFileName({ rule, token }: CaseFile): string {
  const hash = createHash('sha256').update(token).digest('hex').slice(0, 8);
  return `case-${rule.toLowerCase()}-${hash}.json`;
}

const text: JsonValue = { type: 'string' };
const lines: JsonValue = { type: 'array', items: text };
const blocks: JsonValue = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'lines'],
    properties: { name: text, lines },
    additionalProperties: false,
  },
};

export const caseSchema: JsonValue = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A case file of rtm-conformance',
  type: 'object',
  required: ['schema', 'token'],
  properties: {
    schema: { const: 'rtm-conformance/case/1' },
    token: { type: 'string', pattern: String.raw`^rtmc1\.[\w-]+$` },
    check: text,
    implementation: text,
    adapter: text,
    profile: { enum: ['documented', 'notes'] },
    seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
    rule: text,
    message: text,
    program: {
      type: 'object',
      required: ['threads'],
      properties: { setup: lines, threads: blocks, callbacks: blocks, finally: lines },
      additionalProperties: false,
    },
    replay: text,
  },
  additionalProperties: false,
};
