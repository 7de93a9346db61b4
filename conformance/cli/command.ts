/** What a command is: a name, its options as data, and what it does. */
import type { ConformanceConfig } from './config.ts';
import type { Shell } from './shell.ts';
import type { Values } from './values.ts';

export interface OptionDescription {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What its value is called in the help; absent: it takes none. */
  readonly value?: string;
  readonly isMultiple?: true;
  readonly help: string;
  /** The field of the configuration file that stands for it. */
  readonly config?: keyof ConformanceConfig;
}

export interface Command {
  readonly name: string;
  /** In a few words. */
  readonly summary: string;
  /** Its positional arguments, as the help shows them. */
  readonly usage: string;
  readonly options: readonly OptionDescription[];
  /** Whether the environment and the configuration file are read too. */
  readonly isConfigured?: true;
  /** Whether the command of an adapter in another process may follow, after `--`. */
  readonly takesCommand?: true;
  /** Paragraphs for its own help. */
  readonly details?: readonly string[];
  /** Lines to copy. */
  readonly examples?: readonly string[];
  run(values: Values, shell: Shell): Promise<number>;
}
