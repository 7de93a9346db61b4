/**
 * The Linux kernel's routing table as an oracle: `ip` of iproute2 in a network namespace of its own, so that
 * nothing of the machine is touched.
 */
import { spawnSync } from 'node:child_process';
import type { OracleFamily, OracleRoute, OracleTable } from './random-tables.test-support.ts';

/** Kernels have one metric: preference first, then metric, as the documents order routes. */
export function kernelMetric({ preference, metric }: OracleRoute): number {
  return preference * 1000 + metric;
}

/** Catches what no route of the table does, so that every question has an answer. */
const NOWHERE = 99_999;

/** A namespace as whoever runs this, or as the root of a user namespace. */
const WAYS: readonly (readonly string[])[] = [['--net'], ['--user', '--map-root-user', '--net']];

interface Kernel {
  /** How to get a namespace; undefined when there is none to be had. */
  readonly way?: readonly string[];
  /** Why the kernel cannot be asked here. */
  readonly problem?: string;
  /** The tools are there, and the machine does not let them: nothing that installing would help. */
  readonly isForbidden?: true;
}

/** Whether and how the kernel can be asked. */
export function findKernel(): Kernel {
  let problem = '';
  for (const way of WAYS) {
    const tried = spawnSync('unshare', [...way, 'ip', '-batch', '-'], {
      input: 'link set lo up\nroute add 192.0.2.0/24 dev lo\n',
      encoding: 'utf8',
    });
    if (tried.status === 0) return { way };
    if (tried.error !== undefined) return { problem: `unshare is missing: ${tried.error.message}` };
    problem = tried.stderr.trim();
    // As shells do, unshare exits with 127 when there is no such command.
    if (tried.status === 127) return { problem: `ip of iproute2 is missing: ${problem}` };
  }
  return { problem: `a network namespace is not permitted here: ${problem}`, isForbidden: true };
}

/** For each table and each of its addresses the metric of the route that the kernel uses, or null. */
export function askKernel(
  { way, problem }: Kernel,
  family: OracleFamily,
  tables: readonly OracleTable[],
): (readonly (number | null)[])[] {
  const lines = ['link set lo up', `route add default dev lo metric ${NOWHERE}`];
  for (const { routes, deleted, addresses } of tables) {
    const add = (route: OracleRoute): string => spell('add', route);
    const remove = (route: OracleRoute): string => spell('del', route);
    lines.push(
      ...routes.map(add),
      ...routes.slice(0, deleted).map(remove),
      ...addresses.map((address) => `route get fibmatch ${address}`),
      ...routes.slice(deleted).map(remove),
    );
  }
  const flag = family === 'IPv4' ? '-4' : '-6';
  if (way === undefined) throw new Error(problem ?? 'the kernel cannot be asked');
  const ran = spawnSync('unshare', [...way, 'ip', flag, '-batch', '-'], {
    input: lines.join('\n') + '\n',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (ran.status !== 0) throw new Error(`ip failed: ${ran.stderr.slice(0, 500)}`);
  const metrics = ran.stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => Number(/ metric (\d+)/.exec(line)?.[1]));
  let next = 0;
  return tables.map(({ addresses }) =>
    addresses.map(() => {
      const metric = metrics[next];
      next += 1;
      if (metric === undefined || Number.isNaN(metric)) throw new Error('an answer is missing');
      return metric === NOWHERE ? null : metric;
    }),
  );
}

function spell(verb: 'add' | 'del', route: OracleRoute): string {
  return `route ${verb} ${route.prefix} dev lo metric ${kernelMetric(route)}`;
}
