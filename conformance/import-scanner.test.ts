import { expect, test } from 'vitest';
import { scanImports } from './import-scanner.ts';

function specifiersOf(text: string): string[] {
  return scanImports(text).specifiers.map(({ name }) => name);
}

test.each([
  [`import { a } from './a.ts';`, ['./a.ts']],
  [`import type {\n  A,\n  B,\n} from './a.ts';`, ['./a.ts']],
  [`export * from "./a.ts";`, ['./a.ts']],
  [`import './a.ts';`, ['./a.ts']],
  [`const a = await import('./a.ts');`, ['./a.ts']],
  [`type A = import('./a.ts').A;`, ['./a.ts']],
  [`const a = \`\${await import('./a.ts')}\`;`, ['./a.ts']],
  [`const a = \`\${f({ a: '}' })}\`; import './b.ts';`, ['./b.ts']],
  [`// import './a.ts';\n/* import './b.ts'; */`, []],
  [`const text = "import './a.ts'";`, []],
  [`const text = \`import './a.ts'\`;`, []],
  [`const quote = /'/; import './a.ts'; // '`, ['./a.ts']],
  [`const half = a / b; import './a.ts'; const third = c / d;`, ['./a.ts']],
])('reads %j', (text, expected) => {
  expect(specifiersOf(text)).toEqual(expected);
});

test('tells what is erased from what is loaded', () => {
  const text = `import type { A } from 'a'; import { type B } from 'b'; export type * from 'c';`;
  expect(scanImports(text).specifiers.map(({ isType }) => isType)).toEqual([true, false, true]);
});

test('keeps code and drops the rest', () => {
  const text = "a(`b ${c('d')} e`); // f\ng(/h/);";
  expect(scanImports(text).code.replaceAll(/\s+/g, ' ')).toBe("a(`${c('')}`); g( );");
});
