/**
 * Two kinds of wrong: the adapter module cannot be used at all (`AdapterError`: its author or the command
 * line has to change), or the implementation answered with something no caller could work with
 * (`ImplementationMisbehaviour`: a verdict about the implementation).
 */

export type AdapterErrorCode =
  | 'not-found'
  | 'does-not-build'
  | 'threw-on-load'
  | 'never-settles'
  | 'no-implementation'
  | 'bad-shape'
  | 'create-failed'
  | 'lacks-method'
  | 'mixed-kinds';

/** The adapter cannot be used. The message is one paragraph: what is wrong, in which file, what to do. */
export class AdapterError extends Error {
  readonly code: AdapterErrorCode;

  constructor(code: AdapterErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = 'AdapterError';
    this.code = code;
  }
}

export type MisbehaviourKind = 'adapter-error' | 'exception';

/** An implementation's method threw, or returned what is no reply. */
export class ImplementationMisbehaviour extends Error {
  /** Also the kind of the execution's failure. */
  readonly kind: MisbehaviourKind;
  readonly method: string;
  /** What was returned or thrown. */
  readonly value: unknown;

  constructor(kind: MisbehaviourKind, method: string, message: string, value: unknown) {
    super(message);
    this.name = 'ImplementationMisbehaviour';
    this.kind = kind;
    this.method = method;
    this.value = value;
  }
}

/** What was thrown, in one line and the same on every machine. */
export function describeThrown(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return typeof error === 'string' ? `'${error}'` : String(error);
}
