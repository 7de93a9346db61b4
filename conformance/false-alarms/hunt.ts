/**
 * Hunts for false alarms by hand, at any length:
 *
 *     tsx --conditions=rtm-conformance-source conformance/false-alarms/hunt.ts [effort] [first seed] [seeds] [name]
 */
import process from 'node:process';
import { profiles } from '../../spec/index.ts';
import { accusations } from './accusations.ts';
import { tableImplementations } from './tables/index.ts';

const [effort = 0.2, first = 1, seeds = 1] = process.argv.slice(2, 5).map(Number);
const wanted = process.argv[5] ?? '';

async function hunt(): Promise<void> {
  for (let seed = first; seed < first + seeds; seed += 1) {
    for (const implementation of tableImplementations) {
      if (!implementation.name.includes(wanted)) continue;
      for (const profile of profiles) {
        if (profile === 'notes' && implementation.profile !== 'notes') continue;
        const found = await accusations(implementation, {
          profile,
          seed,
          effort,
          executions: Math.ceil(50 * effort),
        });
        const verdict = found.length === 0 ? 'accused by nothing' : found.join('\n  ');
        process.stdout.write(`${implementation.name}, ${profile}, seed ${seed}: ${verdict}\n`);
      }
    }
  }
}

await hunt();
