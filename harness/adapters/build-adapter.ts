/**
 * Builds an adapter module with its relative imports into one text, async functions lowered.
 *
 * npm packages are imported from where the adapter would find them, as they are. `rtm-conformance` and its
 * subpaths are the package that is running, be it source or `dist`: what they export is handed over through
 * `globalThis`, so that wherever the adapter lies, both sides mean the same modules.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type BuildFailure, type Loader, type Plugin, transform } from 'esbuild';
import { AdapterError } from './errors.ts';
import { LOWERING, underControl } from './lowering.ts';

export interface BuiltAdapter {
  readonly code: string;
  /** A source map, as JSON. */
  readonly map: string;
}

const PACKAGE = 'rtm-conformance';
const NAMESPACE = 'running-package';
const PACKAGES_HOOK = Symbol.for('rtm-conformance.packages');
const HERE = import.meta.url;
/** `.ts` when running from source, `.js` from `dist`. */
const EXTENSION = HERE.slice(HERE.lastIndexOf('.'));

/** The modules behind the package's `exports`, relative to the package's sources or `dist`. */
const ENTRIES: Readonly<Record<string, string>> = {
  [PACKAGE]: 'conformance/index',
  [`${PACKAGE}/spec`]: 'spec/index',
  [`${PACKAGE}/reference`]: 'reference/index',
  [`${PACKAGE}/harness`]: 'harness/index',
  [`${PACKAGE}/reports`]: 'reports/index',
};

/** Throws `AdapterError` with the code `does-not-build`. */
export async function buildAdapter(file: string): Promise<BuiltAdapter> {
  try {
    const result = await build({
      ...LOWERING,
      entryPoints: [file],
      outfile: `${file}.built.mjs`,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      conditions: [],
      sourcemap: 'external',
      logLevel: 'silent',
      plugins: [runningPackage, foreignPackages, ownUrls],
    });
    const [map, output] = result.outputFiles;
    return {
      code: withRequire(underControl(output?.text ?? ''), file),
      map: map?.text ?? '{}',
    };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new AdapterError('does-not-build', explain(file, error), { cause: error });
  }
}

const runningPackage: Plugin = {
  name: 'running-package',
  setup(builder) {
    builder.onResolve({ filter: /^rtm-conformance(\/|$)/ }, ({ path }) => {
      if (path === `${PACKAGE}/package.json`) {
        return { path: fileURLToPath(new URL(`../${rootOf()}package.json`, HERE)) };
      }
      if (Object.hasOwn(ENTRIES, path)) return { path, namespace: NAMESPACE };
      const known = Object.keys(ENTRIES).join(', ');
      return { errors: [{ text: `The package has no '${path}'. It has: ${known}` }] };
    });
    builder.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({
      contents: handOver(path, await loadEntry(path)),
    }));
  },
};

/** Packages stay packages: only what belongs to the adapter itself is built. */
const foreignPackages: Plugin = {
  name: 'foreign-packages',
  setup(builder) {
    builder.onResolve(
      { filter: /^[^./]/ },
      async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (pluginData === foreignPackages || kind === 'entry-point') return undefined;
        if (/^(node|data|file):/.test(path)) return { path, external: true };
        const found = await builder.resolve(path, {
          kind,
          resolveDir,
          importer,
          pluginData: foreignPackages,
        });
        if (found.errors.length > 0) return { errors: found.errors };
        const isForeign = found.path.includes(`${sep}node_modules${sep}`);
        if (found.external || !isForeign) return { path: found.path, external: found.external };
        // A `require` takes paths, an `import` URLs.
        const target = kind.startsWith('require') ? found.path : pathToFileURL(found.path).href;
        return { path: target, external: true };
      },
    );
  },
};

/** `import.meta.url` and its like stay those of the file they are written in. */
const ownUrls: Plugin = {
  name: 'own-urls',
  setup(builder) {
    builder.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta')) return undefined;
      const { code } = await transform(text, {
        loader: loaderOf(path),
        sourcefile: path,
        sourcemap: 'inline',
        define: {
          'import.meta.url': JSON.stringify(pathToFileURL(path).href),
          'import.meta.filename': JSON.stringify(path),
          'import.meta.dirname': JSON.stringify(dirname(path)),
        },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

function loaderOf(path: string): Loader {
  if (path.endsWith('x')) return path.endsWith('tsx') ? 'tsx' : 'jsx';
  return path.endsWith('ts') ? 'ts' : 'js';
}

/** From this file's folder to the package: `dist` lies one level deeper than the sources. */
function rootOf(): string {
  return EXTENSION === '.ts' ? '../' : '../../';
}

async function loadEntry(path: string): Promise<object> {
  const url = new URL(`../../${ENTRIES[path]}${EXTENSION}`, HERE).href;
  const loaded: unknown = await import(/* @vite-ignore */ url);
  return loaded as object;
}

/** A module that exports what `exported` does, when it is run in this process. */
function handOver(path: string, exported: object): string {
  const globals = globalThis as { [PACKAGES_HOOK]?: Map<string, object> };
  const packages = globals[PACKAGES_HOOK] ?? new Map<string, object>();
  globals[PACKAGES_HOOK] = packages;
  packages.set(path, exported);
  const names = Object.keys(exported).filter((name) => name !== 'default');
  return [
    `const found = globalThis[Symbol.for('rtm-conformance.packages')].get(${JSON.stringify(path)});`,
    ...names.map((name, index) => `const value${index} = found[${JSON.stringify(name)}];`),
    `export { ${names.map((name, index) => `value${index} as ${name}`).join(', ')} };`,
  ].join('\n');
}

/** CommonJS files among the adapter's own may `require` packages and built-in modules. */
function withRequire(code: string, file: string): string {
  if (!code.includes('var __require =')) return code;
  const from = JSON.stringify(pathToFileURL(file).href);
  return `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(${from}); ${code}`;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function explain(file: string, failure: BuildFailure): string {
  const [first] = failure.errors;
  const text = first?.text ?? failure.message;
  const place =
    first?.location == null ? '' : ` (${basename(first.location.file)}:${first.location.line})`;
  const more = failure.errors.length > 1 ? `, and ${failure.errors.length - 1} more such` : '';
  if (text.startsWith('Top-level await')) {
    return `The adapter ${file} uses 'await' outside a function${place}, where the scheduler cannot control it. Move what it awaits into 'create', which may be async.`;
  }
  return `The adapter ${file} cannot be built: ${text}${place}${more}. Correct it; its relative imports are built with it, packages have to be installed where it lies.`;
}
