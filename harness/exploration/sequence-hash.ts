/**
 * A hash of which executions were run, in what order, and how each ended. Two lanes of 32 bits in integer
 * arithmetic, so that it is the same on every engine; equal seeds must give equal hashes.
 */
import type { Engine } from '../runtime/engine.ts';

export class SequenceHash {
  private low = 0x811c9dc5;
  private high = 0x9e3779b9;

  /** Adds an execution that has just ended, or has been given up. */
  add(engine: Engine): void {
    const { schedule, steps, fault } = engine;
    this.mix(steps);
    for (let i = 0; i < steps; i += 1) this.mix(schedule[i] as number);
    const end = fault === undefined ? '' : `${fault.kind}: ${fault.message}`;
    for (let i = 0; i < end.length; i += 1) this.mix(end.charCodeAt(i));
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    return hexOf(this.high) + hexOf(this.low);
  }

  private mix(value: number): void {
    this.low = Math.imul(this.low ^ value, 0x01000193);
    const high = Math.imul(this.high ^ value, 0x85ebca6b);
    this.high = high ^ (high >>> 13) ^ (this.low >>> 7);
  }
}

function hexOf(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
