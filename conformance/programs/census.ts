/**
 * Counts of references, for implementations that tell them: what is registered or held is alive, and
 * nothing else is. How many references an object starts with is the implementation's own affair.
 */
import { type ObjectCensus, problemOfCensus, type Rtm } from '../../harness/adapters/index.ts';
import type { Runtime } from '../../harness/index.ts';
import type { Client } from './client.ts';
import type { Violation } from './judge.ts';

/** The live objects of now, if the implementation tells; one that nobody can read is the adapter's fault. */
export function censusOf(rt: Runtime, rtm: Rtm): ObjectCensus | undefined {
  const census: unknown = rtm.census?.();
  if (census === undefined) return undefined;
  const problem = problemOfCensus(census);
  if (problem !== undefined) rt.fail('adapter-error', `census: ${problem}`);
  return census as ObjectCensus;
}

/** Without what nothing refers to, which may be freed a little later. */
export function referred(census: ObjectCensus | undefined): ObjectCensus | undefined {
  return census?.entity && { ...census, entity: census.entity.filter((count) => count !== 0) };
}

export function checkCensus(
  census: ObjectCensus | undefined,
  client: Client,
  stage: 'running' | 'left',
): Violation | undefined {
  const counts = census?.entity;
  if (counts === undefined) return undefined;
  const { registered, held, perhaps } = client.holdings();
  const most = registered + held + perhaps;
  if (counts.length < registered) {
    return {
      rule: 'RTM-REF-010',
      message: 'a registered entity is missing from the census',
      observed: `${counts.length} live entities`,
      permitted: [`at least the ${registered} that are registered`],
    };
  }
  if (counts.length > most) {
    return {
      rule: stage === 'left' ? 'RTM-REF-009' : 'RTM-REF-004',
      message: 'the census counts entities that nobody has registered or holds',
      observed: `${counts.length} live entities`,
      permitted: [`at most ${most}: ${registered} registered, ${held} handles held`],
    };
  }
  const references = counts.reduce((sum, count) => sum + count, 0);
  if (references < held) {
    return {
      rule: 'RTM-REF-001',
      message: 'the census counts fewer references than handles are held',
      observed: `${references} references`,
      permitted: [`at least ${held}, one for each handle held`],
    };
  }
  // Whether a registration is itself one of the references is not for us to say.
  const unreferenced = counts.filter((count) => count <= 0);
  if (unreferenced.length <= registered && unreferenced.every((count) => count === 0)) {
    return undefined;
  }
  return {
    rule: 'RTM-REF-004',
    message: 'the census lists an entity without references',
    observed: `reference counts ${counts.join(', ')}`,
    permitted: ['only positive counts: an object that nothing refers to is freed'],
  };
}
