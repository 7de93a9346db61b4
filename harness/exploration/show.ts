/** Values as short text, the same on every machine. */

const LENGTH_MAX = 48;

export function show(value: unknown, depth = 1): string {
  const text = render(value, depth);
  return text.length <= LENGTH_MAX ? text : `${text.slice(0, LENGTH_MAX - 1)}…`;
}

function render(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return value.name === '' ? 'function' : `function ${value.name}`;
    case 'object':
      return value === null ? 'null' : renderObject(value, depth);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'symbol':
    case 'boolean':
    case 'undefined':
      return String(value);
  }
}

function renderObject(value: object, depth: number): string {
  if ('name' in value && typeof value.name === 'string' && value.name !== '') return value.name;
  if (Array.isArray(value)) {
    return depth === 0 ? '[…]' : `[${value.map((item) => render(item, depth - 1)).join(', ')}]`;
  }
  const entries = Object.entries(value);
  if (depth === 0 || entries.length === 0) return entries.length === 0 ? '{}' : '{…}';
  return `{${entries.map(([key, item]) => `${key}: ${render(item, depth - 1)}`).join(', ')}}`;
}
