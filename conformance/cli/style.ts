/** How text is to be laid out for the sink it goes to. */
import { columnsOf, type Shell, type Sink } from './shell.ts';
import type { Values } from './values.ts';

export interface Style {
  readonly color: boolean;
  readonly width: number;
}

export function styleFor(sink: Sink, shell: Shell, values?: Values): Style {
  const isRefused = (shell.env['NO_COLOR'] ?? '') !== '' || values?.flag('no-color') === true;
  return { color: sink.isTerminal && !isRefused, width: columnsOf(sink) };
}
