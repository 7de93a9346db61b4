/** `coverage`: rule → checks → mutants killed, and what nothing checks. */
import { levels } from '../../spec/index.ts';
import { checkById, checks } from '../catalogue.ts';
import {
  coverageByLevel,
  coverageOf,
  isOwed,
  type LevelCoverage,
  type RuleCoverage,
} from '../coverage.ts';
import {
  connectMutant,
  holdAgainst,
  kills as recordedKills,
  mutants,
  RECORDED,
  type RecordedKill,
} from '../mutants/index.ts';
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
    {
      name: 'kills',
      help: 'Makes sure first that every kill on record can be had again; takes a minute',
    },
    { name: 'json', help: 'Everything as JSON' },
    noColorOption,
  ],
  details: [
    'Counted are the rules that an RTM must keep and that calls, callbacks, counts or accesses can show to be broken. A mutant is a correct implementation with one mistake, made to break a rule; a kill counts for a rule where a check that names the rule fails on such a mutant, or says of a mutant that it breaks this rule.',
  ],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const level = values.choice('level', levels);
  const kills = values.flag('kills') ? await repeatKills(shell) : recordedKills;
  const coverage = coverageOf({ checks, mutants, kills }).filter(
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
  shell.out.write(renderTable(levelColumns, [...byLevel, totalOf(byLevel)].map(levelRow), style));
  const gaps = coverage.filter(({ rule, checks: found }) => isOwed(rule) && found.length === 0);
  if (gaps.length > 0) {
    shell.out.write('\nNamed by no check:\n');
    shell.out.write(renderTable(gapColumns, gaps.map(gapRow), shown));
  }
  const unproven = coverage.filter(
    ({ rule, checks: found, kills: shown }) =>
      isOwed(rule) && found.length > 0 && shown.length === 0,
  );
  if (unproven.length > 0) {
    shell.out.write('\nNamed by checks that have killed no mutant for it:\n');
    shell.out.write(renderTable(gapColumns, unproven.map(gapRow), shown));
  }
  return EXIT.good;
}

/** The kills on record that can be had again. */
async function repeatKills(shell: Shell): Promise<readonly RecordedKill[]> {
  const interruption = watchInterruption(shell);
  const repeated: RecordedKill[] = [];
  try {
    for (const [index, recorded] of recordedKills.entries()) {
      if (interruption.isInterrupted()) break;
      if (shell.err.isTerminal) {
        shell.err.write(`\r\u001B[2K${index}/${recordedKills.length} · ${recorded.mutant}`);
      }
      const mutant = mutants.find(({ id }) => id === recorded.mutant);
      const check = checkById(recorded.check);
      if (mutant === undefined || check === undefined) continue;
      const target = { mutant, subject: await connectMutant(mutant) };
      const interrupted = interruption.isInterrupted;
      const { kill } = await holdAgainst(check, target, { ...RECORDED, interrupted });
      if (kill?.rule === recorded.rule) repeated.push(recorded);
    }
  } finally {
    if (shell.err.isTerminal) shell.err.write('\r\u001B[2K');
    interruption.release();
  }
  return repeated;
}

const number = (title: string): Column => ({ title, isNumber: true });

const levelColumns: readonly Column[] = [
  { title: 'level' },
  number('rules'),
  number('observable musts'),
  number('checked'),
  number('kill a mutant'),
];

type CountsRow = Omit<LevelCoverage, 'level'> & { readonly level: string };

function levelRow({ level, ...counts }: CountsRow): readonly string[] {
  return [level, ...[counts.rules, counts.owed, counts.checked, counts.killed].map(String)];
}

function totalOf(rows: readonly LevelCoverage[]): CountsRow {
  const sum = (pick: (row: LevelCoverage) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    level: 'all',
    rules: sum(({ rules }) => rules),
    owed: sum(({ owed }) => owed),
    checked: sum(({ checked }) => checked),
    killed: sum(({ killed }) => killed),
  };
}

const ruleColumns: readonly Column[] = [
  { title: 'rule' },
  { title: 'level' },
  number('checks'),
  number('mutants'),
  number('kills'),
  { title: 'title' },
];

function ruleRow({
  rule,
  checks: found,
  mutants: breaking,
  kills,
}: RuleCoverage): readonly string[] {
  return [
    rule.id,
    rule.level,
    String(found.length),
    String(breaking.length),
    String(kills.length),
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

function recordOf({ rule, checks: found, mutants: breaking, kills }: RuleCoverage): object {
  return {
    rule: rule.id,
    level: rule.level,
    feature: rule.feature,
    observable: rule.observability !== 'unobservable',
    checks: found.map(({ id }) => id),
    mutants: breaking.map(({ id }) => id),
    kills: kills.map(({ mutant, check }) => ({ mutant, check })),
  };
}
