/**
 * A self-test by several processes: each is this program again, with a part of its own to look at. Parts are
 * smaller than a process's share, so that nobody waits long for the slowest. A shard I/N is dealt out
 * further by I + N·k of N·parts, since these are the ids whose hash leaves the same remainder.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { SelfTestFindings } from '../mutants/index.ts';
import { type Shard, SHARDS_MAX, shardText } from '../runner/shard.ts';
import { EXIT } from './exit-codes.ts';
import type { Shell } from './shell.ts';

export interface WorkerOptions {
  readonly workers: number;
  readonly shard: Shard | undefined;
  /** The other options of the command, as they are given on its line. */
  readonly options: readonly string[];
  readonly interrupted: () => boolean;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

const HERE = import.meta.url;
/** `.ts` when running from source, `.js` from `dist`. */
const MAIN = fileURLToPath(new URL(`./main${HERE.slice(HERE.lastIndexOf('.'))}`, HERE));
const PARTS_FOR_EACH = 8;

/** What was found, in no order; nothing if it was interrupted at once. Throws an `Error` when a process breaks. */
export async function selfTestByWorkers(
  shell: Shell,
  { workers, shard, options, interrupted, onProgress }: WorkerOptions,
): Promise<readonly SelfTestFindings[]> {
  const { index, count } = shard ?? { index: 1, count: 1 };
  const parts = Math.min(workers * PARTS_FOR_EACH, Math.floor(SHARDS_MAX / count));
  const found: SelfTestFindings[] = [];
  const broken = new AbortController();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < parts && !interrupted()) {
      const shardOfPart = { index: index + count * next, count: count * parts };
      next += 1;
      onProgress({ done: found.length, total: parts });
      const args = [...options, '--shard', shardText(shardOfPart)];
      const part = await runPart(shell, args, { signal: broken.signal, interrupted });
      if (part !== undefined) found.push(part);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    // When one breaks there is no whole any more, and the others need not go on.
    broken.abort();
  }
  return found;
}

/** Undefined: it was interrupted before it could say anything. */
async function runPart(
  shell: Shell,
  options: readonly string[],
  { signal, interrupted }: { readonly signal: AbortSignal } & Pick<WorkerOptions, 'interrupted'>,
): Promise<SelfTestFindings | undefined> {
  const args = [...process.execArgv, MAIN, 'self-test', '--json', ...options];
  const child = spawn(process.execPath, args, {
    cwd: shell.cwd,
    env: { ...shell.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const release = shell.onStop((stop) => child.kill(stop));
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  release();
  const answers: readonly number[] = [EXIT.good, EXIT.failed, EXIT.interrupted, EXIT.terminated];
  const hasAnswered = code !== null && answers.includes(code) && written.out !== '';
  if (!hasAnswered && interrupted()) return undefined;
  if (!hasAnswered)
    throw new Error(`A process of the self-test ended with ${code}: ${written.err.trim()}`);
  return JSON.parse(written.out) as SelfTestFindings;
}
