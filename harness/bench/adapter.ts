/**
 * `npm run bench -- adapter [<command> …]`: calls through the pipe to an adapter in another process, beside the
 * same calls of the same implementation in this one. Without a command the adapter is the small one of the
 * tests, in JavaScript; with one, such as `examples/c/build/rtm-adapter`, that one is measured as well.
 *
 * A program is a session of its own: opened, eight calls and two callbacks, closed. A round is what rung B is
 * made of, one call on each of two lanes at once.
 */
import { readFileSync } from 'node:fs';
import { cpuUsage, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { type AdapterLink, type JsonObject, startAdapter } from '../adapters/process/index.ts';
import { problemOfResult } from '../adapters/process/validate.ts';
import { monotonicMs } from '../index.ts';
import { printTable } from './table.ts';

const ROUNDS = 5;
const SLICE_MS = 250;
const LANES = 8;
const FIXTURES = new URL('../adapters/process/fixtures/', import.meta.url);
/** Ticks of /proc are hundredths of a second on every Linux that there is. */
const MS_PER_TICK = 10;

/** Makes one call of the implementation. */
type Caller = (lane: number, name: string, args: JsonObject) => Promise<Outcome>;

type Method = (lane: number, args: object) => Outcome | Promise<Outcome>;

interface Outcome {
  readonly status?: number;
  readonly out?: Readonly<Record<string, unknown>>;
}

/** What is measured: does something once, or several things at once, and tells how many. */
type Work = () => Promise<number>;

interface Measured {
  readonly perSecond: number;
  /** Microseconds of processor time for one: of this process, and of the adapter. */
  readonly own: number;
  readonly theirs: number | undefined;
}

export async function adapter(command: readonly string[]): Promise<void> {
  const small = [execPath, fileURLToPath(new URL('good.mjs', FIXTURES))];
  const rows = [...(await inProcess())];
  rows.push(...(await throughPipe('JavaScript, stdio', small, 'stdio')));
  rows.push(...(await throughPipe('JavaScript, fd 3', [...small, 'fd3'], 'fd3')));
  if (command.length > 0) rows.push(...(await throughPipe(command.join(' '), command, 'stdio')));
  printTable(['implementation', 'what', 'per second', 'µs', 'CPU µs here', 'CPU µs there'], rows);
  console.log('\nOf the processor time here, for one call:');
  printTable(['part', 'µs'], parts());
  console.log(`\nNode ${process.version}. Medians of ${ROUNDS} rounds of ${SLICE_MS} ms.`);
}

async function inProcess(): Promise<string[][]> {
  // Of JavaScript, which has no declarations.
  const { SmallRtm } = (await import(new URL('small-rtm.mjs', FIXTURES).href)) as {
    SmallRtm: new (notify: () => Promise<number>) => Record<string, Method>;
  };
  const open = (): Caller => {
    const rtm = new SmallRtm(() => Promise.resolve(0));
    return async (lane, name, args) => rtm[name]?.(lane, args) ?? {};
  };
  const call = open();
  const args = await registered(call);
  const works: readonly [string, Work][] = [
    ['calls, one after another', async () => once(call(0, 'RtmReleaseEntityInfo', args))],
    ['programs', async () => once(program(open()))],
  ];
  return measureAll('in this process', works);
}

async function throughPipe(
  name: string,
  command: readonly string[],
  channel: 'stdio' | 'fd3',
): Promise<string[][]> {
  const link = await startAdapter({ command, channel, startMs: 30_000, opMs: 30_000 });
  const call = await opened(link, 'calls', 'sequential');
  const args = await registered(call);
  let sessions = 0;
  const works: [string, Work][] = [
    ['pings', async () => once(link.request('ping', {}))],
    ['calls, one after another', async () => once(call(0, 'RtmReleaseEntityInfo', args))],
    [
      'programs',
      async () => {
        sessions += 1;
        const session = `p${sessions}`;
        await program(await opened(link, session, 'sequential'));
        await link.request('session.close', { session });
        return 1;
      },
    ],
  ];
  if (link.description.capabilities.lanes) works.push(...(await onLanes(link)));
  const rows = await measureAll(name, works, link.pid);
  await link.close();
  return rows;
}

/** Work of several lanes at once. */
async function onLanes(link: AdapterLink): Promise<[string, Work][]> {
  const call = await opened(link, 'lanes', 'free');
  const args = await registered(call);
  const op = { name: 'RtmReleaseEntityInfo', args };
  let lastId = 1_000_000;
  const round = async (): Promise<number> => {
    const lanes = [0, 1].map((lane) => ({ lane, ops: [{ ...op, id: (lastId += 1) }] }));
    const schedule = { kind: 'free', seed: 1 } as const;
    return once(link.request('program.run', { session: 'lanes', lanes, schedule }));
  };
  const abreast = async (): Promise<number> => {
    const calls = Array.from({ length: LANES }, (_, lane) => call(lane, op.name, args));
    return (await Promise.all(calls)).length;
  };
  return [
    [`calls, on ${LANES} lanes at once`, abreast],
    ['rounds of two lanes', round],
  ];
}

async function opened(
  link: AdapterLink,
  session: string,
  mode: 'sequential' | 'free',
): Promise<Caller> {
  link.listen(session, {
    request: () => Promise.resolve({ status: 0 } as never),
    notification: () => {},
  });
  await link.request('session.open', { session, mode });
  let id = 0;
  return (lane, name, args) => {
    id += 1;
    return link.request('op', { session, lane, id, name, args });
  };
}

/** The arguments of a call that gives back what it was told of an entity. */
async function registered(call: Caller): Promise<JsonObject> {
  const { out } = await call(0, 'RtmRegisterEntity', registration(99));
  return { RtmRegHandle: out?.['RtmRegHandle'], EntityInfo: info(99) };
}

/** Eight calls and, where callbacks are kept, two of those. */
async function program(call: Caller): Promise<void> {
  const first = await call(0, 'RtmRegisterEntity', registration(1, { callback: 1 }));
  const second = await call(0, 'RtmRegisterEntity', registration(2));
  const mine = { RtmRegHandle: first.out?.['RtmRegHandle'] };
  const other = second.out?.['RtmRegHandle'];
  await call(0, 'RtmGetRegisteredEntities', { ...mine, NumEntities: 8 });
  await call(0, 'RtmGetEntityInfo', { ...mine, EntityHandle: other });
  await call(0, 'RtmReleaseEntityInfo', { ...mine, EntityInfo: info(2) });
  const handles = [mine.RtmRegHandle, other];
  await call(0, 'RtmReleaseEntities', { ...mine, NumEntities: 2, EntityHandles: handles });
  await call(0, 'RtmDeregisterEntity', { RtmRegHandle: other });
  await call(0, 'RtmDeregisterEntity', mine);
}

function info(instance: number): object {
  const EntityId = { EntityProtocolId: 100, EntityInstanceId: instance };
  return { RtmInstanceId: 0, AddressFamily: 2, EntityId };
}

function registration(instance: number, EventCallback: object | null = null): JsonObject {
  const rest = { ExportMethods: null, EventCallback, ReserveOpaquePointer: false };
  return { RtmEntityInfo: info(instance), ...rest };
}

async function once(work: Promise<unknown>): Promise<number> {
  await work;
  return 1;
}

async function measureAll(
  name: string,
  works: readonly [string, Work][],
  pid?: number,
): Promise<string[][]> {
  const rounds = new Map<string, Measured[]>(works.map(([what]) => [what, []]));
  for (const [, work] of works) await measure(work, pid);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [what, work] of works) rounds.get(what)?.push(await measure(work, pid));
  }
  return [...rounds].map(([what, measured]) => {
    const { perSecond, own, theirs } = medianOf(measured);
    const times = [1e6 / perSecond, own, theirs].map((us) => us?.toFixed(1) ?? '–');
    return [name, what, Math.round(perSecond).toString(), ...times];
  });
}

async function measure(work: Work, pid: number | undefined): Promise<Measured> {
  const theirs = pid === undefined ? undefined : processorMsOf(pid);
  const own = cpuUsage();
  const start = monotonicMs();
  let count = 0;
  while (monotonicMs() - start < SLICE_MS) count += await work();
  const ms = monotonicMs() - start;
  const used = cpuUsage(own);
  return {
    perSecond: (1000 * count) / ms,
    own: (used.user + used.system) / count,
    theirs:
      pid === undefined || theirs === undefined
        ? undefined
        : (1000 * ((processorMsOf(pid) ?? theirs) - theirs)) / count,
  };
}

function medianOf(measured: readonly Measured[]): Measured {
  const sorted = measured.toSorted((a, b) => a.perSecond - b.perSecond);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Undefined where the system does not tell. */
function processorMsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return undefined;
  }
}

/** What is done with the text of a call and of its answer. */
function parts(): string[][] {
  const args = { RtmRegHandle: 'entity:1#1', EntityInfo: info(99) };
  const op = { session: 'calls', lane: 0, id: 1, name: 'RtmReleaseEntityInfo', args };
  const answer = '{"jsonrpc":"2.0","id":4711,"result":{"status":0}}';
  const { result } = JSON.parse(answer) as { result: unknown };
  return [
    ['writing the request', timeOf(() => JSON.stringify(op))],
    ['reading the answer', timeOf(() => JSON.parse(answer) as unknown)],
    ['holding it against the schema', timeOf(() => problemOfResult('op', result))],
  ];
}

function timeOf(part: () => unknown): string {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = monotonicMs();
    for (let time = 0; time < 100_000; time += 1) part();
    return (monotonicMs() - start) / 100;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!.toFixed(2);
}
