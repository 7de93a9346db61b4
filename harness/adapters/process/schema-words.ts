/** The few kinds of JSON Schema that the protocol is written in. */

export type Schema = Readonly<Record<string, unknown>>;

/** An object that has all the members named, but for those that may be absent. */
export function object(members: Readonly<Record<string, Schema>>, optional: string[] = []): Schema {
  const required = Object.keys(members).filter((name) => !optional.includes(name));
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    ...(Object.keys(members).length > 0 && { properties: members }),
  };
}

/** An object that has exactly one of the members in `one`, and perhaps those in `optional`. */
export function oneMemberOf(
  members: Readonly<Record<string, Schema>>,
  one: string[],
  optional: string[],
): Schema {
  return {
    ...object(members, [...one, ...optional]),
    oneOf: one.map((name) => ({ required: [name] })),
  };
}

export function array(items: Schema, description: string): Schema {
  return { type: 'array', items, description };
}

export function text(description: string, minLength = 0): Schema {
  return { type: 'string', ...(minLength > 0 && { minLength }), description };
}

export function integer(description: string): Schema {
  return { type: 'integer', description };
}

/** An integer from 0 on. */
export function whole(description: string, maximum?: number): Schema {
  return { type: 'integer', minimum: 0, ...(maximum !== undefined && { maximum }), description };
}
