import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeSuiteToken, encodeSuiteToken, type SuiteToken } from '../runner/token.ts';
import { cli } from './shell.test-support.ts';

let token = '';
let explanation = '';

beforeAll(async () => {
  const ran = await cli([
    'run',
    'RTM-REG-004',
    '--adapter',
    'fails-one.mjs',
    '--max-failures',
    '1',
  ]);
  token = /rtmc1\.[\w-]+/.exec(ran.out)?.[0] ?? '';
  explanation = /^ {2}rule[^]*? ! makes the failure$/m.exec(ran.out)?.[0] ?? '';
});

const altered = (change: Partial<SuiteToken>): string =>
  encodeSuiteToken({ ...decodeSuiteToken(token), ...change });

describe('replay', () => {
  it('shows the same failure, identically each time', async () => {
    const [first, second] = [await cli(['replay', token]), await cli(['replay', token])];
    expect(first.code).toBe(1);
    expect(first.out).toMatch(/^REPRODUCED {2}core\//);
    expect(first.out).toContain('RTM-REG-004');
    expect(first.out).toContain(token);
    expect(second).toEqual(first);
    expect(explanation.length).toBeGreaterThan(100);
    const trace = explanation.slice(explanation.indexOf('  interleaving'));
    expect(first.out).toContain(trace);
  });

  it('says so when the failure is gone', async () => {
    const { code, out } = await cli(['replay', token, '--adapter', 'fails-one-repaired.mjs']);
    expect(out).toMatch(/^FIXED /);
    expect(code).toBe(0);
  });

  it('says so when the program fails in another way', async () => {
    const { code, out } = await cli(['replay', token, '--adapter', 'fails-one-otherwise.mjs']);
    expect(out).toMatch(/^UNREPRODUCED /);
    expect(out).toContain('still fails');
    expect(code).toBe(4);
  });

  it('offers to go on where the implementation has changed, and does', async () => {
    const other = altered({ program: { setup: [], threads: [] } });
    const offered = await cli(['replay', other]);
    expect(offered.out.replaceAll(/\s+/g, ' ')).toContain('replay with --continue.');
    const gone = await cli(['replay', other, '--continue']);
    expect(gone.out.replaceAll(/\s+/g, ' ')).toMatch(
      /^FIXED .* At step \d+ the implementation differs .* expected thread .*, but /,
    );
    const otherwise = ['replay', token, '--adapter', 'fails-one-otherwise.mjs', '--continue'];
    const { code, out } = await cli(otherwise);
    expect(out).toMatch(/^UNREPRODUCED /);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /At step \d+ the implementation differs .* expected .*, but .* still leads to a failure:/,
    );
    expect(code).toBe(4);
    const unchanged = await cli(['replay', token, '--continue']);
    expect(unchanged).toEqual(await cli(['replay', token]));
  });

  it('takes a case file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rtmc-test-'));
    try {
      const path = join(folder, 'case.json');
      await writeFile(path, JSON.stringify({ schema: 'rtm-conformance/case/1', token }));
      expect(await cli(['replay', path])).toEqual(await cli(['replay', token]));
      await writeFile(path, '{}');
      expect((await cli(['replay', path])).err).toMatch(/is no case file/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const refused: readonly (readonly [string, () => string[], number, RegExp])[] = [
    ['nothing', () => [], 2, /one token/],
    ['garbage', () => ['hello'], 2, /no token of rtm-conformance/],
    ['half a token', () => [token.slice(0, -9)], 2, /or only a part of one/],
    ['a token of another format', () => [token.replace('rtmc1', 'rtmc9')], 2, /format rtmc9/],
    [
      'a token of an unknown check',
      () => [altered({ check: 'core/lists/emty' })],
      2,
      /does not have/,
    ],
    [
      'a token of another implementation',
      () => [token, '--adapter', 'correct.mjs'],
      2,
      /'fails-one', and correct\.mjs exports 'tiny'/,
    ],
    [
      'a token whose adapter has gone',
      () => [altered({ adapter: 'gone.mjs' })],
      5,
      /gone\.mjs does not exist/,
    ],
    [
      'a token with half a schedule',
      () => [altered({ schedule: 'rtmx1.AAAA' })],
      2,
      /no token of a failure/,
    ],
  ];
  it.each(refused)('refuses %s', async (_, args, code, message) => {
    const ran = await cli(['replay', ...args()]);
    expect(ran.err).toMatch(message);
    expect(ran.err.trimEnd()).not.toContain('\n');
    expect(ran.out).toBe('');
    expect(ran.code).toBe(code);
  });

  it('says at which step a schedule cannot be followed', async () => {
    const program = { setup: [], threads: [] };
    const { code, out } = await cli(['replay', altered({ program })]);
    expect(out).toMatch(/step \d+/);
    expect(out).toMatch(/^FIXED /);
    expect(code).toBe(0);
  });
});
