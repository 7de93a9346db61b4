/** All bugs of the corpus, in the style of SCTBench. The next family is a file, and a line here. */
import { atomicityBugs } from './atomicity.ts';
import type { Bug } from './bug.ts';
import { conditionBugs } from './conditions.ts';
import { initializationBugs } from './initialization.ts';
import { lifetimeBugs } from './lifetimes.ts';
import { lockOrderBugs } from './lock-order.ts';
import { lostUpdateBugs } from './lost-updates.ts';
import { orderingBugs } from './ordering.ts';
import { queueBugs } from './queues.ts';
import { stackBugs } from './stacks.ts';

export const BUGS: readonly Bug[] = [
  ...orderingBugs,
  ...lostUpdateBugs,
  ...atomicityBugs,
  ...initializationBugs,
  ...conditionBugs,
  ...lockOrderBugs,
  ...stackBugs,
  ...queueBugs,
  ...lifetimeBugs,
];
