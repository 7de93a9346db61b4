/**
 * The log of a run, one JSON object on each line, written as things happen: whatever ends the runner, what was
 * known by then can be read.
 *
 * `begun` says what is judged, `started` which check is under way, `finished` has its result as it will stand in
 * the report, and `ended` says that there is nothing more to come.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../reports/index.ts';
import { SuiteError } from '../runner/errors.ts';
import type { RunObserver } from '../runner/run.ts';

export const EVENT_LOG = 'events.ndjson';

export interface EventLog extends RunObserver {
  /** The last line. */
  ended(result: RunResult): void;
  close(): void;
}

/** `about` is what the first line says. Throws `SuiteError` when the file cannot be written. */
export function openEventLog(folder: string, about: object): EventLog {
  const path = join(folder, EVENT_LOG);
  let file: number;
  try {
    mkdirSync(folder, { recursive: true });
    file = openSync(path, 'w');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SuiteError('usage', `${path} cannot be written: ${what}`);
  }
  const write = (event: string, fields: object): void => {
    writeSync(file, JSON.stringify({ event, ...fields }) + '\n');
  };
  write('begun', { schema: 'rtm-conformance/events/1', ...about });
  return {
    started: ({ id }) => {
      write('started', { id });
    },
    finished: (check) => {
      write('finished', { check });
    },
    ended: ({ verdict, counts, planned }) => {
      write('ended', { verdict, planned, counts });
    },
    close: () => {
      closeSync(file);
    },
  };
}
