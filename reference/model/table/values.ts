/** Values that clients hand in and get back, which mean nothing to the model but to be the same. */

/** Equal texts for equal plain values; an absent value is NULL. */
export function showValueKey(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'bigint':
    case 'boolean':
      return `${typeof value}:${String(value)}`;
    case 'object':
      return showObject(value);
    default:
      return typeof value;
  }
}

function showObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(showValueKey).join()}]`;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}=${showValueKey(field)}`).join()}}`;
}
