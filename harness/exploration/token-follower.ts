/**
 * Follows the schedule of a token, step by step, and notices where the program differs from the one recorded.
 *
 * Asked to go on all the same, it takes the recorded steps where they are offered, lets a thread do what is new,
 * leaves out what is gone, and ends with a fair schedule: so a step more or less does not make a token worthless.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import { nameOf } from '../runtime/shared-object.ts';
import { isEnabled, nextInTurn } from '../scheduling/round-robin.ts';
import type { Strategy } from '../scheduling/strategy.ts';
import { Correspondence } from './correspondence.ts';
import type { RecordedStep, TokenContent } from './token-content.ts';
import type { Divergence } from './types.ts';

/** Steps in a row that a thread may take beyond what is recorded, before its turn counts as lost. */
const NEW_STEPS_MAX = 16;
/** How many recorded steps may be gone at once. */
const GONE_STEPS_MAX = 16;

const NO_FURTHER_STEP = 'no further step, as the recorded schedule has ended';

export type OnMismatch = 'stop' | 'continue';

export class TokenFollower implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  /** Steps after which the schedule is followed no further: the rest, if any, is to be fair. */
  stepsMax: number = Infinity;
  /** Where the program first differed, if it may. */
  diverged: Divergence | undefined = undefined;
  private readonly content: TokenContent;
  private readonly onMismatch: OnMismatch;
  private readonly correspondence: Correspondence;
  private index = 0;
  private used = 0;
  private newSteps = 0;

  constructor(content: TokenContent, onMismatch: OnMismatch) {
    this.content = content;
    this.onMismatch = onMismatch;
    this.correspondence = new Correspondence(content);
    if (content.segments.length === 0 && content.fairSteps > 0) this.stepsMax = 0;
  }

  /** Threads or objects have other names or numbers than recorded. */
  get isRenamed(): boolean {
    return this.correspondence.isRenamed;
  }

  begin(): boolean {
    return true;
  }

  pick(engine: Engine): number {
    for (;;) {
      const segment = this.content.segments[this.index];
      if (segment === undefined) {
        this.differs({ step: engine.steps, expected: NO_FURTHER_STEP, found: nextText(engine) });
        this.stepsMax = engine.steps;
        return nextInTurn(engine);
      }
      const thread = this.correspondence.threadFor(engine, segment.thread);
      const offered = thread === undefined ? undefined : engine.pendingOf(thread);
      const isAble = thread !== undefined && offered !== undefined && engine.canStep(thread);
      const expected = segment.seen[this.used];
      if (isAble && this.correspondence.fits(engine, offered, expected)) {
        this.taken(engine);
        return thread;
      }
      this.differs({
        step: engine.steps,
        expected: `${this.nameFor(engine, segment.thread)} to ${stepText(expected)}`,
        found: this.foundText(engine, segment.thread),
      });
      if (!isAble) this.skip();
      else if (this.goesOn(engine, offered)) {
        this.newSteps += 1;
        return thread;
      }
    }
  }

  end(): void {}

  /** To be called when the execution is over; a data race may end it early. */
  ended(engine: Engine): void {
    const segment = this.content.segments[this.index];
    if (segment !== undefined && !['data-race', 'atomicity'].includes(engine.fault?.kind ?? '')) {
      const expected = segment.seen[this.used];
      this.differs({
        step: engine.steps,
        expected: `${this.nameFor(engine, segment.thread)} to ${stepText(expected)}`,
        found: 'the program has ended, though its recorded schedule goes on',
      });
    }
    if (this.content.fairSteps === 0 && engine.steps > this.stepsMax) {
      const found = 'the program goes on';
      this.differs({ step: this.stepsMax, expected: NO_FURTHER_STEP, found });
    }
  }

  /** Throws, unless the schedule is to be followed all the same. */
  differs(divergence: Divergence): void {
    this.diverged ??= divergence;
    if (this.onMismatch === 'stop') throw mismatch(divergence);
  }

  private taken(engine: Engine): void {
    const { segments, fairSteps } = this.content;
    this.used += 1;
    this.newSteps = 0;
    if (this.used !== segments[this.index]?.steps) return;
    this.index += 1;
    this.used = 0;
    if (this.index === segments.length && (fairSteps > 0 || this.onMismatch === 'continue')) {
      this.stepsMax = engine.steps + 1;
    }
  }

  /**
   * What to do about a step that is not the one recorded: true if the thread is to take it, as it is new; false if
   * something else is to be tried, as what was recorded is gone.
   */
  private goesOn(engine: Engine, offered: Operation): boolean {
    const { segments } = this.content;
    const present = segments[this.index];
    let at = this.used + 1;
    for (let index = this.index, gone = 1; gone <= GONE_STEPS_MAX;) {
      const segment = segments[index];
      if (segment === undefined) break;
      const expected = segment.thread === present?.thread ? segment.seen[at] : undefined;
      if (expected === undefined) {
        index += 1;
        at = 0;
        continue;
      }
      if (this.correspondence.fits(engine, offered, expected)) {
        if (index === this.index) this.used = at;
        else this.skip();
        return false;
      }
      at += 1;
      gone += 1;
    }
    if (this.newSteps < NEW_STEPS_MAX) return true;
    this.skip();
    return false;
  }

  private skip(): void {
    this.index += 1;
    this.used = 0;
    this.newSteps = 0;
  }

  private nameFor(engine: Engine, recorded: number): string {
    const name = this.content.threads[recorded]?.name;
    if (name !== undefined) return `thread ${name}`;
    return recorded < engine.threadCount
      ? `thread ${engine.nameOfThread(recorded)}`
      : `thread ${recorded}`;
  }

  private foundText(engine: Engine, recorded: number): string {
    const thread = this.correspondence.threadFor(engine, recorded);
    if (thread === undefined) return 'there is no such thread';
    const name = engine.nameOfThread(thread);
    const offered = engine.pendingOf(thread);
    if (offered === undefined) return `${name} has no step left to take`;
    const text = wantText(offered);
    if (!isEnabled(engine, thread)) return `${name} is blocked at ${text}`;
    return `${name} wants to ${text}`;
  }
}

function mismatch({ step, expected, found }: Divergence): HarnessError {
  return new HarnessError(
    'token-mismatch',
    `At step ${step} the program differs from the one recorded: expected ${expected}, but ${found}. ` +
      "Either the token belongs to another program, or this one has changed since. To follow the rest of the schedule as far as it applies, replay with `onMismatch: 'continue'`.",
  );
}

function nextText(engine: Engine): string {
  const thread = nextInTurn(engine);
  const offered = engine.pendingOf(thread);
  if (offered === undefined) return 'the program goes on';
  return `the program goes on: ${engine.nameOfThread(thread)} wants to ${wantText(offered)}`;
}

function wantText({ kind, object }: Operation): string {
  return object === undefined ? `\`${kind}\`` : `\`${kind}\` \`${nameOf(object)}\``;
}

function stepText(step: RecordedStep | undefined): string {
  if (step === undefined) return 'take a step';
  const { operation, object } = step;
  return object === undefined ? `\`${operation}\`` : `\`${operation}\` \`${object.name}\``;
}
