/** What `doctor` prints. The drills themselves are tested where they are. */
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { cli } from './shell.test-support.ts';

const GOOD = fileURLToPath(
  new URL('../../harness/adapters/process/fixtures/good.mjs', import.meta.url),
);

test('an adapter that is well, by words and as JSON', async () => {
  const said = await cli(['doctor', '--', 'node', GOOD]);
  expect(said.code).toBe(0);
  expect(said.out).toMatch(/^✓ starts, and says who it is\n✓ refuses/);
  expect(said.out).not.toMatch(/^[^✓\n]*[✗→]/m);
  expect(said.out).toContain('small-rtm 1 (JavaScript) claims core');
  expect(said.out).toContain('Fit for rung B: ');
  expect(said.out).toContain(`Next: rtm-conformance run -- node ${GOOD}\n`);
});

test('over descriptor 3, as JSON', async () => {
  const { code, out } = await cli([
    'doctor',
    '--channel',
    'fd3',
    '--json',
    '--',
    'node',
    GOOD,
    'fd3',
  ]);
  const record = JSON.parse(out) as { findings: { status: string }[] };
  expect(record).toMatchObject({
    schema: 'rtm-conformance/doctor/1',
    command: ['node', GOOD, 'fd3'],
    implementation: { name: 'small-rtm' },
    levels: ['core'],
    profile: 'documented',
    rung: 'B',
  });
  const schema = JSON.parse((await cli(['schema', 'doctor'])).out) as object;
  const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(isValid(record) ? [] : isValid.errors).toEqual([]);
  expect(isValid({ ...record, rung: 'D' })).toBe(false);
  expect(new Set(record.findings.map(({ status }) => status))).toEqual(new Set(['ok']));
  expect(code).toBe(0);
});

test('one that cannot be started', async () => {
  const { code, out, err } = await cli(['doctor', '--', './no-such-adapter']);
  expect({ code, err }).toEqual({ code: 5, err: '' });
  expect(out).toMatch(/^✗ starts, and says who it is\n {6}`\.\/no-such-adapter` cannot be run/);
  expect(out).toContain('    → ');
  expect(out).toContain('Not fit yet: 1 drill failed.\n');
  expect(out).not.toContain('Next:');
});

test('one that writes to standard error and dies', async () => {
  const { code, out } = await cli(['doctor', '--', 'node', '-e', 'throw "no table"']);
  expect(code).toBe(5);
  expect(out).toMatch(/The last it wrote to standard error:\n( {2}.*\n)+$/);
  expect(out).toContain('no table');
});

test.each([[['doctor']], [['doctor', './adapter']], [['doctor', '--']]])(
  '%j is refused',
  async (args) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toContain("Say after '--' how the adapter is started");
  },
);
