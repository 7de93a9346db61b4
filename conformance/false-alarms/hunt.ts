/**
 * Hunts for false alarms by hand, at any length: after the implementations as they are, with readings drawn anew for
 * each seed.
 *
 *     tsx --conditions=rtm-conformance-source conformance/false-alarms/hunt.ts [effort] [first seed] [seeds] [name]
 */
import process from 'node:process';
import type { Implementation } from '../../harness/adapters/index.ts';
import { RandomSource } from '../../harness/index.ts';
import { profiles } from '../../spec/index.ts';
import { accusations } from './accusations.ts';
import { anyChoices } from './tables/any-choices.ts';
import { createDrifting } from './tables/drifting.ts';
import { createEager } from './tables/eager.ts';
import { tableImplementations } from './tables/index.ts';
import { createMean } from './tables/mean.ts';

const [effort = 0.2, first = 1, seeds = 1] = process.argv.slice(2, 5).map(Number);
const wanted = process.argv[5] ?? '';

/** The same in kind, but with readings drawn by the seed. */
function redrawn(implementation: Implementation, seed: number): Implementation {
  return {
    ...implementation,
    create: (host) => {
      let last = 0;
      const choices = anyChoices(new RandomSource(seed), () => (last += 1));
      const now = (): number => host.now();
      if (implementation.name.startsWith('eager'))
        return createEager({ ...choices, shadowed: true }, now);
      if (implementation.name.startsWith('drifting')) return createDrifting(choices, now);
      return createMean(host, choices);
    },
  };
}

async function hunt(): Promise<void> {
  for (let seed = first; seed < first + seeds; seed += 1) {
    for (const original of tableImplementations) {
      if (!original.name.includes(wanted)) continue;
      const implementation = seed === first ? original : redrawn(original, seed);
      for (const profile of profiles) {
        if (profile === 'notes' && implementation.profile !== 'notes') continue;
        const found = await accusations(implementation, {
          profile,
          seed,
          effort,
          executions: Math.ceil(50 * effort),
        });
        const verdict = found.length === 0 ? 'accused by nothing' : `\n  ${found.join('\n  ')}`;
        process.stdout.write(`${implementation.name}, ${profile}, seed ${seed}: ${verdict}\n`);
      }
    }
  }
}

await hunt();
