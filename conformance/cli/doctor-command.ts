/** `doctor`: whether an adapter in another process can be believed, and what to do where not. */
import { counted, painter, wrap } from '../../reports/index.ts';
import type { StartOptions } from '../../harness/adapters/process/index.ts';
import {
  DOCTOR_SCHEMA_ID,
  examineAdapter,
  type Examination,
  type Finding,
  type Rung,
} from '../doctor/index.ts';
import { commandText } from '../runner/connect-process.ts';
import { SuiteError } from '../runner/errors.ts';
import { VERSION } from '../version.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { transcriptFor } from './implementations.ts';
import { noColorOption, processOptions, transcriptOption } from './options.ts';
import type { Shell } from './shell.ts';
import { type Style, styleFor } from './style.ts';
import type { Values } from './values.ts';

/** Nobody waits longer than that for one answer when all is well. */
const SECONDS_DEFAULT = 5;

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'whether an adapter in another process can be believed, with hints where not',
  usage: '',
  takesCommand: true,
  options: [
    ...processOptions.filter(({ name }) => name === 'channel'),
    {
      name: 'op-timeout',
      value: 'SECONDS',
      help: `Silence after which an answer does not come any more; default ${SECONDS_DEFAULT}`,
    },
    transcriptOption,
    { name: 'json', help: 'What was found as JSON' },
    noColorOption,
  ],
  details: [
    'Starts the command, speaks to it, crowds it, cuts it off in the middle of calls and kills it. Whether its Routing Table Manager is right is not asked here: that is what run is for. Remarks (–) are allowed, and worth knowing.',
    'Exit 0 if nothing has failed, 5 otherwise.',
  ],
  examples: ['rtm-conformance doctor -- ./build/my-adapter --flag'],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const { command } = values;
  if (command === undefined || (command[0] ?? '') === '' || values.arguments.length > 0) {
    throw new SuiteError(
      'usage',
      "Say after '--' how the adapter is started: rtm-conformance doctor -- ./my-adapter --flag.",
    );
  }
  const channel = values.choice('channel', ['stdio', 'fd3']);
  const seconds = values.number('op-timeout', { least: 0.05, most: 3600 }) ?? SECONDS_DEFAULT;
  const transcript = transcriptFor(values, shell.cwd);
  const options: StartOptions = {
    command,
    cwd: shell.cwd,
    startMs: Math.max(seconds, SECONDS_DEFAULT) * 1000,
    opMs: seconds * 1000,
    suiteVersion: VERSION,
    ...(channel === undefined ? {} : { channel }),
    ...(transcript === undefined ? {} : { transcript }),
  };
  const style = styleFor(shell.out, shell, values);
  const isJson = values.flag('json');
  const rest = (channel === 'fd3' ? '--channel fd3 ' : '') + commandText(command);
  const examination = await examineAdapter({
    ...options,
    onFinding: (finding) => {
      if (!isJson) shell.out.write(lineOf(finding, style));
    },
  });
  shell.out.write(
    isJson
      ? `${JSON.stringify(recordOf(examination, command), undefined, 2)}\n`
      : conclusion(examination, rest, style),
  );
  return examination.rung === undefined ? EXIT.adapter : EXIT.good;
}

const signs = { ok: '✓', failed: '✗', remark: '–', untried: ' ' } as const;
const colors = { ok: 'good', failed: 'bad', remark: 'warning', untried: 'faint' } as const;

function lineOf({ status, title, seen, hint }: Finding, style: Style): string {
  const paint = painter(style.color);
  const isBare = status === 'untried' && seen === undefined;
  const text = isBare ? `${title} (not tried)` : title;
  const more = (words: string | undefined, sign: string): string[] =>
    words === undefined
      ? []
      : wrap(words, { width: style.width - 6 }).map(
          (line, index) => `    ${index === 0 ? sign : ' '} ${line}`,
        );
  return [
    `${paint(colors[status], signs[status])} ${isBare ? paint('faint', text) : text}`,
    ...more(seen, ' ').map((line) => paint(status === 'failed' ? 'strong' : 'faint', line)),
    ...more(hint, '→'),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const RUNGS: Readonly<Record<Rung, string>> = {
  A: 'rung A: one call at a time on each lane',
  B: 'rung B: programs on real threads, which nobody controls',
  C: 'rung C: every scheduling point is controlled, and failures are replayed exactly',
};

/** @param rest What follows after `rtm-conformance run` to have it judged. */
function conclusion(
  { description, findings, rung, stderr }: Examination,
  rest: string,
  style: Style,
): string {
  const paint = painter(style.color);
  const failures = findings.filter(({ status }) => status === 'failed').length;
  const who =
    description === undefined
      ? []
      : [
          `${description.implementation.name} ${description.implementation.version} (${description.implementation.language}) claims ${description.levels.length === 0 ? 'no level' : description.levels.join(', ')}, by the profile ${description.profile ?? 'documented'}, and ${claimed(description.capabilities)}.`,
        ];
  const verdict =
    rung === undefined
      ? paint('bad', `Not fit yet: ${counted(failures, 'drill')} failed.`)
      : paint('good', `Fit for ${RUNGS[rung]}.`) +
        (failures === 0 ? '' : ` Above that ${counted(failures, 'drill')} failed.`);
  const words =
    rung === undefined && stderr !== undefined
      ? [
          '',
          'The last it wrote to standard error:',
          ...stderr
            .trimEnd()
            .split('\n')
            .slice(-5)
            .map((line) => `  ${line}`),
        ]
      : [];
  const next = rung === undefined ? [] : ['', `Next: rtm-conformance run ${rest}`];
  return [
    '',
    ...who.flatMap((text) => wrap(text, { width: style.width })),
    verdict,
    ...words,
    ...next,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function claimed({
  lanes,
  points,
}: NonNullable<Examination['description']>['capabilities']): string {
  if (points) return 'rung C';
  return lanes ? 'rung B' : 'rung A';
}

function recordOf(
  { description, findings, rung, stderr }: Examination,
  command: readonly string[],
): object {
  return {
    schema: DOCTOR_SCHEMA_ID,
    suite: VERSION,
    command,
    implementation: description?.implementation ?? null,
    levels: description?.levels ?? [],
    profile: description === undefined ? null : (description.profile ?? 'documented'),
    claims: description?.capabilities ?? null,
    rung: rung ?? null,
    findings,
    ...(stderr === undefined ? {} : { stderr }),
  };
}
