/**
 * What a litmus program is: small, named, and explored exhaustively.
 *
 * An algorithm litmus is complete in itself: a few steps that show one thing about one algorithm, right
 * or wrong. An implementation litmus is a fixed program for whatever implementation is being judged.
 */
import type { ExploreOptions, Program } from '../../harness/index.ts';
import type { Level, RuleId } from '../../spec/index.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';

export interface AlgorithmLitmus {
  readonly kind: 'algorithm';
  /** `litmus/` and a name, for ever. */
  readonly id: string;
  readonly title: string;
  /** What it shows, in a few sentences. */
  readonly about: string;
  /** The rules that an implementation built like this keeps, or breaks. */
  readonly rules: readonly RuleId[];
  readonly program: Program;
  readonly bounds?: { readonly preemptionBound?: number; readonly maxSteps?: number };
  readonly expected:
    | { readonly verdict: 'holds' }
    /** `kind` is that of the failure it is made for; `defect` names what causes it. */
    | { readonly verdict: 'fails'; readonly kind: string; readonly defect: string };
}

export interface ImplementationLitmus {
  readonly kind: 'implementation';
  /** The level, `litmus` and a name, such as `core/litmus/callback-deregister`, for ever. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly rules: readonly RuleId[];
  /** Default `core`. */
  readonly level?: Level;
  /** Levels whose functions it calls besides. */
  readonly needs?: readonly Level[];
  readonly program: RtmProgram;
  /**
   * The most preemptions in one execution: 3, and 2 where callbacks call back in. Measured: below 2,000
   * executions each for the implementations in `reference/concurrent`; with 20 steps in every call it
   * comes to some 20,000.
   */
  readonly preemptionBound: number;
  /** The program does what clients must not do: who hangs over it does not go against the implementation. */
  readonly hangsPermitted?: true;
}

export type LitmusProgram = AlgorithmLitmus | ImplementationLitmus;

/** Far above what any of them needs, so that a program that is changed for the worse says so and ends. */
const EXECUTIONS_MAX = 20_000;
const STEPS_MAX = 200;

/** How an algorithm litmus is explored: exhaustively, past the first failure, so that the count is exact. */
export function exhaustively(litmus: AlgorithmLitmus): ExploreOptions {
  return {
    strategy: 'dfs',
    stopOnFailure: false,
    executions: EXECUTIONS_MAX,
    maxSteps: STEPS_MAX,
    ...litmus.bounds,
  };
}
