/**
 * What the documents leave open, and which reading a judgement takes.
 *
 * Every reading defaults to the widest: an implementation under either reading of an undecided point
 * conforms. A caller that knows what its implementation chose narrows it and so catches more.
 */
import type { Profile } from '../../spec/index.ts';

export interface Readings {
  /** Whether lists contain the caller. `either`: one of the two, the same in every list. */
  readonly callerInList: 'yes' | 'no' | 'either';
  /**
   * Whether a list shows one moment. `weak`: what was registered throughout the call is in it, what
   * was not registered at any moment of the call is not, and the rest is open.
   */
  readonly listing: 'atomic' | 'weak';
  /** When an identity may register again: at deregistration, or once the old object is freed. */
  readonly identityFree: 'at-deregistration' | 'either';
  /** `synchronous`: events have started before the call they tell of returns. */
  readonly delivery: 'synchronous' | 'either';
  /** Whether entities of another instance or family can be described, given a handle of one. */
  readonly otherTable: 'refused' | 'either';
  /** Whether deregistering while holding handles may fail, which the notes rule out. */
  readonly leaveHolding: 'succeeds' | 'either';
  /** Whether clients may be told of their own registration and deregistration. */
  readonly ownEvents: 'no' | 'either';
  /** Whether a client that leaves later must still get what happened before it began to. */
  readonly leaverTold: 'always' | 'either';
  /** Whether deregistration waits for running callbacks of its client, as the notes say it does. */
  readonly callbacks: 'awaited' | 'either';
  /** Whether registration may fail for want of memory, resources or configuration. */
  readonly environment: 'healthy' | 'any';
}

export interface Context {
  readonly profile: Profile;
  readonly readings: Readings;
}

export function createContext(
  options: { readonly profile?: Profile; readonly readings?: Partial<Readings> } = {},
): Context {
  const profile = options.profile ?? 'documented';
  return {
    profile,
    readings: {
      callerInList: 'either',
      listing: 'weak',
      identityFree: 'either',
      delivery: 'either',
      otherTable: 'either',
      leaveHolding: profile === 'notes' ? 'succeeds' : 'either',
      ownEvents: 'either',
      leaverTold: 'either',
      callbacks: profile === 'notes' ? 'awaited' : 'either',
      environment: 'healthy',
      ...options.readings,
    },
  };
}

export const widest: Context = createContext();
