/** What a census must look like: a misspelt kind would otherwise be one that nobody counts. */
import { handleKinds } from '../../spec/index.ts';
import { show } from '../exploration/show.ts';
import { isObject } from './unknown-values.ts';

/** What is wrong with the census of an implementation; undefined if nothing is. */
export function problemOfCensus(census: unknown): string | undefined {
  if (!isObject(census)) return `it must return an object, not ${show(census)}`;
  for (const [kind, counts] of Object.entries(census)) {
    if (!handleKinds.some((known) => known === kind))
      return `it tells of a kind ${show(kind)}, which is none of ${handleKinds.join(', ')}`;
    const isList = Array.isArray(counts) && counts.every((count) => Number.isInteger(count));
    if (!isList) return `its '${kind}' must be an array of whole numbers, not ${show(counts)}`;
  }
  return undefined;
}
