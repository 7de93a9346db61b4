/** Executes the blocks of the harness's README, and holds what they print against what stands below each of them. */
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { transform } from 'esbuild';
import fc from 'fast-check';
import * as harness from 'rtm-conformance/harness';
import { expect, test } from 'vitest';

const README = readFileSync(new URL('../../harness/README.md', import.meta.url), 'utf8');
const MODULES: Readonly<Record<string, unknown>> = {
  'rtm-conformance/harness': harness,
  'fast-check': fc,
};

type Body = (require: unknown, module: unknown, console: unknown) => void;

interface Block {
  readonly title: string;
  readonly code: string;
  readonly printed: string;
}

const blocks: readonly Block[] = [
  ...README.matchAll(/^```ts\n([^]*?)^```$\n\n(?:^```text\n([^]*?)^```$)?/gm),
].map((match) => ({
  title: [...README.slice(0, match.index).matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? '',
  code: match[1] ?? '',
  printed: match[2] ?? '',
}));

/** What the code prints. */
async function run(code: string): Promise<string> {
  const { code: script } = await transform(code, { loader: 'ts', format: 'cjs' });
  const lines: string[] = [];
  const require = (name: string): unknown => {
    expect(Object.keys(MODULES)).toContain(name);
    return MODULES[name];
  };
  const body = compileFunction(script, ['require', 'module', 'console']) as Body;
  body(require, { exports: {} }, { log: (line: unknown) => lines.push(String(line)) });
  return lines.map((line) => `${line}\n`).join('');
}

test('all blocks are found', () => {
  expect(blocks.map(({ title }) => title)).toEqual([
    'A first program',
    'Which strategy',
    'Is it a queue? Linearizability',
    'Tokens',
    'With fast-check',
  ]);
  expect(README.match(/^```/gm)).toHaveLength(4 * blocks.length);
});

test.each(blocks)('$title', async ({ code, printed }) => {
  expect(await run(code)).toBe(printed);
  expect(printed).not.toBe('');
});
