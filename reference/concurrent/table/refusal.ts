/**
 * How an operation on the table ends early: refused with a status, or to be tried again after somebody has
 * let go of a lock. Either is thrown before anything has been changed, so that nothing has to be undone.
 */
import { type StatusCode, statuses } from '../../../spec/index.ts';

export class Refusal extends Error {
  readonly status: StatusCode;

  constructor(status: StatusCode) {
    super(`refused with status ${status}`);
    this.status = status;
  }
}

/** The operation would touch what another client has locked. */
export class MustWait extends Error {}

// Made once: they are common, and where they come from is of no interest.
const refusals = new Map(Object.values(statuses).map((status) => [status, new Refusal(status)]));
const mustWait = new MustWait('has to wait for a lock');

export function refuse(status: StatusCode): never {
  throw refusals.get(status) ?? new Refusal(status);
}

export function haveToWait(): never {
  throw mustWait;
}
