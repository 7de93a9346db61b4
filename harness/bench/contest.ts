/**
 * Measures peers beside each other: round by round each of them runs for about as long as the others, and
 * ratios are taken within a round, so that a machine that is busy for a while slows all of them alike.
 */
import { monotonicMs } from '../index.ts';
import type { Contest, Peer } from './peer.ts';

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Result {
  readonly program: string;
  /** Executions per second. */
  readonly ours: Spread;
  readonly fastCheck: Spread;
  readonly bare: Spread;
  /** Steps per execution of ours, fast-check's and the bare generators': how alike the work is. */
  readonly steps: readonly [number, number, number];
  /** How many times as many executions ours does. */
  readonly overFastCheck: Spread;
  /** How many times as many executions the bare generators do. */
  readonly underBare: Spread;
}

export interface ContestOptions {
  readonly rounds: number;
  /** Milliseconds per peer and round. */
  readonly sliceMs: number;
}

export async function hold(contest: Contest, options: ContestOptions): Promise<Result> {
  const peers = [contest.ours, contest.fastCheck, contest.bare];
  const batches: number[] = [];
  for (const peer of peers) batches.push(await batchFor(peer, options.sliceMs));
  const rates: [number, number, number][] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const row: [number, number, number] = [0, 0, 0];
    for (const [index, peer] of peers.entries()) {
      const executions = batches[index] ?? 1;
      row[index] = (executions * 1_000) / (await timeOf(peer, executions));
    }
    rates.push(row);
  }
  return {
    program: contest.program,
    ours: spreadOf(rates.map(([ours]) => ours)),
    fastCheck: spreadOf(rates.map(([, fastCheck]) => fastCheck)),
    bare: spreadOf(rates.map(([, , bare]) => bare)),
    steps: [stepsOf(contest.ours), stepsOf(contest.fastCheck), stepsOf(contest.bare)],
    overFastCheck: spreadOf(rates.map(([ours, fastCheck]) => ours / fastCheck)),
    underBare: spreadOf(rates.map(([ours, , bare]) => bare / ours)),
  };
}

function stepsOf({ done }: Peer): number {
  return done.steps / done.executions;
}

/** So many executions as take about `sliceMs` once the code is warm. */
async function batchFor(peer: Peer, sliceMs: number): Promise<number> {
  let executions = 100;
  for (;;) {
    const ms = await timeOf(peer, executions);
    if (ms >= sliceMs / 2) return Math.max(1, Math.round((executions * sliceMs) / ms));
    executions *= 2;
  }
}

async function timeOf(peer: Peer, executions: number): Promise<number> {
  const start = monotonicMs();
  await peer.run(executions);
  return monotonicMs() - start;
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { median: middle, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}
