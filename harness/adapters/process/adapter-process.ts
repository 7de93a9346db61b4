/** Starts adapters. */
import { AdapterFault } from './fault.ts';
import type { AdapterLink, StartOptions } from './types.ts';

/** Rejects with an `AdapterFault` of the kind `start` or `canary`. */
export async function startAdapter(options: StartOptions): Promise<AdapterLink> {
  return Promise.reject(new AdapterFault('start', `${options.command.join(' ')}: not yet`));
}
