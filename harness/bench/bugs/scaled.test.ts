import { describe, expect, it } from 'vitest';
import { explore, type Failure, replay } from '../../index.ts';
import { SCALED_BUGS } from './scaled.ts';

describe.each(SCALED_BUGS)('$name', (bug) => {
  it('fails as it should', () => {
    const { failure } = explore(bug.buggy, { strategy: 'rff', seed: 1, executions: 3_000 });
    expect(failure?.kind).toBe(bug.kind);
    const { token } = failure as Failure;
    expect(replay(bug.buggy, token).failure).toEqual(failure);
  });

  it('has a correct twin', () => {
    for (const strategy of ['portfolio', 'rff', 'random', 'dfs'] as const) {
      const result = explore(bug.correct, { strategy, executions: 60 });
      expect(result.failure).toBeUndefined();
    }
  });
});
