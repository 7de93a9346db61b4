/** Tables of text for the terminal: columns aligned, the last one taking what room is left. */
import { padEnd, padStart, painter, truncate, widthOf } from '../../reports/index.ts';
import type { Style } from './style.ts';

export interface Column {
  readonly title: string;
  readonly isNumber?: true;
}

/** Lines, each ending in a line feed. Cells must be harmless text. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const paint = painter(style.color);
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const lineOf = (cells: readonly string[]): string =>
    columns
      .map(({ isNumber }, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        if (isNumber === true) return padStart(cell, width);
        // Who reads it from a pipe can do with long lines.
        if (index < columns.length - 1) return padEnd(cell, width);
        return truncate(cell, Math.max(20, style.width - before));
      })
      .join('  ')
      .trimEnd();
  const header = paint('faint', lineOf(columns.map(({ title }) => title)));
  return [header, ...rows.map(lineOf)].map((line) => line + '\n').join('');
}
