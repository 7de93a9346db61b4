/** What things are called in the model: handles by tokens, entities and objects by keys of its own. */

/** Stands for one handle value; `NULL_HANDLE` for the NULL handle. */
export type Token = number;

export const NULL_HANDLE: Token = 0;

/** Names an entity within the state; never shown to a client. */
export type EntityKey = number;
