/** How a procedure ends early: always before it has changed anything, so that nothing has to be undone. */

/** It is refused with a status. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`refused with status ${status}`);
    this.status = status;
  }
}

/** Somebody else has locked what it needs: it is to be tried again when a lock has been given up. */
export class Hindrance extends Error {}

export function refuse(status: number): never {
  throw new Refusal(status);
}
