/**
 * The harness's two kinds of error: the caller is wrong (`HarnessError`, with a code and what to do),
 * or we are (`assert`). Misbehaviour of the program under test is neither: it is a `Failure`, as data.
 */

export type HarnessErrorCode =
  | 'not-a-task'
  | 'foreign-step'
  | 'stale-step'
  | 'forgotten-yield'
  | 'unknown-strategy'
  | 'bad-option'
  | 'nondeterministic-program'
  | 'malformed-token'
  | 'token-version'
  | 'token-mismatch'
  | 'outside-thread'
  | 'no-thread';

export class HarnessError extends Error {
  readonly code: HarnessErrorCode;

  constructor(code: HarnessErrorCode, message: string) {
    super(message);
    this.name = 'HarnessError';
    this.code = code;
  }
}

/** Thrown when the harness itself is broken. Nothing a user does should reach it. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(`broken invariant: ${message}`);
    this.name = 'InvariantError';
  }
}

export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(invariant);
}
