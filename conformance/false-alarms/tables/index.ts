/** Correct implementations with tables, different in kind from each other and from the bundled ones. */
import type { Implementation } from '../kit.ts';
import { drifting } from './drifting.ts';
import { eager } from './eager.ts';
import { mean } from './mean.ts';

export const tableImplementations: readonly Implementation[] = [eager, drifting, mean];
