/**
 * Holds the rooms and the arrows between them, as ARCHITECTURE.md draws them.
 *
 * Imports of types are arrows like all others; only cycles count what is loaded alone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { scanImports } from './import-scanner.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Which rooms each room may import. A file belongs to the room with the longest matching name. */
const ARROWS: ReadonlyMap<string, readonly string[]> = new Map([
  ['spec', []],
  ['harness', []],
  ['harness/adapters', ['spec', 'harness']],
  ['harness/bench', ['harness', 'harness/adapters']],
  ['reference/model', ['spec']],
  ['reference/concurrent', ['spec', 'reference/model', 'harness', 'harness/adapters']],
  ['reference', ['reference/model', 'reference/concurrent']],
  ['reports', ['spec']],
  [
    'conformance',
    [
      'spec',
      'harness',
      'harness/adapters',
      'reference',
      'reference/model',
      'reference/concurrent',
      'reports',
    ],
  ],
  ['examples', []],
]);

/** Pure packages that the model may stand on. */
const PURE_PACKAGES = ['immutable'];

/** Entries of the package that load nothing else from outside it. */
const SELF_CONTAINED = [
  'spec/index.ts',
  'harness/index.ts',
  'reference/index.ts',
  'reports/index.ts',
];

/** Where the outside world begins: the clock, what measures time, and what talks to people. */
const RIM = ['harness/clock.ts', 'harness/bench/', 'conformance/cli/', 'examples/'];
const IMPURE =
  /\b(?:Date|Intl|WeakRef|FinalizationRegistry|localeCompare|toLocale\w+|performance)\b|\bMath\.random\b/;

const RENDERER =
  /\b(?:render(?:Failure|Json|Junit|List|Markdown|Trace)|renderers|rendererByName)\b/;

interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly from: string;
  /** The path of a file, or the name of a package. */
  readonly to: string;
  /** Erased before anything runs: `import type`, `export type`. */
  readonly isType: boolean;
}

function importsOf({ path, text }: SourceFile): Import[] {
  return scanImports(text).specifiers.map(({ name, isType }) => ({
    from: path,
    to: name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
    isType,
  }));
}

function isPackage({ to }: Import): boolean {
  return !to.endsWith('.ts');
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

function roomOf(path: string): string {
  const rooms = [...ARROWS.keys()].filter((room) => path.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

/** Imports from a room into one that it must not know. A test may use what its room offers as a whole. */
function wrongArrows(files: readonly SourceFile[]): string[] {
  return files.flatMap(importsOf).flatMap((entry) => {
    const [from, to] = [roomOf(entry.from), roomOf(entry.to)];
    if (isPackage(entry) || from === to || ARROWS.get(from)?.includes(to) === true) return [];
    if (isTest(entry.from) && entry.to === `${entry.from.split('/')[0]}/index.ts`) return [];
    return [`${entry.from} must not import ${entry.to}`];
  });
}

/** Imports past a room's door. */
function backDoors(files: readonly SourceFile[]): string[] {
  return files.flatMap(importsOf).flatMap((entry) => {
    const [from, to] = [entry.from.split('/')[0], entry.to.split('/')[0]];
    const isInside = from === to && isSameWing(entry.from, entry.to);
    if (isPackage(entry) || isInside || entry.to.endsWith('/index.ts')) return [];
    return [`${entry.from} enters ${roomOf(entry.to)} through ${entry.to}`];
  });
}

/** The model and the implementations are rooms of their own; the parts of the harness are one. */
function isSameWing(from: string, to: string): boolean {
  return !from.startsWith('reference/') || roomOf(from) === roomOf(to);
}

/** A cycle among what is loaded, as the files on it; empty if there is none. */
function cycle(files: readonly SourceFile[]): string[] {
  const loadedBy = (entry: SourceFile): string[] =>
    importsOf(entry).flatMap(({ to, isType }) => (isType ? [] : [to]));
  const targets = new Map(files.map((entry) => [entry.path, loadedBy(entry)] as const));
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): string[] => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const target of targets.get(path) ?? []) {
      const found = visit(target, [...above, path]);
      if (found.length > 0) return found;
    }
    done.add(path);
    return [];
  };
  for (const path of targets.keys()) {
    const found = visit(path, []);
    if (found.length > 0) return found;
  }
  return [];
}

/** The packages that come with `entry`, each with the file that asks for it. Types are not loaded. */
function packagesBehind(files: readonly SourceFile[], entry: string): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set([entry]);
  const found: string[] = [];
  for (const path of seen) {
    const file = byPath.get(path);
    if (file === undefined) found.push(`there is no ${path}`);
    for (const next of file === undefined ? [] : importsOf(file)) {
      if (isPackage(next) && !next.isType && !PURE_PACKAGES.includes(next.to))
        found.push(`${path} imports ${next.to}`);
      else if (!isPackage(next)) seen.add(next.to);
    }
  }
  return found;
}

function impurities(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    if (isTest(path) || RIM.some((rim) => path.startsWith(rim))) return [];
    const found = IMPURE.exec(scanImports(text).code);
    return found === null ? [] : [`${path} uses ${found[0]}`];
  });
}

/** What conformance says about renderers outside the command line. */
function namedRenderers(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    if (!path.startsWith('conformance/') || path.startsWith('conformance/cli/')) return [];
    const found = RENDERER.exec(scanImports(text).code);
    return found === null ? [] : [`${path} names ${found[0]}`];
  });
}

/** Examples know the package by its public names alone. */
function insideKnowledge(files: readonly SourceFile[]): string[] {
  return files.flatMap(importsOf).flatMap(({ from, to }) => {
    const isForeign = to.endsWith('.ts') && !to.startsWith('examples/');
    return from.startsWith('examples/') && isForeign ? [`${from} imports ${to}`] : [];
  });
}

function readSources(): SourceFile[] {
  const folders = new Set([...ARROWS.keys()].map((room) => room.split('/')[0] ?? ''));
  return [...folders].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
      .filter((path) => path.endsWith('.ts'))
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
  );
}

const everything = readSources();
const sources = everything.filter(({ path }) => !isTest(path));

function source(path: string, text: string): SourceFile {
  return { path, text };
}

describe('this repository', () => {
  test('is read as a whole', () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)));
    expect([...rooms].toSorted()).toEqual([...ARROWS.keys()].toSorted());
  });

  test('draws no arrow that the table does not', () => {
    expect(wrongArrows(everything)).toEqual([]);
  });

  test('enters rooms by the door', () => {
    expect(backDoors(everything)).toEqual([]);
  });

  test('has no cycle of imports', () => {
    expect(cycle(everything)).toEqual([]);
  });

  test.each(SELF_CONTAINED)('needs no other package behind %s', (entry) => {
    expect(packagesBehind(sources, entry)).toEqual([]);
  });

  test('lets nothing but its input decide', () => {
    expect(impurities(everything)).toEqual([]);
  });

  test('names renderers on the command line alone', () => {
    expect(namedRenderers(sources)).toEqual([]);
  });

  test('shows by its examples what others can do', () => {
    expect(insideKnowledge(sources)).toEqual([]);
  });

  test('is scanned without missing an import that a bundler sees', async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: sources.map(({ path }) => path),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outdir: 'nowhere',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const seen = new Set(sources.flatMap(importsOf).map(({ from, to }) => `${from} imports ${to}`));
    const bundled = Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
      imports.map(({ path }) => `${from} imports ${path}`),
    );
    expect(bundled.length).toBeGreaterThan(100);
    expect(bundled.filter((entry) => !seen.has(entry))).toEqual([]);
  });

  test('imports only files that exist', () => {
    const paths = new Set(everything.map(({ path }) => path));
    const missing = everything
      .flatMap(importsOf)
      .filter((entry) => !isPackage(entry) && !paths.has(entry.to));
    expect(missing).toEqual([]);
  });
});

describe('each check can fail', () => {
  test.each([
    ['harness/runtime/a.ts', '../../spec/index.ts'],
    ['harness/runtime/a.ts', '../adapters/index.ts'],
    ['harness/runtime/a.test.ts', '../../reference/index.ts'],
    ['reference/model/a.ts', '../../harness/index.ts'],
    ['reports/a.ts', '../conformance/index.ts'],
    ['spec/a.ts', '../reports/index.ts'],
  ])('wrong arrow from %s to %s', (path, target) => {
    expect(wrongArrows([source(path, `import type { A } from '${target}';`)])).toHaveLength(1);
  });

  test.each([
    ['conformance/runner/a.ts', '../../harness/runtime/engine.ts', 1],
    ['reference/index.ts', './model/state.ts', 1],
    ['conformance/runner/a.ts', '../../harness/index.ts', 0],
    ['harness/adapters/a.ts', '../runtime/engine.ts', 0],
  ])('door from %s to %s', (path, target, expected) => {
    expect(backDoors([source(path, `import '${target}';`)])).toHaveLength(expected);
  });

  test('cycle', () => {
    const files = [
      source('spec/a.ts', `import { b } from './b.ts';`),
      source('spec/b.ts', `import { c } from './c.ts';`),
      source('spec/c.ts', `export * from './b.ts';`),
    ];
    expect(cycle(files)).toEqual(['spec/b.ts', 'spec/c.ts', 'spec/b.ts']);
    expect(cycle(files.slice(0, 2))).toEqual([]);
    expect(cycle([source('spec/a.ts', `import type { A } from './a.ts';`)])).toEqual([]);
  });

  test('package behind an entry', () => {
    const files = [
      source('harness/index.ts', `export * from './a.ts';`),
      source('harness/a.ts', `import fs from 'node:fs';`),
    ];
    expect(packagesBehind(files, 'harness/index.ts')).toEqual(['harness/a.ts imports node:fs']);
    expect(packagesBehind([], 'harness/index.ts')).toEqual(['there is no harness/index.ts']);
  });

  test.each([
    ['harness/a.ts', 'const now = Date.now();', 1],
    ['spec/a.ts', 'const n = Math.random();', 1],
    ['reports/a.ts', 'names.sort((a, b) => a.localeCompare(b));', 1],
    ['reports/a.ts', 'const text = `${n.toLocaleString()}`;', 1],
    ['reference/a.ts', "// Date\nconst Dated = 'Date';", 0],
    ['harness/clock.ts', 'return performance.now();', 0],
  ])('impurity in %s: %s', (path, text, expected) => {
    expect(impurities([source(path, text)])).toHaveLength(expected);
  });

  test('renderer outside the command line', () => {
    const text = `import { renderList } from '../../reports/index.ts';`;
    expect(namedRenderers([source('conformance/runner/a.ts', text)])).toHaveLength(1);
    expect(namedRenderers([source('conformance/cli/a.ts', text)])).toEqual([]);
  });

  test('example that reaches inside', () => {
    const text = `import { explore } from '../harness/index.ts';`;
    expect(insideKnowledge([source('examples/a.ts', text)])).toHaveLength(1);
    expect(insideKnowledge([source('examples/a.ts', `import 'rtm-conformance';`)])).toEqual([]);
  });
});
