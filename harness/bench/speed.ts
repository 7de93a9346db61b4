/**
 * `npm run bench -- speed`: executions per second under `explore` with all detection on, beside fast-check's
 * scheduler and beside bare generators, on the same programs in the same run.
 *
 * Aims: at least 30 times as many as fast-check, and at least a third of what bare generators do. The steps per
 * execution tell whether the three do the same work: each polls as often as its scheduler lets it.
 */
import { type ContestOptions, hold, type Result, type Spread } from './contest.ts';
import { exploredDeregistration, exploredLostUpdate } from './explored.ts';
import type { Contest } from './peer.ts';
import { printTable } from './table.ts';
import { drawnDeregistration, drawnLostUpdate } from './with-bare-generators.ts';
import { scheduledDeregistration, scheduledLostUpdate } from './with-fast-check.ts';

const OPTIONS: ContestOptions = { rounds: 11, sliceMs: 150 };
const OVER_FAST_CHECK_AIM = 30;
const UNDER_BARE_AIM = 3;

const CONTESTS: readonly Contest[] = [
  {
    program: 'lost update, 2 threads',
    ours: exploredLostUpdate(2),
    fastCheck: scheduledLostUpdate(2),
    bare: drawnLostUpdate(2),
  },
  {
    program: 'lost update, 3 threads',
    ours: exploredLostUpdate(3),
    fastCheck: scheduledLostUpdate(3),
    bare: drawnLostUpdate(3),
  },
  {
    program: 'deregistration, 3 clients',
    ours: exploredDeregistration(3),
    fastCheck: scheduledDeregistration(3),
    bare: drawnDeregistration(3),
  },
];

/** Prints the table; takes about half a minute. */
export async function speed(): Promise<void> {
  const results: Result[] = [];
  for (const contest of CONTESTS) results.push(await hold(contest, OPTIONS));
  printTable(
    [
      'program',
      '× fast-check',
      '÷ bare',
      'explore/s',
      'fc.scheduler/s',
      'bare/s',
      'steps per execution',
    ],
    results.map((result) => [
      result.program,
      ratio(result.overFastCheck),
      ratio(result.underBare),
      rate(result.ours),
      rate(result.fastCheck),
      rate(result.bare),
      result.steps.map((steps) => steps.toFixed(1)).join(', '),
    ]),
  );
  console.log(
    `\nNode ${process.version}. Medians of ${OPTIONS.rounds} rounds; in brackets the least and the most, which tell how noisy the machine was.`,
  );
  const reached = results.every(
    ({ overFastCheck, underBare }) =>
      overFastCheck.median >= OVER_FAST_CHECK_AIM && underBare.median <= UNDER_BARE_AIM,
  );
  console.log(
    `Aims: ≥ ${OVER_FAST_CHECK_AIM} × fast-check, ≤ ${UNDER_BARE_AIM} ÷ bare: ${reached ? 'reached' : 'not reached'}.`,
  );
}

function ratio({ median, least, most }: Spread): string {
  return `${median.toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)})`;
}

function rate({ median }: Spread): string {
  return Math.round(median).toString();
}
