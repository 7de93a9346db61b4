/** `coverage`: rule → checks → mutants killed, and what nothing checks. */
import { levels } from '../../spec/index.ts';
import { checks } from '../catalogue.ts';
import {
  coverageByLevel,
  coverageOf,
  isOwed,
  type LevelCoverage,
  type RuleCoverage,
} from '../coverage.ts';
import { type KillAttempt, killMutant, mutants } from '../mutants/index.ts';
import { rulesElsewhere } from '../scenarios/index.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { watchInterruption } from './interruption.ts';
import { noColorOption } from './options.ts';
import type { Shell } from './shell.ts';
import { styleFor } from './style.ts';
import { type Column, renderTable } from './table.ts';
import type { Values } from './values.ts';

export const coverageCommand: Command = {
  name: 'coverage',
  summary: 'which rules are checked, by what, and which mutants break them',
  usage: '',
  options: [
    { name: 'level', value: 'LEVEL', help: 'Only rules of this feature level' },
    { name: 'rules', help: 'A line for every rule' },
    { name: 'kills', help: 'Holds the suite against the mutants first; takes minutes' },
    { name: 'json', help: 'Everything as JSON' },
    noColorOption,
  ],
  details: [
    'Counted are the rules that an RTM must keep and that calls, callbacks, counts or accesses can show to be broken. A mutant is a correct implementation with one mistake, made to break a rule.',
  ],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const level = values.choice('level', levels);
  const attempts = values.flag('kills') ? await killAll(shell) : [];
  const coverage = coverageOf(checks, mutants, attempts).filter(
    ({ rule }) => level === undefined || rule.feature === level,
  );
  if (values.flag('json')) {
    shell.out.write(`${JSON.stringify(coverage.map(recordOf), undefined, 2)}\n`);
    return EXIT.good;
  }
  const style = { ...styleFor(shell.out, shell, values) };
  const shown = shell.out.isTerminal ? style : { ...style, width: Infinity };
  if (values.flag('rules')) {
    shell.out.write(renderTable(ruleColumns, coverage.map(ruleRow), shown));
    shell.out.write('\n');
  }
  const byLevel = coverageByLevel(coverage).filter(({ rules }) => rules > 0);
  const isTried = attempts.length > 0;
  shell.out.write(
    renderTable(
      levelColumns(isTried),
      [...byLevel, totalOf(byLevel)].map(levelRow(isTried)),
      style,
    ),
  );
  const gaps = coverage.filter(({ rule, checks: found }) => isOwed(rule) && found.length === 0);
  if (gaps.length > 0) {
    shell.out.write('\nNamed by no check:\n');
    shell.out.write(renderTable(gapColumns, gaps.map(gapRow), shown));
  }
  return EXIT.good;
}

async function killAll(shell: Shell): Promise<readonly KillAttempt[]> {
  const interruption = watchInterruption(shell);
  const attempts: KillAttempt[] = [];
  try {
    for (const [index, mutant] of mutants.entries()) {
      if (interruption.isInterrupted()) break;
      if (shell.err.isTerminal) {
        shell.err.write(`\r\u001B[2K${index}/${mutants.length} · ${mutant.id}`);
      }
      attempts.push(
        await killMutant(mutant, checks, {
          seed: 1,
          effort: 1,
          interrupted: interruption.isInterrupted,
        }),
      );
    }
  } finally {
    if (shell.err.isTerminal) shell.err.write('\r\u001B[2K');
    interruption.release();
  }
  return attempts;
}

const number = (title: string): Column => ({ title, isNumber: true });

const levelColumns = (isTried: boolean): readonly Column[] => [
  { title: 'level' },
  number('rules'),
  number('observable musts'),
  number('checked'),
  number('broken by a mutant'),
  ...(isTried ? [number('killed')] : []),
];

const levelRow =
  (isTried: boolean) =>
  (row: Omit<LevelCoverage, 'level'> & { readonly level: string }): readonly string[] => [
    row.level,
    String(row.rules),
    String(row.owed),
    String(row.checked),
    String(row.mutated),
    ...(isTried ? [String(row.killed)] : []),
  ];

function totalOf(
  rows: readonly LevelCoverage[],
): Omit<LevelCoverage, 'level'> & { readonly level: string } {
  const sum = (pick: (row: LevelCoverage) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    level: 'all',
    rules: sum(({ rules }) => rules),
    owed: sum(({ owed }) => owed),
    checked: sum(({ checked }) => checked),
    mutated: sum(({ mutated }) => mutated),
    killed: sum(({ killed }) => killed),
  };
}

const ruleColumns: readonly Column[] = [
  { title: 'rule' },
  { title: 'level' },
  number('checks'),
  number('mutants'),
  number('killed'),
  { title: 'title' },
];

function ruleRow({ rule, checks: found, mutants: breaking }: RuleCoverage): readonly string[] {
  const killed = breaking.filter(({ killedBy }) => typeof killedBy === 'string').length;
  return [
    rule.id,
    rule.level,
    String(found.length),
    String(breaking.length),
    String(killed),
    rule.title,
  ];
}

const gapColumns: readonly Column[] = [
  { title: 'rule' },
  { title: 'seen by' },
  { title: 'title, and why' },
];

function gapRow({ rule }: RuleCoverage): readonly string[] {
  const reason = rulesElsewhere.find((entry) => entry.rule === rule.id)?.reason;
  return [
    rule.id,
    rule.observability,
    reason === undefined ? rule.title : `${rule.title}. ${reason}`,
  ];
}

function recordOf({ rule, checks: found, mutants: breaking }: RuleCoverage): object {
  return {
    rule: rule.id,
    level: rule.level,
    feature: rule.feature,
    observable: rule.observability !== 'unobservable',
    checks: found.map(({ id }) => id),
    mutants: breaking.map(({ mutant, killedBy }) => ({
      id: mutant.id,
      ...(killedBy === undefined ? {} : { killedBy }),
    })),
  };
}
