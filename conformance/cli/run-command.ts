/** `run`: the suite against one implementation. */
import { resolve } from 'node:path';
import {
  arithmeticOf,
  exitCodeOf,
  painter,
  runResult,
  type RunResult,
} from '../../reports/index.ts';
import { levels } from '../../spec/index.ts';
import { checks, EXECUTIONS_MAX } from '../catalogue.ts';
import { resultOf, type RunObserver, type RunPlan, runChecks } from '../runner/run.ts';
import { parseShard, shardText } from '../runner/shard.ts';
import type { Subject } from '../runner/subject.ts';
import type { Command } from './command.ts';
import { type EventLog, openEventLog } from './event-log.ts';
import { subjectOf } from './implementations.ts';
import { interruptible, type Interruption, watchInterruption } from './interruption.ts';
import {
  adapterOption,
  noColorOption,
  outputDirOption,
  processOptions,
  profileOption,
  SEED_DEFAULT,
  SEED_LIMITS,
  seedOption,
  shardOption,
  verboseOption,
} from './options.ts';
import { progressOn } from './progress.ts';
import { reportsOf, writeReports } from './reporters.ts';
import { select } from './selection.ts';
import type { Shell } from './shell.ts';
import { stopwatch } from './stopwatch.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'the suite against one implementation',
  usage: '[selector…]',
  isConfigured: true,
  takesCommand: true,
  options: [
    adapterOption,
    ...processOptions,
    profileOption,
    { name: 'level', value: 'LEVEL', config: 'level', help: 'Only checks of this feature level' },
    {
      name: 'grep',
      value: 'REGEXP',
      config: 'grep',
      help: 'Only checks whose id or title matches',
    },
    {
      name: 'exclude',
      value: 'REGEXP',
      config: 'exclude',
      help: 'No checks whose id or title matches',
    },
    shardOption,
    seedOption,
    {
      name: 'effort',
      value: 'FACTOR',
      config: 'effort',
      help: 'Multiplies the programs tried for each property; default 1',
    },
    {
      name: 'max-failures',
      value: 'N',
      config: 'maxFailures',
      help: 'Stop after so many failed checks',
    },
    {
      name: 'reporter',
      value: 'NAME[=PATH]',
      isMultiple: true,
      config: 'reporters',
      help: 'list, junit, json or markdown; may be repeated. A path of - is standard output',
    },
    outputDirOption,
    { name: 'json', help: 'The result as JSON on standard output' },
    { name: 'quiet', config: 'quiet', help: 'Nothing but the verdict' },
    verboseOption,
    noColorOption,
    {
      name: 'timings',
      config: 'timings',
      help: 'Tell how long it took, and which checks took longest',
    },
  ],
  details: [
    "A selector is the beginning of a check's id, such as core/litmus, or of a rule's, such as RTM-DEREG-003. Without one the whole suite is run.",
    'Everything printed, but for timings, is a function of the suite, the implementation and the seed.',
  ],
  examples: [
    'rtm-conformance run --adapter ./my-rtm.ts',
    'rtm-conformance run -- ./build/my-adapter --flag',
    'rtm-conformance run core/deregistration RTM-EVENT-013 --seed 7 -v',
    'rtm-conformance run --reporter list --reporter junit=junit.xml',
  ],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const reports = reportsOf(values, shell.cwd);
  const limits = {
    seed: values.number('seed', SEED_LIMITS) ?? SEED_DEFAULT,
    effort: values.number('effort', { least: 0.001, most: 1000 }) ?? 1,
    failuresMax: values.number('max-failures', { least: 1, most: 1e6, isWhole: true }),
  };
  const level = values.choice('level', levels);
  const shardGiven = values.text('shard');
  const shard = shardGiven === undefined ? undefined : parseShard(shardGiven);
  const subject = await subjectOf(values, { cwd: shell.cwd });
  const [grep, exclude] = [values.text('grep'), values.text('exclude')];
  const selectors = values.selectors;
  const filters = {
    ...(level === undefined ? {} : { level }),
    ...(grep === undefined ? {} : { grep }),
    ...(exclude === undefined ? {} : { exclude }),
  };
  const { seed, effort, failuresMax } = limits;
  const maxFailures = failuresMax === undefined ? {} : { maxFailures: failuresMax };
  const interruption = watchInterruption(shell);
  try {
    const selected = select(checks, {
      profile: subject.profile,
      selectors,
      ...filters,
      ...(shard === undefined ? {} : { shard }),
    });
    const result = await judge(
      subject,
      {
        ...selected,
        config: {
          seed,
          profile: subject.profile,
          selectors,
          ...filters,
          ...(shard === undefined ? {} : { shard: shardText(shard) }),
          schedules: EXECUTIONS_MAX,
          effort,
          ...maxFailures,
        },
        budget: { seed, effort, interrupted: interruption.isInterrupted },
        ...(failuresMax === undefined ? {} : { failuresMax }),
      },
      { values, shell, interruption },
    );
    const isQuiet = values.flag('quiet');
    const written = isQuiet ? reports.filter(({ path }) => path !== undefined) : reports;
    await writeReports(result, written, values, shell);
    if (isQuiet) shell.out.write(verdictLine(result, styleFor(shell.out, shell, values).color));
    return exitCodeOf(result);
  } finally {
    // Not before the reports are written: an impatient second signal must not cut them short.
    interruption.release();
    await subject.remote?.close();
  }
}

async function judge(
  subject: Subject,
  plan: RunPlan,
  context: { readonly values: Values; readonly shell: Shell; readonly interruption: Interruption },
): Promise<RunResult> {
  const { values, shell, interruption } = context;
  const isVerbose = values.flag('verbose') && !values.flag('json');
  const progress = progressOn(shell, {
    planned: plan.checks.length,
    isQuiet: values.flag('quiet'),
    isVerbose,
    color: styleFor(isVerbose ? shell.out : shell.err, shell, values).color,
  });
  const log = eventLogOf(subject, plan, values, shell);
  const watch = values.flag('timings') ? stopwatch(shell) : undefined;
  const start = shell.now();
  try {
    const stoppable = interruptible(subject, interruption.isInterrupted);
    const result = await runChecks(stoppable, plan, both(both(progress, log), watch));
    const signal = interruption.signal();
    const whole = runResult({
      ...result,
      ...(signal === undefined ? {} : { interrupted: signal }),
      ...(watch === undefined
        ? {}
        : { timings: { wallMs: shell.now() - start, checksMs: watch.checksMs } }),
    });
    log?.ended(whole);
    return whole;
  } finally {
    progress.end();
    log?.close();
  }
}

/** Whoever names a directory finds there, from the first check on, what has happened so far. */
function eventLogOf(
  subject: Subject,
  plan: RunPlan,
  values: Values,
  { cwd }: Shell,
): EventLog | undefined {
  const folder = values.text('output-dir');
  if (folder === undefined) return undefined;
  const { suite, implementation, config, planned, deselected } = resultOf(subject, plan, []);
  return openEventLog(resolve(cwd, folder), {
    suite,
    implementation,
    config,
    planned,
    deselected,
  });
}

function both(first: RunObserver, second: RunObserver | undefined): RunObserver {
  return {
    started: (check, index) => {
      second?.started?.(check, index);
      first.started?.(check, index);
    },
    finished: (result) => {
      second?.finished?.(result);
      first.finished?.(result);
    },
  };
}

const verdictStyles = {
  conformant: 'good',
  partial: 'warning',
  incomplete: 'warning',
  'non-conformant': 'bad',
  invalid: 'bad',
} as const;

function verdictLine(result: RunResult, color: boolean): string {
  const { verdict } = result;
  return painter(color)(verdictStyles[verdict], `${verdict}: ${arithmeticOf(result)}`) + '\n';
}
