/** The reach of a fuzz run as a table: which function has returned which status, and how often. */
import { grouped } from '../../reports/index.ts';
import { whyOutOfReach } from '../properties/out-of-reach.ts';
import { type Reach, type ReachRow, reachRows } from '../properties/reach.ts';
import type { Style } from './style.ts';
import { type Column, renderTable } from './table.ts';

const columns: readonly Column[] = [
  { title: 'function' },
  { title: 'status' },
  { title: 'times', isNumber: true },
  { title: 'remark' },
];

export function renderReach(reach: Reach, style: Style): string {
  const rows = reachRows(reach);
  const documented = rows.filter(({ isDocumented }) => isDocumented);
  const reached = documented.filter(({ times }) => times > 0);
  const missing = documented.filter(
    ({ name, status, times }) => times === 0 && whyOutOfReach(name, status) === undefined,
  );
  const sum = `${reached.length} of ${documented.length} documented statuses were returned; ${missing.length} more can be.`;
  const table = renderTable(
    columns,
    rows.map((row, index) => cellsOf(row, rows[index - 1])),
    style,
  );
  return `${table}\n${sum}\n`;
}

function cellsOf(row: ReachRow, before: ReachRow | undefined): readonly string[] {
  const { name, status, times } = row;
  return [name === before?.name ? '' : name, status, grouped(times), remarkOn(row)];
}

function remarkOn({ name, status, isDocumented, times }: ReachRow): string {
  if (!isDocumented) return 'not documented for this function';
  if (times > 0) return '';
  return whyOutOfReach(name, status) ?? 'not returned';
}
