/** Compares what a registration delivered with what its expectation permits. */
import type { RtmRegnProfile } from '../../harness/adapters/index.ts';
import { NULL_HANDLE } from '../../reference/model/index.ts';
import type { Mismatch } from './mismatch.ts';
import type { ObservedCall, ObservedRun } from './observed-run.ts';
import type { Expectation } from './scenario.ts';

export function checkHandle(
  expectation: Expectation,
  observed: ObservedCall,
  run: ObservedRun,
): Mismatch | undefined {
  if (expectation.handle === undefined) return undefined;
  const handle = observed.reply?.out?.['RtmRegHandle'];
  const permitted = ['a handle that no other registered client has'];
  if (handle === undefined || handle === NULL_HANDLE) {
    return {
      message: 'no registration handle is delivered',
      observed: 'the NULL handle',
      permitted,
    };
  }
  // Once its client has gone, a handle value may be given out again.
  const holders = [...run.clients.values()].filter(
    (client) => client.handle === handle && client.leftAt === undefined,
  );
  if (holders.length <= 1) return undefined;
  return {
    message: 'two registered clients have one registration handle',
    observed: 'the handle of another client',
    permitted,
  };
}

export function checkProfile(
  expectation: Expectation,
  observed: ObservedCall,
): Mismatch | undefined {
  if (expectation.profile === undefined) return undefined;
  const profile = recordOf(observed.reply?.out?.['RtmRegProfile']);
  const { isRight, message, permitted } = profileChecks[expectation.profile];
  if (isRight((field) => countOf(profile[field]))) return undefined;
  const seen = profileFields.map((field) => `${field} ${String(profile[field])}`).join(', ');
  return { message, observed: seen, permitted: [permitted] };
}

type ProfileField = keyof RtmRegnProfile;

const profileFields: readonly ProfileField[] = [
  'MaxNextHopsInRoute',
  'MaxHandlesInEnum',
  'ViewsSupported',
  'NumberOfViews',
];

interface ProfileCheck {
  /** `count` is NaN for what is no count. */
  readonly isRight: (count: (field: ProfileField) => number) => boolean;
  readonly message: string;
  readonly permitted: string;
}

const profileChecks: Readonly<Record<NonNullable<Expectation['profile']>, ProfileCheck>> = {
  complete: {
    isRight: (count) => profileFields.every((field) => !Number.isNaN(count(field))),
    message: 'RtmRegProfile is not filled',
    permitted: 'a count in each field of RTM_REGN_PROFILE',
  },
  'views counted': {
    isRight: (count) => count('NumberOfViews') === bitsIn(count('ViewsSupported')),
    message: 'NumberOfViews is not the number of bits in ViewsSupported',
    permitted: 'as many views as there are bits',
  },
  usable: {
    isRight: (count) => count('MaxNextHopsInRoute') >= 1 && count('MaxHandlesInEnum') >= 1,
    message: 'a limit of the profile leaves no room',
    permitted: 'MaxNextHopsInRoute and MaxHandlesInEnum of at least 1',
  },
};

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : Number.NaN;
}

function bitsIn(mask: number): number {
  let bits = 0;
  for (let rest = mask >>> 0; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  // A non-null object can be read by string keys, whatever it is.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
