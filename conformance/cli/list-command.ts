/** `list`: what there is. */
import { STRATEGY_NAMES, type StrategyName } from '../../harness/index.ts';
import { ambiguities, functionNames, functions, levels, rules } from '../../spec/index.ts';
import { checks } from '../catalogue.ts';
import { litmusPrograms } from '../litmus/index.ts';
import { mutants } from '../mutants/index.ts';
import { SuiteError } from '../runner/errors.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { checksCalling, reachedOf, rulesOf } from './function-facts.ts';
import { didYouMean } from './nearest.ts';
import { noColorOption } from './options.ts';
import type { Shell } from './shell.ts';
import { styleFor } from './style.ts';
import { type Column, renderTable } from './table.ts';
import type { Values } from './values.ts';

interface Listing {
  readonly columns: readonly Column[];
  rows(): readonly (readonly string[])[];
}

const number = (title: string): Column => ({ title, isNumber: true });
const columns = (...titles: readonly string[]): readonly Column[] =>
  titles.map((title) => ({ title }));

const listings = {
  checks: {
    columns: columns('check', 'kind', 'profile', 'title'),
    rows: () =>
      checks.map(({ id, kind, profiles, title }) => [
        id,
        kind,
        profiles.length > 1 ? 'both' : profiles.join(),
        title,
      ]),
  },
  rules: {
    columns: [
      ...columns('rule', 'level', 'profile', 'seen by'),
      number('checks'),
      { title: 'title' },
    ],
    rows: () =>
      rules.map(({ id, level, profile, observability, title }) => [
        id,
        level,
        profile,
        observability,
        String(checks.filter((check) => check.rules.includes(id)).length),
        title,
      ]),
  },
  ambiguities: {
    columns: columns('ambiguity', 'documented', 'notes', 'question'),
    rows: () =>
      ambiguities.map(({ id, decision, question }) => [
        id,
        decision.documented,
        decision.notes,
        question,
      ]),
  },
  levels: {
    columns: [{ title: 'level' }, number('functions'), number('rules'), number('checks')],
    rows: () =>
      levels.map((level) => [
        level,
        String(functionNames.filter((name) => functions[name].level === level).length),
        String(rules.filter(({ feature }) => feature === level).length),
        String(checks.filter((check) => check.level === level).length),
      ]),
  },
  litmus: {
    columns: columns('litmus program', 'expected', 'title'),
    rows: () =>
      litmusPrograms.map((litmus) => [
        litmus.id,
        litmus.kind === 'implementation' || litmus.expected.verdict === 'holds'
          ? 'holds'
          : `fails: ${litmus.expected.kind}`,
        litmus.title,
      ]),
  },
  mutants: {
    columns: columns('mutant', 'breaks', 'invariant'),
    rows: () => mutants.map(({ id, rule, invariant }) => [id, rule, invariant]),
  },
  functions: {
    columns: [
      ...columns('function', 'level'),
      ...['rules', 'checks', 'statuses', 'reached'].map(number),
      { title: 'purpose' },
    ],
    rows: () =>
      functionNames.map((name) => [
        name,
        functions[name].level,
        String(rulesOf(name).length),
        String(checksCalling(name).length),
        String(reachedOf(name).all),
        String(reachedOf(name).reached),
        functions[name].purpose,
      ]),
  },
  strategies: {
    columns: columns('strategy', 'how it chooses interleavings'),
    rows: () => STRATEGY_NAMES.map((name) => [name, strategyTexts[name]]),
  },
} as const satisfies Record<string, Listing>;

type ListingName = keyof typeof listings;

const NAMES = Object.keys(listings) as readonly ListingName[];

const strategyTexts: Readonly<Record<StrategyName, string>> = {
  portfolio:
    'random, pos, surw and pct in turn, so that no kind of mistake is hard for all of them',
  random: 'a thread at random at every step',
  'round-robin': 'each thread one step in turn: one interleaving, and a fair one',
  pct: 'random priorities with few changes: finds mistakes of depth d with a probability that is known',
  pos: 'random priorities, drawn anew for steps that race: samples partial orders evenly',
  urw: 'each interleaving with the same probability, as far as threads do not wait for one another',
  surw: 'the same for the steps on one shared object at a time, the others at random',
  rff: 'guided by which step reads what which other one wrote: goes on from where something new was seen',
  dfs: 'all interleavings, depth first, up to a number of preemptions or delays if one is given',
  'source-dpor': 'all that differ in the order of dependent steps, by source sets',
  'optimal-dpor': 'exactly one of each kind that differs in the order of dependent steps',
};

export const listCommand: Command = {
  name: 'list',
  summary: 'what there is',
  usage: `[${NAMES.join('|')}]`,
  options: [{ name: 'json', help: 'The same as JSON' }, noColorOption],
  details: [
    "Without an argument, the checks. 'rtm-conformance explain <id>' tells all about one of them. Of the functions it counts the rules that come from their pages, the checks that call them, the statuses that are documented, and those of them that random programs bring about; 'fuzz --reach' tells how often.",
  ],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const [given = 'checks', ...others] = values.arguments;
  const name = NAMES.find((known) => known === given);
  if (name === undefined || others.length > 0) {
    throw new SuiteError(
      'usage',
      `'list' takes one of ${NAMES.join(', ')}, and not '${[given, ...others].join(' ')}'.${didYouMean(given, NAMES)}`,
    );
  }
  const listing: Listing = listings[name];
  const rows = listing.rows();
  if (values.flag('json')) {
    const titles = listing.columns.map(({ title }) => title);
    const records = rows.map((row) =>
      Object.fromEntries(titles.map((title, index) => [title, row[index] ?? ''])),
    );
    shell.out.write(`${JSON.stringify(records, undefined, 2)}\n`);
    return EXIT.good;
  }
  // Cut to the window of a terminal only: a pipe gets whole lines.
  const style = styleFor(shell.out, shell, values);
  const width = shell.out.isTerminal ? style.width : Infinity;
  shell.out.write(renderTable(listing.columns, rows, { ...style, width }));
  return EXIT.good;
}
