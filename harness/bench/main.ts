/**
 * `npm run bench [-- <name> [<argument> ...]]`: what the harness can do, in numbers. Each name is a file; without one,
 * the speed.
 */

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  speed: async () => (await import('./speed.ts')).speed(),
  dpor: async (args) => (await import('./dpor/dpor.ts')).dpor(args),
  strategies: async (args) => (await import('./strategies.ts')).strategies(args),
  quiescence: async (args) => (await import('./dpor/quiescence.ts')).quiescence(args),
  linearizability: async (args) =>
    (await import('./linearizability/linearizability.ts')).linearizability(args),
  minimization: async () => (await import('./minimization.ts')).minimizations(),
  memory: async () => (await import('./memory.ts')).memory(),
  adapter: async (args) => (await import('./adapter.ts')).adapter(args),
  determinism: async () => (await import('./determinism.ts')).determinism(),
};

const [name, ...args] = process.argv.slice(2);
const bench = BENCHES[name ?? 'speed'];
if (bench === undefined) {
  console.error(`There is no bench '${name}'. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
} else {
  await bench(args);
  if (name === undefined) {
    console.log(`\nMore: npm run bench -- <${Object.keys(BENCHES).slice(1).join('|')}>.`);
  }
}
