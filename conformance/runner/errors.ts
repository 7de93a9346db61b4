/** The user's input or environment is wrong: what, and what to do. `cli` maps codes to exit codes. */

export type SuiteErrorCode =
  | 'usage'
  | 'unknown-selector'
  | 'nothing-selected'
  | 'malformed-token'
  | 'token-version'
  | 'token-mismatch'
  | 'unknown-check'
  | 'adapter';

export class SuiteError extends Error {
  readonly code: SuiteErrorCode;

  constructor(code: SuiteErrorCode, message: string) {
    super(message);
    this.name = 'SuiteError';
    this.code = code;
  }
}
