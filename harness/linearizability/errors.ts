/** The caller's mistakes: a history, a model or an option that cannot be judged. Never a verdict. */

export type LinearizabilityErrorCode =
  | 'history-not-a-list'
  | 'unknown-event-kind'
  | 'bad-id'
  | 'bad-process'
  | 'id-invoked-twice'
  | 'return-without-call'
  | 'returned-twice'
  | 'return-by-other-process'
  | 'process-busy'
  | 'bad-model'
  | 'bad-partition'
  | 'model-not-read-only'
  | 'bad-option'
  | 'clock-missing';

export class LinearizabilityError extends Error {
  readonly code: LinearizabilityErrorCode;
  /** What to do about it, in a sentence; the message ends with it too. */
  readonly remedy: string;

  constructor(
    code: LinearizabilityErrorCode,
    { problem, remedy }: { problem: string; remedy: string },
  ) {
    super(`${problem} ${remedy}`);
    this.name = 'LinearizabilityError';
    this.code = code;
    this.remedy = remedy;
  }
}
