/** Puts numbers and handles in the places of arguments that say where they are to be taken from. */
import type { RegistrationProfileShape } from '../../spec/index.ts';
import { isRecord } from './describe-reply.ts';
import type { NumberRef } from './table-actions.ts';
import type { HeldObject } from './table-ledger.ts';

export interface ArgumentSources {
  /** An argument, or the structure in its place. */
  readonly valueOf: (parameter: string) => unknown;
  /** What the action with this name returned. */
  readonly objectsOf: (name: string) => readonly HeldObject[] | undefined;
  /** Of the caller. */
  readonly profile: RegistrationProfileShape | undefined;
}

/** Changes the parameters; false when one of them refers to nothing. */
export function expandArguments(
  parameters: Record<string, unknown>,
  sources: ArgumentSources,
): boolean {
  for (const [parameter, ref] of Object.entries(parameters)) {
    if (!isRecord(ref) || !('allOf' in ref)) continue;
    const objects = sources.objectsOf(String(ref['allOf']));
    if (objects === undefined) return false;
    parameters[parameter] = objects.map(({ handle }) => ({ direct: handle }));
  }
  for (const [parameter, ref] of Object.entries(parameters)) {
    if (!isRecord(ref) || !('profile' in ref || 'lengthOf' in ref)) continue;
    // By the type of the action.
    const number = numberOf(ref as NumberRef, sources);
    if (number === undefined) return false;
    parameters[parameter] = number;
  }
  return true;
}

function numberOf(ref: NumberRef, { valueOf, profile }: ArgumentSources): number | undefined {
  if ('lengthOf' in ref) {
    const value = valueOf(ref.lengthOf);
    return Array.isArray(value) ? value.length : undefined;
  }
  if (profile === undefined) return undefined;
  if (ref.profile === 'view not supported') {
    const isSupported = (view: number): boolean => ((profile.ViewsSupported >>> view) & 1) === 1;
    for (let view = 31; view >= 0; view -= 1) if (!isSupported(view)) return (1 << view) >>> 0;
    return undefined;
  }
  return Math.min(profile.MaxHandlesInEnum, ref.atMost ?? Infinity) + (ref.plus ?? 0);
}
