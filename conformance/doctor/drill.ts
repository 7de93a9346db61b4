/** What the doctor does to an adapter, and what came of it. */
import type { AdapterDescription } from '../../harness/adapters/process/index.ts';
import type { Patient } from './patient.ts';

export type Rung = 'A' | 'B' | 'C';

/**
 * - `ok`: as it should be
 * - `failed`: not so
 * - `remark`: allowed, and worth knowing
 * - `untried`: nothing could be seen, or something before it has failed
 */
export type FindingStatus = 'ok' | 'failed' | 'remark' | 'untried';

export interface Finding {
  readonly id: string;
  /** What was to be shown, as a sentence about the adapter. */
  readonly title: string;
  readonly rung: Rung;
  readonly status: FindingStatus;
  /** What was seen, where there is more to say. */
  readonly seen?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** What a drill has seen: a problem, nothing, or something to tell. */
export type Observation =
  string | undefined | { readonly status: 'ok' | 'remark' | 'untried'; readonly seen: string };

export interface Drill {
  readonly id: string;
  readonly title: string;
  readonly rung: Rung;
  /** For when it fails, or is remarked on. */
  readonly hint: string;
  /** Whether the adapter claims what it is about; absent: whatever it claims. */
  readonly isFor?: (capabilities: AdapterDescription['capabilities']) => boolean;
  /** May reject with an `AdapterFault`, which is a problem, too. */
  observe(patient: Patient): Promise<Observation>;
}
