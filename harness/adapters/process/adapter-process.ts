/** Starts adapters, and lets nobody meet one that has not shown that it keeps to the protocol. */
import { randomUUID } from 'node:crypto';
import { proveCanaries } from './canaries.ts';
import { type Child, startChild } from './child.ts';
import { AdapterFault, AdapterRefusal } from './fault.ts';
import { Link } from './link.ts';
import type { AdapterDescription } from './messages.ts';
import { LINE_BYTES_MAX, PROTOCOL_VERSION } from './protocol.ts';
import type { AdapterLink, StartOptions } from './types.ts';

/**
 * Rejects with an `AdapterFault` of the kind `start` or `canary`. Nothing of its process is left then.
 */
export async function startAdapter(options: StartOptions): Promise<AdapterLink> {
  const { link } = await startAdapterProcess(options);
  return link;
}

/** An adapter together with its process. */
export interface AdapterProcess {
  readonly link: AdapterLink;
  readonly child: Child;
}

/** As `startAdapter`, for those who mean to do something to the process itself. */
export async function startAdapterProcess(options: StartOptions): Promise<AdapterProcess> {
  const { command, cwd, channel = 'stdio' } = options;
  const child = await startChild({ command, cwd, channel });
  const link = new Link(child, options);
  try {
    link.describe(await initialize(link, options));
    await proveCanaries(link, options.startMs);
    return { link, child };
  } catch (error) {
    await link.kill();
    throw error;
  }
}

async function initialize(link: Link, options: StartOptions): Promise<AdapterDescription> {
  const { seed = 0, suiteVersion = '0', startMs } = options;
  const nonce = randomUUID();
  const params = {
    protocol: { min: PROTOCOL_VERSION, max: PROTOCOL_VERSION },
    suite: { name: 'rtm-conformance', version: suiteVersion },
    seed,
    nonce,
    limits: { lineBytes: LINE_BYTES_MAX },
  };
  const answer = await link
    .request('initialize', params, { ms: startMs })
    .catch((error: unknown) => {
      throw startFault(options, error);
    });
  if (answer.protocol !== PROTOCOL_VERSION) {
    const message = `it speaks version ${answer.protocol} of the protocol, not ${PROTOCOL_VERSION}`;
    throw new AdapterFault('start', message);
  }
  if (answer.nonce !== nonce) {
    throw new AdapterFault('canary', "'initialize' has not echoed the nonce");
  }
  return answer;
}

function startFault({ command }: StartOptions, error: unknown): unknown {
  const name = `\`${command.join(' ')}\``;
  if (error instanceof AdapterRefusal) {
    return new AdapterFault('start', `${name} has refused 'initialize': ${error.message}`);
  }
  if (!(error instanceof AdapterFault)) return error;
  return new AdapterFault('start', `${name} has not started: ${error.message}`, error.details);
}
