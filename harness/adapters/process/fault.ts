/**
 * What ends an adapter. A fault is final: nothing that the process may still say counts, and its whole
 * process group is killed.
 */

/**
 * - `start`: it could not be started, or did not answer `initialize` as it has to
 * - `canary`: it started and failed one of the canaries
 * - `crash`: its process ended, or said that it gives up, while it was needed
 * - `timeout`: it owed an answer and was silent for too long
 * - `protocol`: it broke the protocol
 * - `closed`: the runner has ended it
 */
export type AdapterFaultKind = 'start' | 'canary' | 'crash' | 'timeout' | 'protocol' | 'closed';

export interface AdapterFaultDetails {
  /** How the process ended, when it is known. */
  readonly exit?: ProcessEnd;
  /** The last lines of its standard error, bounded. */
  readonly stderr?: string;
  /** The offending line, shortened. */
  readonly line?: string;
  /** The method that was waited for. */
  readonly method?: string;
  /** Milliseconds waited. */
  readonly ms?: number;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export class AdapterFault extends Error {
  readonly kind: AdapterFaultKind;
  readonly details: AdapterFaultDetails;

  constructor(kind: AdapterFaultKind, message: string, details: AdapterFaultDetails = {}) {
    super(message);
    this.name = 'AdapterFault';
    this.kind = kind;
    this.details = details;
  }
}

/** An error response: the adapter is well and does not do what it was asked. */
export class AdapterRefusal extends Error {
  readonly code: number;
  readonly method: string;

  constructor(method: string, code: number, message: string) {
    super(message);
    this.name = 'AdapterRefusal';
    this.method = method;
    this.code = code;
  }
}

/** How a process ended, in words. */
export function describeEnd({ code, signal }: ProcessEnd): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
