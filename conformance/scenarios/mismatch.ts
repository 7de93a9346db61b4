/** What an expectation did not find. */

/** What is wrong. Free of handle values. */
export interface Mismatch {
  readonly message: string;
  readonly observed: string;
  readonly permitted: readonly string[];
}
