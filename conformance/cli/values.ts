/**
 * The arguments of a command, from whichever place says something: the command line, else the
 * environment, else the configuration file.
 */
import { parseArgs } from 'node:util';
import { SuiteError } from '../runner/errors.ts';
import type { OptionDescription } from './command.ts';
import type { ConformanceConfig } from './config.ts';
import { didYouMean } from './nearest.ts';

export interface Values {
  /** What stands on the command line itself, besides options. */
  readonly arguments: readonly string[];
  /** The command of an adapter in another process, after `--`. */
  readonly command: readonly string[] | undefined;
  /** The same as `arguments`, or else the selectors of the configuration file. */
  readonly selectors: readonly string[];
  /** Whether it stands on the command line itself. */
  isGiven(name: string): boolean;
  flag(name: string): boolean;
  /** The last one given. */
  text(name: string): string | undefined;
  /** All that were given, in one place. */
  texts(name: string): readonly string[];
  /** A number within limits, or a `SuiteError` naming the place it stands in. */
  number(name: string, limits: NumberLimits): number | undefined;
  /** One of a few words, or a `SuiteError`. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined;
}

export interface NumberLimits {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: true;
}

/** What was given in one place, as text. */
interface Given {
  /** For messages: `--seed`, `RTM_CONFORMANCE_SEED`, ... */
  readonly place: string;
  readonly texts: readonly string[];
}

export interface ParsedArguments {
  readonly command?: readonly string[];
  readonly positionals: readonly string[];
  readonly given: ReadonlyMap<string, Given>;
}

/** Reads the command line. Throws `SuiteError` with the code `usage`. */
export function parseCommandLine(
  command: string,
  args: readonly string[],
  options: readonly OptionDescription[],
): ParsedArguments {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(options.map((option) => [option.name, parseable(option)])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, Given>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = options.find((known) => known.name === name);
    if (option === undefined) throw unknownOption(command, rawName, options);
    const before = given.get(name)?.texts ?? [];
    given.set(name, {
      place: rawName,
      texts: [...before, valueOf(option, rawName, value, token.inlineValue)],
    });
  }
  return { positionals, given };
}

function parseable(option: OptionDescription): { type: 'string' | 'boolean'; short?: string } {
  return {
    type: option.value === undefined ? 'boolean' : 'string',
    ...(option.short === undefined ? {} : { short: option.short }),
  };
}

function unknownOption(
  command: string,
  rawName: string,
  options: readonly OptionDescription[],
): SuiteError {
  const names = options.map(({ name }) => `--${name}`);
  return new SuiteError(
    'usage',
    `'${command}' has no option ${rawName}.${didYouMean(rawName, names)} See 'rtm-conformance help ${command}'.`,
  );
}

function valueOf(
  option: OptionDescription,
  rawName: string,
  value: string | undefined,
  isInline: boolean | undefined,
): string {
  if (option.value === undefined) {
    if (value === undefined) return 'true';
    throw new SuiteError(
      'usage',
      `${rawName} takes no value, and '${value}' was given. Leave it out.`,
    );
  }
  if (value === undefined || value === '' || (isInline !== true && value.startsWith('--'))) {
    throw new SuiteError(
      'usage',
      `${rawName} needs a value: ${rawName} ${option.value}. ${option.help}.`,
    );
  }
  return value;
}

/** @param config Undefined: neither the environment nor a configuration file is looked at. */
export function valuesFrom(
  parsed: ParsedArguments,
  options: readonly OptionDescription[],
  surroundings?: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly config: { readonly file: string; readonly fields: ConformanceConfig } | undefined;
  },
): Values {
  const find = (name: string): Given | undefined => {
    const onLine = parsed.given.get(name);
    const option = options.find((known) => known.name === name);
    if (onLine !== undefined || option === undefined || surroundings === undefined) return onLine;
    return fromEnvironment(option, surroundings.env) ?? fromConfig(option, surroundings.config);
  };
  const last = (name: string): string | undefined => find(name)?.texts.at(-1);
  const { positionals } = parsed;
  return {
    arguments: positionals,
    command: parsed.command,
    selectors:
      positionals.length > 0 ? positionals : (surroundings?.config?.fields.selectors ?? []),
    isGiven: (name) => parsed.given.has(name),
    flag: (name) => isOn(find(name)),
    text: last,
    texts: (name) => find(name)?.texts ?? [],
    number: (name, limits) => {
      const given = find(name);
      return given === undefined ? undefined : numberOf(given, limits);
    },
    choice: (name, words) => {
      const given = find(name);
      const text = given?.texts.at(-1);
      if (given === undefined || text === undefined) return undefined;
      const word = words.find((known) => known === text);
      if (word !== undefined) return word;
      throw new SuiteError(
        'usage',
        `${given.place} is '${text}', and must be one of ${words.join(', ')}.${didYouMean(text, words)}`,
      );
    },
  };
}

function fromEnvironment(
  option: OptionDescription,
  env: Readonly<Record<string, string | undefined>>,
): Given | undefined {
  const place = `RTM_CONFORMANCE_${option.name.toUpperCase().replaceAll('-', '_')}`;
  const text = env[place];
  if (text === undefined || text === '') return undefined;
  return { place, texts: option.isMultiple === true ? text.split(',') : [text] };
}

function fromConfig(
  option: OptionDescription,
  config: { readonly file: string; readonly fields: ConformanceConfig } | undefined,
): Given | undefined {
  const field = option.config;
  const value = field === undefined ? undefined : config?.fields[field];
  if (config === undefined || field === undefined || value === undefined) return undefined;
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  return { place: `'${field}' in ${config.file}`, texts };
}

function isOn(given: Given | undefined): boolean {
  const text = given?.texts.at(-1);
  if (given === undefined || text === undefined || ['false', '0', 'no'].includes(text))
    return false;
  if (['true', '1', 'yes'].includes(text)) return true;
  throw new SuiteError('usage', `${given.place} is '${text}', and must be true or false.`);
}

function numberOf(given: Given, limits: NumberLimits): number {
  const text = given.texts.at(-1) ?? '';
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  const { least, most, isWhole } = limits;
  if (number >= least && number <= most && (isWhole !== true || Number.isInteger(number))) {
    return number;
  }
  const kind = isWhole === true ? 'a whole number' : 'a number';
  throw new SuiteError(
    'usage',
    `${given.place} is '${text}', and must be ${kind} from ${least} to ${most}.`,
  );
}
