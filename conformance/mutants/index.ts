/** The mutants: what they are, how they are made, and how well the suite tells them from correct ones. */
import { monitorMutants } from './monitor-mutants.ts';
import type { Mutant } from './mutant.ts';
import { notesProtocolMutants } from './notes-protocol-mutants.ts';

export { loadMutant, loadUnmodified, MutantError } from './load-mutant.ts';
export { type Edit, type Invariant, invariants, type Mutant } from './mutant.ts';

export const mutants: readonly Mutant[] = [...notesProtocolMutants, ...monitorMutants];
