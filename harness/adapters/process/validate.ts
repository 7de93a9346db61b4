/**
 * Whether a message is what the table says. Validators are compiled when a method is first spoken of.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type MethodName, protocol } from './protocol.ts';
import type { Schema } from './schema-words.ts';

/** Describes what is wrong with a value; undefined if nothing is. */
export type Validator = (value: unknown) => string | undefined;

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
const compiled = new Map<string, Validator>();

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(protocol, name);
}

export function problemOfParams(method: MethodName, params: unknown): string | undefined {
  return validator(method, 'params')(params);
}

export function problemOfResult(method: MethodName, result: unknown): string | undefined {
  return validator(method, 'result')(result);
}

function validator(method: MethodName, part: 'params' | 'result'): Validator {
  const name = `${part} of ${method}`;
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const made = validatorOf(protocol[method][part] ?? {}, part);
  compiled.set(name, made);
  return made;
}

/** `name` is what the value itself is called in a complaint. */
export function validatorOf(schema: Schema, name: string): Validator {
  const isValid: ValidateFunction = ajv.compile(schema);
  return (value) => (isValid(value) ? undefined : describe(isValid.errors ?? [], name));
}

/** The first error is named: further ones mostly follow from it. */
function describe(errors: readonly ErrorObject[], name: string): string {
  const [first] = errors;
  if (first === undefined) return `${name} is wrong`;
  const one = errors.find(({ keyword }) => keyword === 'oneOf');
  const at = `${name}${(one ?? first).instancePath.replaceAll('/', '.')}`;
  if (one !== undefined) return `\`${at}\` must have one of 'status', 'unsupported' and 'errored'`;
  const { allowedValues } = first.params as { allowedValues?: readonly unknown[] };
  const values = allowedValues === undefined ? '' : `: ${allowedValues.join(', ')}`;
  return `\`${at}\` ${first.message ?? 'is wrong'}${values}`;
}
