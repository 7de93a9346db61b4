/** Feature levels: the groups in which an implementer would build an RTM, and claims to have. */
export const levels = [
  'core',
  'routes',
  'nexthops',
  'lookup',
  'enumeration',
  'notification',
  'lists',
  'methods',
  'opaque',
  'hold-aging',
  'views',
] as const;

export type Level = (typeof levels)[number];

/**
 * What an implementation is measured by: `documented`, the public reference pages alone, or
 * `notes`, which adds the implementer's notes.
 */
export const profiles = ['documented', 'notes'] as const;

export type Profile = (typeof profiles)[number];
