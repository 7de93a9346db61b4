/** The names of a table whose type says exactly which names it has, in the order they are written. */
export function namesOf<Table extends object>(table: Table): readonly (keyof Table & string)[] {
  // Object.keys cannot promise this of every object; our tables are literals without other keys.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.keys(table) as (keyof Table & string)[];
}
