/** Options that several commands share. */
import type { OptionDescription } from './command.ts';

export const adapterOption: OptionDescription = {
  name: 'adapter',
  value: 'MODULE',
  config: 'adapter',
  help: 'The implementation: a module that exports one, or built-in:notes-protocol (the default), built-in:monitor',
};

export const transcriptOption: OptionDescription = {
  name: 'transcript',
  value: 'FILE',
  help: "Writes down every line that goes to an adapter in another process, or comes from it; 'play' stands in for it afterwards",
};

/** How an adapter in another process is talked to. */
export const processOptions: readonly OptionDescription[] = [
  {
    name: 'channel',
    value: 'stdio|fd3',
    help: 'Where an adapter in another process listens: its standard input and output, which is the default, or descriptor 3',
  },
  {
    name: 'op-timeout',
    value: 'SECONDS',
    help: 'Silence of an adapter in another process after which a call has not returned; default 10',
  },
  {
    name: 'free-runs',
    value: 'N',
    help: 'How often each program of several threads is run on threads of the adapter that nobody controls; default 60',
  },
  transcriptOption,
];

export const profileOption: OptionDescription = {
  name: 'profile',
  value: 'documented|notes',
  config: 'profile',
  help: 'What it is measured by; default: what it declares',
};

export const seedOption: OptionDescription = {
  name: 'seed',
  value: 'N',
  config: 'seed',
  help: 'All random choices follow from it; default 1',
};

export const outputDirOption: OptionDescription = {
  name: 'output-dir',
  value: 'DIR',
  config: 'outputDir',
  help: 'Where reports and case files go; default rtm-conformance-results',
};

export const shardOption: OptionDescription = {
  name: 'shard',
  value: 'I/N',
  help: 'Only the part I of N; all parts together are the whole',
};

export const noColorOption: OptionDescription = {
  name: 'no-color',
  help: 'No colours, as with the environment variable NO_COLOR',
};

export const verboseOption: OptionDescription = {
  name: 'verbose',
  short: 'v',
  config: 'verbose',
  help: 'A line for every check, and whole traces',
};

export const OUTPUT_DIR_DEFAULT = 'rtm-conformance-results';
export const SEED_LIMITS: { least: number; most: number; isWhole: true } = {
  least: 0,
  most: 2 ** 32 - 1,
  isWhole: true,
};
export const SEED_DEFAULT = 1;
