/** Finds the implementation that the command line names. */
import { relative, resolve, sep } from 'node:path';
import { type Implementation, loadImplementation } from '../../harness/adapters/index.ts';
import type { StartOptions } from '../../harness/adapters/process/index.ts';
import { referenceImplementations } from '../../reference/index.ts';
import { type Profile, profiles } from '../../spec/index.ts';
import { connect } from '../runner/connect.ts';
import { connectProcess } from '../runner/connect-process.ts';
import { SuiteError } from '../runner/errors.ts';
import type { Subject } from '../runner/subject.ts';
import { openTranscript } from '../runner/transcript.ts';
import { didYouMean } from './nearest.ts';
import { SEED_LIMITS } from './options.ts';
import type { Values } from './values.ts';

export const BUILT_IN = 'built-in:';
export const ADAPTER_DEFAULT = 'built-in:notes-protocol';

/** Names of the built-in implementations, as `--adapter` takes them. */
export const builtIns: readonly string[] = referenceImplementations.map(
  ({ name }) => BUILT_IN + name,
);

/** The implementation that the arguments of a command name, in this process or, after `--`, in another. */
export async function subjectOf(
  values: Values,
  { cwd, ...known }: { readonly cwd: string; readonly profile?: Profile },
): Promise<Subject> {
  const profile = known.profile ?? values.choice('profile', profiles);
  const { command } = values;
  if (command === undefined) {
    return openSubject(values.text('adapter') ?? ADAPTER_DEFAULT, { cwd, profile });
  }
  if ((command[0] ?? '') === '' || values.isGiven('adapter')) {
    throw new SuiteError(
      'usage',
      "After '--' stands the command of an adapter in another process, as in 'run -- ./my-adapter --flag', and then there is no --adapter.",
    );
  }
  const channel = values.choice('channel', ['stdio', 'fd3']);
  const seconds = values.number('op-timeout', { least: 0.05, most: 3600 });
  const freeRuns = values.number('free-runs', { least: 0, most: 1e6, isWhole: true });
  const seed = values.number('seed', SEED_LIMITS);
  const transcript = transcriptFor(values, cwd);
  return connectProcess({
    command,
    cwd,
    ...(channel === undefined ? {} : { channel }),
    ...(seconds === undefined ? {} : { opMs: seconds * 1000 }),
    ...(freeRuns === undefined ? {} : { freeRuns }),
    ...(seed === undefined ? {} : { seed }),
    ...(transcript === undefined ? {} : { transcript }),
    ...(profile === undefined ? {} : { profile }),
  });
}

/** Opens the file that --transcript names. */
export function transcriptFor(values: Values, cwd: string): StartOptions['transcript'] {
  const file = values.text('transcript');
  if (file === undefined) return undefined;
  try {
    return openTranscript(resolve(cwd, file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SuiteError('usage', `The transcript cannot be written: ${why}.`);
  }
}

/** Throws `AdapterError`, or `SuiteError` when there is no built-in of that name. */
export async function openSubject(
  adapter: string,
  options: { readonly cwd: string; readonly profile?: Profile | undefined },
): Promise<Subject> {
  const { cwd, profile } = options;
  return connect(await implementationOf(adapter, cwd), {
    adapter: portable(adapter, cwd),
    ...(profile === undefined ? {} : { profile }),
  });
}

async function implementationOf(adapter: string, cwd: string): Promise<Implementation> {
  if (!adapter.startsWith(BUILT_IN)) return loadImplementation(adapter, { from: cwd });
  const name = adapter.slice(BUILT_IN.length);
  const found = referenceImplementations.find((implementation) => implementation.name === name);
  if (found !== undefined) return found;
  throw new SuiteError(
    'usage',
    `There is no implementation '${adapter}'.${didYouMean(adapter, builtIns)} Built in are ${builtIns.join(' and ')}; anything else is the path of a module.`,
  );
}

/** The same text on every checkout, as long as the module lies in or below the present directory. */
function portable(adapter: string, cwd: string): string {
  if (adapter.startsWith(BUILT_IN) || adapter.startsWith('file:')) return adapter;
  const path = relative(cwd, resolve(cwd, adapter));
  return path.startsWith('..') ? adapter : path.split(sep).join('/');
}
