/**
 * Tokens of the suite: one line that names the check, the implementation and the program, and holds the
 * schedule, so that `rtm-conformance replay` shows the identical execution anywhere.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Profile } from '../../spec/index.ts';
import { SuiteError } from './errors.ts';

export const TOKEN_PREFIX = 'rtmc1.';

export interface SuiteToken {
  /** Id of the check. */
  readonly check: string;
  /** As on the command line. */
  readonly adapter: string;
  readonly implementation: string;
  readonly profile: Profile;
  readonly program: RtmProgram;
  /** The harness's token: the schedule and what was seen along it. */
  readonly schedule: string;
}

/** A token is a few hundred bytes; what unpacks to more than this is none of ours. */
const UNPACKED_MAX = 1 << 20;

export function encodeSuiteToken(token: SuiteToken): string {
  const { check, adapter, implementation, profile, program, schedule } = token;
  const text = JSON.stringify([check, adapter, implementation, profile, program, schedule]);
  return TOKEN_PREFIX + deflateRawSync(Buffer.from(text), { level: 9 }).toString('base64url');
}

/** Throws `SuiteError` with the code `malformed-token` or `token-version`. */
export function decodeSuiteToken(text: string): SuiteToken {
  const token = text.trim();
  const prefix = /^rtmc(\d+)\./.exec(token);
  if (prefix !== null && !token.startsWith(TOKEN_PREFIX)) {
    throw new SuiteError(
      'token-version',
      `The token has format rtmc${prefix[1]}, and this version of rtm-conformance reads ${TOKEN_PREFIX.slice(0, -1)}. Replay it with the version that printed it.`,
    );
  }
  const parts = token.startsWith(TOKEN_PREFIX)
    ? unpack(token.slice(TOKEN_PREFIX.length))
    : undefined;
  if (parts === undefined) {
    throw new SuiteError(
      'malformed-token',
      `This is no token of rtm-conformance, or only a part of one: ${JSON.stringify(token.slice(0, 40))}. Copy the whole token, which starts with '${TOKEN_PREFIX}' and has no spaces.`,
    );
  }
  return parts;
}

function unpack(body: string): SuiteToken | undefined {
  if (!/^[\w-]+$/.test(body)) return undefined;
  let parsed: unknown;
  try {
    const bytes = inflateRawSync(Buffer.from(body, 'base64url'), { maxOutputLength: UNPACKED_MAX });
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed.length !== 6) return undefined;
  const [check, adapter, implementation, profile, program, schedule] = parsed as unknown[];
  const texts = [check, adapter, implementation, profile, schedule];
  if (!texts.every((entry) => typeof entry === 'string') || !isProgram(program)) return undefined;
  if (profile !== 'documented' && profile !== 'notes') return undefined;
  return {
    check: String(check),
    adapter: String(adapter),
    implementation: String(implementation),
    profile,
    program,
    schedule: String(schedule),
  };
}

/** Enough of a look that nothing later trips over it: the inside was written by this suite. */
function isProgram(value: unknown): value is RtmProgram {
  if (typeof value !== 'object' || value === null) return false;
  const { setup, threads } = value as Partial<Record<string, unknown>>;
  return Array.isArray(setup) && Array.isArray(threads) && threads.every(Array.isArray);
}
