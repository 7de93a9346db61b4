/** `explain`: all about one rule, check, function, ambiguity, litmus program or mutant. */
import { painter, type Paint, wrap } from '../../reports/index.ts';
import {
  type Ambiguity,
  ambiguities,
  ambiguityById,
  functionNames,
  functions,
  profiles,
  type FunctionName,
  type Rule,
  ruleById,
  ruleIds,
} from '../../spec/index.ts';
import { checkById, checks } from '../catalogue.ts';
import { type LitmusProgram, litmusPrograms } from '../litmus/index.ts';
import { type Mutant, mutants } from '../mutants/index.ts';
import { whyOutOfReach } from '../properties/out-of-reach.ts';
import type { Check } from '../runner/check.ts';
import { SuiteError } from '../runner/errors.ts';
import { describeSource } from '../runner/failure-report.ts';
import { rulesElsewhere, scenarios } from '../scenarios/index.ts';
import { describeAction } from '../programs/describe-program.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { checksCalling, rulesOf } from './function-facts.ts';
import { didYouMean } from './nearest.ts';
import { noColorOption } from './options.ts';
import type { Shell } from './shell.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

export const explainCommand: Command = {
  name: 'explain',
  summary: 'all about one rule, check, function, ambiguity, litmus program or mutant',
  usage: '<id>',
  options: [noColorOption],
  examples: ['rtm-conformance explain RTM-DEREG-005', 'rtm-conformance explain RtmRegisterEntity'],
  run,
};

/** A label with its text, or with several. */
type Field = readonly [label: string, text: string | readonly string[]];

interface Explanation {
  readonly id: string;
  readonly title: string;
  /** What is said in a paragraph. */
  readonly text: string;
  readonly fields: readonly Field[];
}

async function run(values: Values, shell: Shell): Promise<number> {
  const [id, ...others] = values.arguments;
  if (id === undefined || others.length > 0) {
    throw new SuiteError(
      'usage',
      "Give 'explain' one id, such as RTM-DEREG-005 or core/litmus/callback-deregister. 'rtm-conformance list' shows what there is.",
    );
  }
  const style = styleFor(shell.out, shell, values);
  shell.out.write(rendered(explanationOf(id), Math.min(style.width, 100), painter(style.color)));
  return EXIT.good;
}

function explanationOf(id: string): Explanation {
  const rule = ruleById(id.toUpperCase());
  if (rule !== undefined) return explainRule(rule);
  const ambiguity = ambiguityById(id.toUpperCase());
  if (ambiguity !== undefined) return explainAmbiguity(ambiguity);
  const name = functionNames.find((known) => known.toLowerCase() === id.toLowerCase());
  if (name !== undefined) return explainFunction(name);
  const litmus = litmusPrograms.find((program) => program.id === id);
  if (litmus !== undefined) return explainLitmus(litmus);
  const check = checkById(id);
  if (check !== undefined) return explainCheck(check);
  const mutant = mutants.find((known) => known.id === id);
  if (mutant !== undefined) return explainMutant(mutant);
  const known = [
    ruleIds,
    functionNames,
    checks.map(idOf),
    litmusPrograms.map(idOf),
    ambiguities.map(idOf),
    mutants.map(idOf),
  ].flat();
  throw new SuiteError(
    'unknown-selector',
    `Nothing is called '${id}'.${didYouMean(id, known)} 'rtm-conformance list' shows checks, and rules, functions, litmus, mutants and ambiguities by these names.`,
  );
}

function explainRule(rule: Rule): Explanation {
  const { id, title, statement, level, subject, profile, observability, reason } = rule;
  const looking = checks.filter((check) => check.rules.includes(id)).map(idOf);
  const algorithms = litmusPrograms.filter(
    (litmus) => litmus.kind === 'algorithm' && litmus.rules.some((other) => other === id),
  );
  const breaking = mutants.filter(
    (mutant) => mutant.rule === id || mutant.rules?.includes(id) === true,
  );
  const concerned = ambiguities.filter((ambiguity) =>
    ambiguity.rules.some((other) => other === id),
  );
  const elsewhere = rulesElsewhere.find((entry) => entry.rule === id)?.reason;
  return {
    id,
    title,
    text: statement,
    fields: [
      ['level', `${level}, of the ${subject === 'rtm' ? 'RTM' : 'client'}`],
      ['profile', profile],
      ['feature', rule.feature],
      ['sources', rule.sources.map(describeSource)],
      ['seen by', observability],
      ['because', reason ?? ''],
      [
        'checks',
        looking.length > 0 ? looking : reason === undefined ? (elsewhere ?? 'none') : 'none',
      ],
      ['litmus', algorithms.map(idOf)],
      ['mutants', breaking.map((mutant) => `${mutant.id}: ${mutant.what}`)],
      ['ambiguities', concerned.map(({ id: other, question }) => `${other}: ${question}`)],
    ],
  };
}

function explainAmbiguity(ambiguity: Ambiguity): Explanation {
  const { id, question, readings, decision, why, rules, sources } = ambiguity;
  return {
    id,
    title: question,
    text: why,
    fields: [
      ['readings', readings.map(({ key, text }) => `${key}: ${text}`)],
      ['decided', profiles.map((profile) => `${profile}: ${decision[profile]}`)],
      ['rules', rules.map(titledRule)],
      ['sources', sources.map(describeSource)],
    ],
  };
}

function explainFunction(name: FunctionName): Explanation {
  const {
    purpose,
    level,
    page,
    parameters,
    statuses,
    handlesReturned,
    referencesTaken,
    handlesConsumed,
    releasedBy,
  } = functions[name];
  const places = (list: readonly { readonly kind: string; readonly at: string }[]): string[] =>
    list.map(({ kind, at }) => `${kind} in ${at}`);
  const calling = checksCalling(name).map(idOf);
  return {
    id: name,
    title: purpose,
    text: '',
    fields: [
      ['level', level],
      ['page', page],
      ['signature', `${name}(${parameters.map((parameter) => parameter.name).join(', ')})`],
      [
        'parameters',
        parameters.map(
          ({ name: parameter, type, direction, optional }) =>
            `${parameter}: ${type}, ${direction}${optional ? ', may be NULL' : ''}`,
        ),
      ],
      ['statuses', statuses.map(({ status, when }) => `${status}: ${when}${reach(name, status)}`)],
      ['returns', places(handlesReturned)],
      ['references', places(referencesTaken)],
      ['consumes', places(handlesConsumed)],
      ['undone by', releasedBy],
      ['rules', rulesOf(name).map(({ id }) => titledRule(id))],
      ['checks', calling.length > CHECKS_SHOWN ? cut(calling) : calling],
    ],
  };
}

const CHECKS_SHOWN = 20;

function cut(ids: readonly string[]): readonly string[] {
  return [...ids.slice(0, CHECKS_SHOWN), `and ${ids.length - CHECKS_SHOWN} more`];
}

/** What is said of a status that random programs do not bring about. */
function reach(name: FunctionName, status: string): string {
  const why = whyOutOfReach(name, status);
  return why === undefined ? '' : ` (no program reaches it: ${why})`;
}

function explainCheck(check: Check): Explanation {
  const { id, title, area, level, kind, profiles: measured, rules } = check;
  const scenario = scenarios.find((known) => known.id === id);
  return {
    id,
    title,
    text: '',
    fields: [
      ['kind', `${kind}, area ${area}, level ${level}`],
      ['profile', measured.length > 1 ? 'both' : measured],
      ['rules', rules.map(titledRule)],
      ['steps', scenario?.steps.map((step) => describeAction(step.do)) ?? []],
      ['mutants', mutants.filter((mutant) => rules.includes(mutant.rule)).map(idOf)],
      ['run', `rtm-conformance run ${id}`],
    ],
  };
}

function explainLitmus(litmus: LitmusProgram): Explanation {
  const { id, title, about, rules } = litmus;
  const fields: Field[] = [['rules', rules.map(titledRule)]];
  if (litmus.kind === 'algorithm') {
    const { expected } = litmus;
    fields.push([
      'expected',
      expected.verdict === 'holds' ? 'holds' : `fails: ${expected.kind}. ${expected.defect}`,
    ]);
  } else {
    fields.push([
      'expected',
      `holds, in all interleavings with up to ${litmus.preemptionBound} preemptions`,
    ]);
  }
  fields.push(['run', `rtm-conformance explore ${id}`]);
  return { id, title, text: about, fields };
}

function explainMutant(mutant: Mutant): Explanation {
  const { id, what, rule, rules = [], invariant, edit } = mutant;
  const broken = [rule, ...rules];
  return {
    id,
    title: invariant,
    text: what,
    fields: [
      ['breaks', broken.map(titledRule)],
      ['file', edit.file],
      ['replaces', edit.find],
      ['by', edit.replace],
      ['checks', checks.filter((check) => check.rules.includes(rule)).map(idOf)],
    ],
  };
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

function titledRule(id: string): string {
  return `${id} ${ruleById(id)?.title ?? ''}`.trimEnd();
}

function rendered({ id, title, text, fields }: Explanation, width: number, paint: Paint): string {
  const shown = fields
    .map(([label, value]) => ({
      label,
      texts: (typeof value === 'string' ? [value] : value).filter((entry) => entry !== ''),
    }))
    .filter(({ texts }) => texts.length > 0);
  const indent = 2 + Math.max(...shown.map(({ label }) => label.length)) + 2;
  const lines = [
    paint('strong', id),
    ...wrap(title, { width: width - 2 }).map((line) => `  ${line}`),
    ...(text === '' ? [] : ['', ...wrap(text, { width: width - 2 }).map((line) => `  ${line}`)]),
    '',
    ...shown.flatMap(({ label, texts }) =>
      texts
        .flatMap((entry) =>
          wrap(entry.replaceAll(/\s+/g, ' '), { width: width - indent - 2 }).map((line, index) =>
            index === 0 ? line : `  ${line}`,
          ),
        )
        .map(
          (line, index) =>
            `  ${paint('faint', (index === 0 ? label : '').padEnd(indent - 2))}${line}`,
        ),
    ),
  ];
  return lines.map((line) => line.trimEnd() + '\n').join('');
}
