import { describe, expect, it, test } from 'vitest';
import { loadImplementation } from '../../harness/adapters/index.ts';
import { runConformance } from '../run-conformance.ts';
import { describeConformance } from './describe-conformance.ts';
import { FIXTURES } from './shell.test-support.ts';

const [correct, failsOne] = await Promise.all([
  loadImplementation('correct.mjs', { from: FIXTURES }),
  loadImplementation('fails-one.mjs', { from: FIXTURES }),
]);

// In earnest, with this very runner.
describeConformance({ describe, test }, correct, { selectors: ['core/release'] });

describe('describeConformance', () => {
  it('registers a test for each check, which fails with the failure explained', async () => {
    const tests = new Map<string, () => Promise<void>>();
    const suites: string[] = [];
    const functions = {
      describe: (name: string, body: () => void): void => {
        suites.push(name);
        body();
      },
      test: (name: string, body: () => Promise<void>): void => {
        tests.set(name, body);
      },
    };
    describeConformance(functions, failsOne, {
      selectors: ['core/registration'],
      adapter: 'x.mjs',
    });
    expect(suites).toEqual(['fails-one conforms to RTMv2 (profile documented)']);
    const messages: string[] = [];
    for (const body of tests.values()) {
      await body().catch((error: unknown) => messages.push(String(error)));
    }
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThan(tests.size);
    expect(messages[0]).toMatch(/RTM-REG-00\d[^]*interleaving[^]*rtm-conformance replay rtmc1\./);
  });
});

describe('runConformance', () => {
  it('returns the result as data', async () => {
    const result = await runConformance(failsOne, { selectors: ['RTM-REG-004'], seed: 3 });
    expect(result.verdict).toBe('non-conformant');
    expect(result.config.seed).toBe(3);
    expect(result.counts.fail).toBeGreaterThan(0);
  });

  it('refuses what it does not know', async () => {
    const run = runConformance(correct, { selectors: ['core/nothing-such'] });
    await expect(run).rejects.toMatchObject({ code: 'unknown-selector' });
  });
});
