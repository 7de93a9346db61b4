/** Short words for tests of what programs and callers get wrong. */
import { HarnessError, type HarnessErrorCode } from '../errors.ts';
import { explore } from '../exploration/explore.ts';
import type { ExplorationResult, ExploreOptions } from '../exploration/types.ts';
import type { Program } from './types.ts';

/** With which code an action fails; undefined if it does not. */
export function codeOf(action: () => unknown): HarnessErrorCode | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error.code;
    throw error;
  }
}

export function run(program: Program, options: ExploreOptions = {}): ExplorationResult {
  return explore(program, { executions: 3, ...options });
}

/** What a caller without types would pass. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what it passes for
export function untyped<T>(value: unknown): T {
  return value as T;
}
