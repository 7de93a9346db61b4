/**
 * How the reference tables and the model grow: adds, looks up, enumerates and deletes 10^3 to 10^6 routes of random
 * prefixes, and prints nanoseconds per operation, how these grow from one decade to the next, and bytes per route.
 *
 * Times are those of the processor, garbage collection included, and the best of several runs, but for 10^6 routes, which
 * are run once. Arguments are the decades and the implementations: `scale.ts 3 4 5 model` leaves out all others.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { explore, type Runtime } from '../../harness/index.ts';
import type { BareTable, BareTableKind, Prefix } from '../../reference/concurrent/index.ts';
import { bareTables } from '../../reference/concurrent/index.ts';
import { constants } from '../../spec/index.ts';
import { ModelTable } from './model-table.ts';

interface Sample {
  /** Nanoseconds per route. */
  readonly add: number;
  readonly lookUp: number;
  readonly enumerate: number;
  readonly delete: number;
  readonly bytesPerRoute: number;
}

interface Family {
  readonly name: string;
  readonly family: number;
  readonly bits: number;
}

const families: readonly Family[] = [
  { name: 'IPv4', family: constants.AF_INET, bits: 32 },
  { name: 'IPv6', family: constants.AF_INET6, bits: 128 },
];

interface Kind extends BareTableKind {
  /** The largest power of ten of routes that it is made for. */
  readonly decadeMax: number;
}

const BATCH = 64;
const RUNS_MAX = 5;

/** The model keeps every state it has been in apart from the next one: 10^6 routes take more than 1 GB. */
const kinds: readonly Kind[] = [
  ...bareTables.map((kind) => ({ ...kind, decadeMax: 6 })),
  { implementation: 'model', create: (_rt, family) => new ModelTable(family, BATCH), decadeMax: 5 },
];

const operations = ['add', 'lookUp', 'enumerate', 'delete'] as const;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Different prefixes as an internet table has them: most of one length, some that lie within others and some that
 * contain many. They differ in the bits that `scatter` gives them.
 */
function prefixes(count: number, { bits }: Family): readonly Prefix[] {
  return Array.from({ length: count }, (_, index) => {
    const isShort = index % 64 === 0;
    const isLong = index % 4 === 1;
    const unique = isShort ? scatter(index / 64, 16) : scatter(index, 24);
    if (bits === 32) {
      if (isShort) return { words: [unique * 2 ** 16, 0, 0, 0], length: 16 };
      const host = isLong ? 0x80 : 0;
      return { words: [unique * 2 ** 8 + host, 0, 0, 0], length: isLong ? 25 + (index % 8) : 24 };
    }
    if (isShort) return { words: [0x20020000 + unique, 0, 0, 0], length: 32 };
    const words = [0x20010000 + (unique & 0xffff), (unique >>> 16) * 2 ** 24, 0, 0] as const;
    return { words, length: isLong ? 64 + (index % 65) : 48 };
  });
}

/** Whole numbers of so many bits in a disorder in which each comes once. */
function scatter(index: number, bits: 16 | 24): number {
  const mask = 2 ** bits - 1;
  let mixed = Math.imul(index + 1, 0x9e3779b1) & mask;
  mixed ^= mixed >>> (bits / 2);
  return Math.imul(mixed, 0x85ebca6b) & mask;
}

function nanosecondsPer(count: number, work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / count;
}

function usedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** In the set-up of a program, where tables get the memory that they have in any execution. */
function measure(kind: Kind, family: Family, routes: readonly Prefix[]): Sample {
  let sample: Sample | undefined;
  const program = (rt: Runtime): void => {
    sample ??= measureWith(rt, kind, family, routes);
  };
  explore(program, { strategy: 'round-robin', executions: 1, detect: { leaks: false } });
  if (sample === undefined) throw new Error('nothing was measured');
  return sample;
}

function measureWith(rt: Runtime, kind: Kind, family: Family, routes: readonly Prefix[]): Sample {
  const count = routes.length;
  const before = usedBytes();
  const table = kind.create(rt, family.family);
  const add = nanosecondsPer(count, () => {
    for (const [index, prefix] of routes.entries()) table.add(prefix, index % 16);
  });
  const bytesPerRoute = (usedBytes() - before) / count;
  const lookUp = nanosecondsPer(count, () => {
    for (const { words, length } of routes) {
      const found = table.longestMatch({ words, length: family.bits });
      check(found !== undefined && found >= length, 'a route was not found');
    }
  });
  const enumerate = nanosecondsPer(count, () => {
    check(table.enumerate(BATCH) === count, 'an enumeration left routes out');
  });
  const remove = nanosecondsPer(count, () => {
    for (const prefix of routes) check(table.delete(prefix), 'a route could not be deleted');
  });
  requireEmpty(table);
  return { add, lookUp, enumerate, delete: remove, bytesPerRoute };
}

function requireEmpty(table: BareTable): void {
  check(table.objects() === 0, 'something is left in the table');
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

/** The best of each. */
function best(samples: readonly Sample[]): Sample {
  const least = (key: keyof Sample): number => Math.min(...samples.map((sample) => sample[key]));
  return {
    add: least('add'),
    lookUp: least('lookUp'),
    enumerate: least('enumerate'),
    delete: least('delete'),
    bytesPerRoute: least('bytesPerRoute'),
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A time, and how many times the one of the decade before it is. */
function cell(now: number, before: number | undefined): string {
  const growth = before === undefined ? '' : `×${(now / before).toFixed(2)}`;
  return `${Math.round(now)}`.padStart(7) + growth.padStart(7);
}

function scale(kind: Kind, family: Family, decades: readonly number[]): void {
  print(`\n${kind.implementation} · ${family.name}: nanoseconds per route, ×growth per decade`);
  print(`  routes          add         look up      enumerate         delete   bytes/route`);
  let before: Sample | undefined;
  for (const decade of decades) {
    if (decade > kind.decadeMax) {
      print(`    10^${decade}  does not fit in 1 GB`);
      continue;
    }
    const routes = prefixes(10 ** decade, family);
    const runs = decade >= 6 ? 1 : RUNS_MAX;
    const samples = Array.from({ length: runs }, () => measure(kind, family, routes));
    const now = best(samples);
    const cells = operations.map((name) => cell(now[name], before?.[name]));
    print(`    10^${decade} ${cells.join(' ')} ${`${Math.round(now.bytesPerRoute)}`.padStart(13)}`);
    before = now;
  }
}

const args = process.argv.slice(2);
const numbers = args.filter((text) => /^\d$/.test(text)).map(Number);
const names = args.filter((text) => !/^\d$/.test(text));
const decades = numbers.length === 0 ? [3, 4, 5, 6] : numbers;
const chosen = kinds.filter(
  ({ implementation }) => names.length === 0 || names.includes(implementation),
);
if (chosen.length === 0) throw new Error(`there is no ${names.join(', ')}`);
for (const kind of chosen) for (const family of families) scale(kind, family, decades);
print(`\nat most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB of memory, all told`);
