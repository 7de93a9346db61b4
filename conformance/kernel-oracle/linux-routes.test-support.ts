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

/** Why the kernel cannot be asked here; undefined when it can. */
export function problemOfKernel(): string | undefined {
  const tried = spawnSync('unshare', ['--net', 'ip', '-batch', '-'], {
    input: 'link set lo up\nroute add 192.0.2.0/24 dev lo\n',
    encoding: 'utf8',
  });
  if (tried.error !== undefined) return `unshare and ip are needed: ${tried.error.message}`;
  if (tried.status === 0) return undefined;
  return `a network namespace is not permitted here: ${tried.stderr.trim()}`;
}

/** For each table and each of its addresses the metric of the route that the kernel uses, or null. */
export function askKernel(
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
  const ran = spawnSync('unshare', ['--net', 'ip', flag, '-batch', '-'], {
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
