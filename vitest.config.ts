import { defineConfig } from 'vitest/config';

// The package's own names resolve to its sources, so that tests need no build (see `exports` in package.json).
const conditions = ['rtm-conformance-source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{spec,reference,harness,conformance,reports,examples}/**/*.test.ts'],
    globalSetup: ['conformance/cli/bundled-command.test-support.ts'],
    // Only what hangs is to be stopped, also on a machine that does much else.
    testTimeout: 180_000,
    // By default one core is left idle, which of two is half of them.
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: [
        'spec/**/*.ts',
        'reference/**/*.ts',
        'harness/**/*.ts',
        'conformance/**/*.ts',
        'reports/**/*.ts',
      ],
      exclude: ['**/*.test.ts', 'harness/bench/**'],
      reporter: ['text', 'json-summary', 'html'],
    },
  },
});
