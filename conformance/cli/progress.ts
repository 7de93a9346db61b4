/** How far a run is: one live line on a terminal, plain lines elsewhere. */
import { counted, grouped, painter, truncate } from '../../reports/index.ts';
import type { CheckResult } from '../../reports/index.ts';
import type { RunObserver } from '../runner/run.ts';
import type { Shell } from './shell.ts';
import { columnsOf } from './shell.ts';

export interface Progress extends RunObserver {
  /** Takes the live line away. */
  end(): void;
}

/** Real milliseconds between two pictures of the live line. */
const REFRESH_MS = 80;

export function progressOn(
  shell: Shell,
  options: {
    readonly planned: number;
    readonly isQuiet: boolean;
    readonly isVerbose: boolean;
    readonly color: boolean;
  },
): Progress {
  if (options.isQuiet) return { end: () => {} };
  if (options.isVerbose) return lines(shell, options.color);
  return shell.err.isTerminal ? liveLine(shell, options) : { end: () => {} };
}

function liveLine(
  shell: Shell,
  options: { readonly planned: number; readonly color: boolean },
): Progress {
  const paint = painter(options.color);
  const start = shell.now();
  let shown = -Infinity;
  let done = 0;
  let executions = 0;
  let failed = 0;
  const draw = (what: string): void => {
    const elapsed = (shell.now() - start) / 1000;
    const rate =
      elapsed > 0.5 ? ` · ${grouped(Math.round(executions / elapsed))} executions/s` : '';
    const failures = failed === 0 ? '' : ` · ${counted(failed, 'failure')}`;
    const figures = `${done}/${options.planned}${rate}`;
    const room = columnsOf(shell.err) - figures.length - failures.length - 4;
    shell.err.write(
      `\r\u001B[2K${figures}${paint('bad', failures)} · ${paint('faint', truncate(what, Math.max(0, room)))}`,
    );
  };
  return {
    started: (check) => {
      if (shell.now() - shown < REFRESH_MS) return;
      shown = shell.now();
      draw(check.id);
    },
    finished: (result) => {
      done += 1;
      executions += result.executions;
      if (isFailure(result)) failed += 1;
    },
    end: () => {
      shell.err.write('\r\u001B[2K');
    },
  };
}

function lines(shell: Shell, color: boolean): Progress {
  const paint = painter(color);
  return {
    finished: (result) => {
      const { status, id, executions, interleavings } = result;
      const mark = status === 'pass' ? paint('good', '✓') : paint('bad', '✗');
      const what = status === 'pass' ? '' : `  ${status}`;
      const figures = paint(
        'faint',
        `  ${counted(executions, 'execution')}, ${counted(interleavings, 'interleaving')}`,
      );
      shell.out.write(`${mark} ${id}${what}${figures}\n`);
    },
    end: () => {
      shell.out.write('\n');
    },
  };
}

function isFailure({ status }: CheckResult): boolean {
  return status !== 'pass' && status !== 'unsupported' && status !== 'not-run';
}
