/**
 * No check accuses an implementation with tables either. As beside this folder, this is the small run: `hunt.ts`
 * makes it as long as one likes.
 */
import { describe, expect, it } from 'vitest';
import { type Implementation, loadModule } from '../../../harness/adapters/index.ts';
import { accusations } from '../accusations.ts';
import { eager } from './eager.ts';
import { mean } from './mean.ts';

const SMALL = { seed: 7, effort: 0.02, executions: 1 } as const;

/** Loaded as adapters are, so that every `await` in it is a step. */
const { module } = await loadModule('drifting.ts', { from: import.meta.dirname });
const loaded = module as { readonly drifting: Implementation };

describe.each([eager, mean, loaded.drifting])('$name', (implementation) => {
  const profile = implementation.profile ?? 'documented';

  it('is accused by nothing that is about tables', async () => {
    const only = ({ level }: { readonly level: string }): boolean => level !== 'core';
    expect(await accusations(implementation, { ...SMALL, profile, only })).toEqual([]);
  });
});
