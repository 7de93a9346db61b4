/** Looking at values that other people's code has made. */

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** A property of anything; undefined where there is none. */
export function propertyOf(value: unknown, name: PropertyKey): unknown {
  if (!isObject(value)) return undefined;
  const property: unknown = Reflect.get(value, name);
  return property;
}
