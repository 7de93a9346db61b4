/** How a kind of check looks at programs: what it expects and what it lets pass. */
import type { Failure } from '../../harness/index.ts';
import { claimedPart } from '../programs/claimed-part.ts';
import {
  harnessProgram,
  type JudgedProgram,
  type ProgramOptions,
} from '../programs/harness-program.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Subject } from './subject.ts';

export interface Lens extends Omit<ProgramOptions, 'profile'> {
  /**
   * Calls that the documents forbid are made, and whoever makes one may hang: a deadlock or a livelock
   * is not held against the implementation.
   */
  readonly hangsPermitted?: boolean;
}

const STEPS_MAX = 4_000;
/** Where it is no fault to hang there is no point in watching somebody spin for long. */
const STEPS_MAX_DOOMED = 1_000;

/** Leaks are judged by `harnessProgram`, which knows when nothing may be left. */
const DETECT = { leaks: false };
const DETECT_HARM_ONLY = { leaks: false, deadlock: false, livelock: false };

export function detectFor(lens: Lens): {
  leaks: boolean;
  deadlock?: boolean;
  livelock?: boolean;
} {
  return lens.hangsPermitted === true ? DETECT_HARM_ONLY : DETECT;
}

/** Steps of an execution that its strategy decides. */
export function stepsMaxFor(lens: Lens): number {
  return lens.hangsPermitted === true ? STEPS_MAX_DOOMED : STEPS_MAX;
}

/** Whether an execution ended with its adapter: too costly to be seen again and again, only to make it smaller. */
export function isEnd({ kind }: Pick<Failure, 'kind'>): boolean {
  return kind === 'crash' || kind === 'timeout' || kind === 'adapter-error';
}

export function judged(subject: Subject, program: RtmProgram, lens: Lens): JudgedProgram {
  const { connector, implementation, profile } = subject;
  // What is expected of actions goes by their places.
  const asked = lens.expect === undefined ? claimedPart(program, implementation.levels) : program;
  return harnessProgram(connector, asked, { ...lens, profile });
}
