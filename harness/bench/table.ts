/** Rows of text in columns; numbers stand at the right. */

export function printTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const texts = [header, ...rows].map((row) => row.map((cell) => cell.toString()));
  const widths = header.map((_, column) =>
    Math.max(...texts.map((row) => (row[column] ?? '').length)),
  );
  const isNumeric = header.map((_, column) =>
    rows.every((row) => /^[-≥>~]? ?[\d.,]+( ?[×%kM])?$|^–?$/.test((row[column] ?? '').toString())),
  );
  for (const row of texts) {
    const cells = row.map((text, column) =>
      isNumeric[column] === true
        ? text.padStart(widths[column] ?? 0)
        : text.padEnd(widths[column] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
}

/** With a comma between thousands. */
export function grouped(value: number | bigint): string {
  return value.toString().replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}
