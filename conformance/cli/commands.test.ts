import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algorithmLitmus } from '../litmus/index.ts';
import { commands } from './commands.ts';
import { cli } from './shell.test-support.ts';

describe('the command line', () => {
  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /^Usage: rtm-conformance <command>/m],
    [['help', 'replay'], 0, /REPRODUCED \(exit 1\)/],
    [['replay', '--help'], 0, /^Usage: rtm-conformance replay/m],
    [[], 2, /^Commands$/m],
  ])('%j', async (args, code, text) => {
    const ran = await cli(args);
    expect(ran.out).toMatch(text);
    expect(ran.code).toBe(code);
  });

  it('has help for every command, within the width of the terminal', async () => {
    for (const { name } of commands) {
      const { out } = await cli(['help', name], { columns: 70 });
      const [usage = '', ...lines] = out.split('\n').toSorted((a, b) => b.length - a.length);
      expect(lines.filter((line) => line.length > 70 && !line.includes('rtm-conformance'))).toEqual(
        [],
      );
      expect(usage).not.toBe('');
    }
  });

  it.each([
    [['rnu'], /no command 'rnu'\. Did you mean 'run'\?/],
    [['--seed', '3'], /Name a command before its options/],
    [['run', '--sed', '3'], /no option --sed\. Did you mean '--seed'\?/],
    [['run', '-x'], /no option -x/],
    [['run', '--seed'], /--seed needs a value/],
    [['run', '--seed', '--quiet'], /--seed needs a value/],
    [['run', '--seed', '1.5'], /--seed is '1\.5', and must be a whole number from 0 to 4294967295/],
    [['run', '--seed', '4294967296'], /must be a whole number/],
    [['run', '--effort', '0'], /--effort is '0'/],
    [['run', '--quiet=yes'], /--quiet takes no value/],
    [['run', '--profile', 'note'], /Did you mean 'notes'\?/],
    [['run', '--reporter', 'junti'], /no reporter 'junti'\. Did you mean 'junit'\?/],
    [['run', '--reporter', 'json=-', '--reporter', 'list'], /Two reports/],
    [['run', '--shard', '0/3'], /--shard is '0\/3', and must be .* such as 2\/5/],
    [['self-test', '--shard', '3'], /--shard is '3'/],
    [['run', '--grep', '('], /--grep is no regular expression/],
    [['run', 'core/registratoin'], /Did you mean 'core\/registration'\?/],
    [['run', 'RTM-DREG-005'], /Did you mean 'RTM-DEREG-005'/],
    [['list', 'checkz'], /Did you mean 'checks'\?/],
    [['explain', 'RtmRegisterEntitty'], /Did you mean 'RtmRegisterEntity'\?/],
    [['explain'], /one id/],
    [['explore', 'pop-abba'], /Did you mean 'pop-aba'\?/],
    [['schema', 'results'], /Did you mean 'result'\?/],
    [['fuzz', '--time', 'long'], /--time is 'long'/],
  ])('refuses %j with exit 2 and one paragraph', async (args, message) => {
    const ran = await cli(args);
    expect(ran.err).toMatch(message);
    expect(ran.err.trimEnd()).not.toContain('\n');
    expect(ran.out).toBe('');
    expect(ran.code).toBe(2);
  });

  it.each([
    [['run', 'core/lists', '--grep', 'no such title']],
    [['run', '--level', 'routes', '--grep', 'no such title']],
    [['run', '--exclude', '.']],
    [['run', 'RTM-EVENT-018']],
    [['run', 'core/lists/alone', '--shard', '999/9999']],
    [['self-test', 'no-such-mutant']],
  ])('exits 6 when nothing is selected by %j', async (args) => {
    const ran = await cli(args);
    expect(ran.err).toMatch(/No (check of profile|mutant and no run)/);
    expect(ran.code).toBe(6);
  });
});

describe('list and explain', () => {
  it.each([
    'checks',
    'rules',
    'ambiguities',
    'levels',
    'litmus',
    'mutants',
    'functions',
    'strategies',
  ])('lists %s, and each of them can be explained where it has an id', async (name) => {
    const { code, out } = await cli(['list', name, '--json']);
    expect(code).toBe(0);
    const rows = JSON.parse(out) as Record<string, string>[];
    expect(rows.length).toBeGreaterThan(2);
    if (name === 'levels' || name === 'strategies') return;
    for (const row of rows) {
      const id = Object.values(row)[0] ?? '';
      const explained = await cli(['explain', id]);
      expect([explained.err, explained.code]).toEqual(['', 0]);
      expect(explained.out.startsWith(`${id}\n`)).toBe(true);
    }
  });

  it('tells what concerns a rule', async () => {
    const { out } = await cli(['explain', 'rtm-dereg-005']);
    expect(out).toContain('core/litmus/deregister-deregister');
    expect(out).toContain('quiescent-deregistration');
    expect(out).toMatch(/mutants +\S+\//);
  });
});

describe('explore', () => {
  it('counts the interleavings of algorithms, each as expected', async () => {
    const args = ['explore', 'litmus/'];
    const [first, second] = [await cli(args), await cli(args)];
    expect(first.code).toBe(0);
    expect(first.out).toMatch(
      /litmus\/interlocked-list\/pop-aba +3,021 +21 +yes +fails: entry-twice/,
    );
    expect(first.out).toContain(`${algorithmLitmus.length} litmus programs`);
    expect(second).toEqual(first);
  });

  it('tells about those that are named, with the smallest failing interleaving', async () => {
    const { out } = await cli(['explore', 'push-re-read']);
    expect(out).toContain('  Defect: ');
    expect(out).toMatch(/✗ entry-twice/);
  });

  it('judges an implementation', async () => {
    const name = 'core/litmus/register-register-same';
    const good = await cli(['explore', name, '--adapter', 'correct.mjs']);
    expect([good.code, good.err]).toEqual([0, '']);
    const bad = await cli(['explore', name, '--adapter', 'fails-one.mjs']);
    expect(bad.out).toMatch(/breaks RTM-REG-004, which is not expected/);
    expect(bad.code).toBe(1);
  });
});

describe('fuzz', () => {
  it('prints which statuses were returned, and why others cannot be', async () => {
    const { code, out } = await cli(['fuzz', '--programs', '5', '--reach']);
    expect(code).toBe(0);
    expect(out).toMatch(/\nRtmRegisterEntity +NO_ERROR +[\d,]+\n +ERROR_ALREADY_EXISTS +[\d,]+\n/);
    expect(out).toMatch(/ERROR_BAD_CONFIGURATION +0 {2}tells of the configuration/);
    expect(out).toMatch(/\n\d+ of \d+ documented statuses were returned; \d+ more can be\.\n/);
  });

  it('finds nothing in a correct implementation, and keeps to its limits', async () => {
    const { code, out } = await cli(['fuzz', '--programs', '25', '--adapter', 'correct.mjs']);
    expect(out).toMatch(/^25 programs, [\d,]+ executions, [\d,]+ interleavings: no finding$/m);
    expect(code).toBe(0);
    // The clock of the test goes a second further each time it is read.
    expect((await cli(['fuzz', '--time', '5', '--adapter', 'correct.mjs'])).out).toMatch(
      /^[1-5] programs/m,
    );
    const some = await cli(['fuzz', '--executions', '50', '--adapter', 'correct.mjs']);
    expect(some.out).toMatch(/^\d programs, [5-9]\d executions/m);
  });

  it('explains and saves a finding once, and the file is a case that replays', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rtmc-test-'));
    try {
      const args = [
        'fuzz',
        '--programs',
        '12',
        '--adapter',
        'fails-one.mjs',
        '--output-dir',
        folder,
      ];
      const ran = await cli(args);
      expect(ran.code).toBe(1);
      expect(ran.out).toMatch(/1 finding in \d+ failing program/);
      expect(await cli(args)).toEqual(ran);
      const files = await readdir(folder);
      expect(files).toEqual([expect.stringMatching(/^case-rtm-reg-004-[0-9a-f]{8}\.json$/)]);
      const path = join(folder, files[0] ?? '');
      const schema = JSON.parse((await cli(['schema', 'case'])).out) as object;
      const validate = new Ajv2020().compile(schema);
      expect([validate(JSON.parse(await readFile(path, 'utf8'))), validate.errors]).toEqual([
        true,
        null,
      ]);
      expect((await cli(['replay', path])).out).toMatch(/^REPRODUCED/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('stops when it is interrupted, and sums up', async () => {
    const ran = await cli(
      ['fuzz', '--adapter', 'fails-one.mjs', '--output-dir', join(tmpdir(), 'rtmc-test-fuzz')],
      {
        interrupt: (text) => (text.includes('saved') ? 'SIGINT' : undefined),
      },
    );
    expect(ran.out).toMatch(/1 finding in 1 failing program/);
    expect(ran.code).toBe(130);
  });
});

it('schema: the result of a run is as its schema says', async () => {
  const schema = JSON.parse((await cli(['schema', 'result'])).out) as object;
  const { out } = await cli(['run', 'RTM-REG-004', '--adapter', 'fails-one.mjs', '--json']);
  const validate = new Ajv2020({ strict: false }).compile(schema);
  expect([validate(JSON.parse(out)), validate.errors]).toEqual([true, null]);
});
