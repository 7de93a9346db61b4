import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../reports/index.ts';
import { checks } from '../catalogue.ts';
import { cli, FIXTURES } from './shell.test-support.ts';

const tiny = ['--adapter', 'correct.mjs'];

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtmc-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('run', () => {
  it('finds a correct implementation conformant as far as it claims to be', async () => {
    const { code, out, err } = await cli(['run', ...tiny, '--effort', '0.1']);
    expect(out).toMatch(/^partial: planned \d+ = \d+ pass \+ \d+ unsupported$/m);
    expect(out).toContain('Not claimed, and so not judged: routes');
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('finds a broken one, names the rule, and prints the same for the same seed', async () => {
    const selectors = ['RTM-REG-004', 'core/property'];
    const args = ['run', ...selectors, '--adapter', 'fails-one.mjs', '--effort', '0.1'];
    const [first, second] = [await cli(args), await cli(args)];
    expect(first.code).toBe(1);
    expect(first.out).toContain('RTM-REG-004');
    expect(first.out).toContain('rtm-conformance replay rtmc1.');
    expect(second).toEqual(first);
  });

  it('runs what was selected, and says what it left out', async () => {
    const { code, out } = await cli(['run', 'core/release/', 'RTM-REG-002', ...tiny, '--json']);
    const result = JSON.parse(out) as RunResult;
    expect(code).toBe(0);
    expect(result.checks.length).toBeGreaterThan(0);
    expect(
      result.checks.every(
        ({ id, rules }) => id.startsWith('core/release/') || rules.includes('RTM-REG-002'),
      ),
    ).toBe(true);
    expect(result.planned + result.deselected).toBe(
      checks.filter(({ profiles }) => profiles.includes('documented')).length,
    );
    expect(result.verdict).toBe('partial');
  });

  it('leaves out checks of the other profile', async () => {
    const plannedFor = async (profile: string): Promise<readonly string[]> => {
      const { out } = await cli([
        'run',
        'core/deregistration',
        ...tiny,
        '--profile',
        profile,
        '--json',
      ]);
      return (JSON.parse(out) as RunResult).checks.map(({ id }) => id);
    };
    const only = checks.filter(
      ({ id, profiles }) =>
        id.startsWith('core/deregistration') && !profiles.includes('documented'),
    );
    expect(only.length).toBeGreaterThan(0);
    expect(await plannedFor('documented')).not.toContain(only[0]?.id);
    expect(await plannedFor('notes')).toContain(only[0]?.id);
  });

  it('deals a selection out to shards, which together are the whole', async () => {
    const run = async (...args: string[]): Promise<RunResult> => {
      const { out } = await cli(['run', 'core/re', ...tiny, '--effort', '0.1', '--json', ...args]);
      return JSON.parse(out) as RunResult;
    };
    const whole = await run();
    const shards = await Promise.all(['1/3', '2/3', '3/3'].map((text) => run('--shard', text)));
    const ids = shards.flatMap((shard) => shard.checks.map(({ id }) => id));
    expect(ids.toSorted()).toEqual(whole.checks.map(({ id }) => id).toSorted());
    for (const shard of shards) {
      expect(shard.checks.length).toBeGreaterThan(0);
      expect(whole.checks).toEqual(expect.arrayContaining([...shard.checks]));
      expect(shard.planned + shard.deselected).toBe(whole.planned + whole.deselected);
      expect(shard.verdict).toBe('partial');
    }
    expect(shards.map(({ config }) => config.shard)).toEqual(['1/3', '2/3', '3/3']);
    const { out } = await cli(['run', 'core/release', ...tiny, '--shard', '1/1']);
    expect(out).toMatch(/ · shard 1\/1$/m);
  });

  it('stops after so many failures, and is not green for the rest', async () => {
    const { code, out } = await cli([
      'run',
      '--adapter',
      'fails-one.mjs',
      '--max-failures',
      '1',
      '--json',
    ]);
    const { counts, planned } = JSON.parse(out) as RunResult;
    expect(code).toBe(1);
    expect(counts.fail).toBe(1);
    expect(counts.pass + counts.fail + counts['not-run']).toBe(planned);
  });

  it('writes the reports that were asked for', async () => {
    const { code, out } = await cli([
      'run',
      'core/lists',
      ...tiny,
      `--reporter=junit=${join(folder, 'a/junit.xml')}`,
      '--reporter=markdown',
      `--output-dir=${join(folder, 'b')}`,
    ]);
    expect(code).toBe(0);
    expect(out).toBe('');
    expect(await readFile(join(folder, 'a/junit.xml'), 'utf8')).toMatch(/^<\?xml/);
    expect((await readdir(join(folder, 'b'))).toSorted()).toEqual([
      'events.ndjson',
      'report.md',
      'result.json',
    ]);
  });

  it('says one line when it is to be quiet, and one for each check when not', async () => {
    const quiet = await cli(['run', 'core/release', ...tiny, '--quiet']);
    expect(quiet.out).toMatch(/^partial: planned \d+ = \d+ pass\n$/);
    const verbose = await cli(['run', 'core/release', ...tiny, '-v']);
    expect(verbose.out).toMatch(/^✓ core\/release\/[\w-]+ {2}3 executions, 1 interleaving$/m);
  });

  it('shows a live line on a terminal only, and colours unless they are refused', async () => {
    const options = { columns: 90 };
    const live = await cli(['run', 'core/release', ...tiny], options);
    expect(live.err).toMatch(/\r.\[2K\d+\/\d+ · [\d,]+ executions\/s · /);
    expect(live.out).toContain('\u001B[');
    const plain = await cli(['run', 'core/release', ...tiny], {
      ...options,
      env: { NO_COLOR: '1' },
    });
    expect(plain.out).not.toContain('\u001B[');
    const asked = await cli(['run', 'core/release', ...tiny, '--no-color'], options);
    expect(asked.out).not.toContain('\u001B[');
  });

  it('tells timings only if asked', async () => {
    const args = ['run', 'core/release', ...tiny];
    expect((await cli(args)).out).not.toContain('Took');
    const timed = await cli([...args, '--timings']);
    expect(timed.out).toMatch(/^Took \d+\.\d s.* Longest: core\/release\/[\w-]+ 1\.0 s, /ms);
    const { out } = await cli([...args, '--timings', '--json']);
    const { checks: judged, timings } = JSON.parse(out) as RunResult;
    expect(Object.keys(timings?.checksMs ?? {}).toSorted()).toEqual(
      judged.map(({ id }) => id).toSorted(),
    );
  });

  it('reports what it knows when it is interrupted', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const ran = await cli(['run', '-v', ...tiny, '--output-dir', folder], {
        interrupt: (text) => (text.includes('core/lists') ? signal : undefined),
      });
      expect(ran.code).toBe(code);
      expect(ran.out).toMatch(/planned \d+ = \d+ pass \+ \d+ not-run/);
      const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as RunResult;
      expect(result.interrupted).toBe(signal);
      expect(result.verdict).toBe('incomplete');
    }
  });
});

describe('an adapter that is none', () => {
  it.each([
    ['nowhere.mjs', 5, /does not exist/],
    ['throws-on-load.mjs', 5, /threw while it was loaded: Error: no database/],
    ['lacks-method.mjs', 5, /without RtmGetEntityInfo/],
    ['built-in:notes-protocl', 2, /Did you mean 'built-in:notes-protocol'\?/],
  ])('%s', async (adapter, code, message) => {
    const ran = await cli(['run', '--adapter', adapter]);
    expect(ran.err).toMatch(message);
    expect(ran.err.trimEnd()).not.toContain('\n');
    expect(ran.out).toBe('');
    expect(ran.code).toBe(code);
  });

  it('answers garbage: invalid, with the other results kept', async () => {
    const { code, out } = await cli([
      'run',
      'core/entity-info',
      'core/release',
      '--adapter',
      'garbage.mjs',
      '--json',
    ]);
    const { counts, verdict, checks: results } = JSON.parse(out) as RunResult;
    expect(code).toBe(5);
    expect(verdict).toBe('invalid');
    expect(counts['adapter-error']).toBeGreaterThan(0);
    expect(counts.pass).toBeGreaterThan(0);
    const broken = results.find(({ status }) => status === 'adapter-error');
    expect(broken?.message).toContain("RtmGetEntityInfo: it must return an object with a 'status'");
  });

  it('never settles: the implementation fails, with the call named', async () => {
    const selector = 'core/release/lists-what-it-does';
    const id = checks.find((check) => check.id.startsWith('core/release/'))?.id ?? selector;
    const { code, out } = await cli(['run', id, '--adapter', 'never-settles.mjs', '--json']);
    const [only] = (JSON.parse(out) as RunResult).checks;
    expect(code).toBe(1);
    expect(only?.failure?.kind).toBe('never-settles');
    expect(only?.message).toContain('RtmReleaseEntities');
  });

  it('calls a callback when all is over: told as that', async () => {
    const id = 'core/callbacks/each-event-once';
    const { code, out } = await cli(['run', id, '--adapter', 'late-callback.mjs', '--json']);
    const [only] = (JSON.parse(out) as RunResult).checks;
    expect([1, 5]).toContain(code);
    expect(only?.message).toMatch(/callback/);
  });
});

describe('the configuration', () => {
  const at = join(FIXTURES, 'configured');

  it('is read from the directory, overruled by environment and command line', async () => {
    const seedOf = async (args: readonly string[], env = {}): Promise<number> => {
      const { out } = await cli(['run', '--json', ...args], { cwd: at, env });
      return (JSON.parse(out) as RunResult).config.seed;
    };
    expect(await seedOf([])).toBe(9);
    expect(await seedOf([], { RTM_CONFORMANCE_SEED: '10' })).toBe(10);
    expect(await seedOf(['--seed', '11'], { RTM_CONFORMANCE_SEED: '10' })).toBe(11);
  });

  it('selects, unless the command line does', async () => {
    const idsOf = async (args: readonly string[]): Promise<readonly string[]> => {
      const { out } = await cli(['run', '--json', ...args], { cwd: at });
      return (JSON.parse(out) as RunResult).checks.map(({ id }) => id);
    };
    expect((await idsOf([])).every((id) => id.startsWith('core/release'))).toBe(true);
    expect((await idsOf(['core/lists'])).every((id) => id.startsWith('core/lists'))).toBe(true);
  });

  it.each([
    ['misspelt', /sets 'adaptor', which is no option\. Did you mean 'adapter'\?/],
    ['mistyped', /'seed' in rtm-conformance\.config\.mjs must be a number/],
    ['out-of-range', /'seed' in rtm-conformance\.config\.mjs is '-1'/],
  ])('is refused when it is %s', async (name, message) => {
    const ran = await cli(['run'], { cwd: join(FIXTURES, name) });
    expect(ran.err).toMatch(message);
    expect(ran.code).toBe(2);
  });
});
