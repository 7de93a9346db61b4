/** Each drill is passed by the adapter that `init` writes, and failed by one with an edit. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { allDrills, examineAdapter, type Examination } from './index.ts';

const TEMPLATE = fileURLToPath(new URL('../cli/templates/python', import.meta.url));
const FIXTURE = fileURLToPath(new URL('fixtures/rungs.mjs', import.meta.url));
const ABOVE = ['program-history', 'program-overlap', 'points'];
const directory = mkdtempSync(join(tmpdir(), 'rtm-doctor-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** The adapter in Python, with texts in it replaced. */
function adapter(...edits: readonly (readonly [from: string, to: string])[]): string[] {
  const folder = mkdtempSync(join(directory, 'adapter-'));
  cpSync(TEMPLATE, folder, { recursive: true });
  const file = join(folder, 'adapter.py');
  const text = edits.reduce(
    (before, [from, to]) => {
      expect(before).toContain(from);
      return before.replaceAll(from, to);
    },
    readFileSync(file, 'utf8'),
  );
  writeFileSync(file, text);
  return ['python3', file];
}

async function examine(
  command: readonly string[],
  ids: readonly string[],
  opMs = 20_000,
): Promise<Examination> {
  return examineAdapter({
    command,
    startMs: 20_000,
    opMs,
    drills: allDrills.filter(({ id }) => ids.includes(id)),
  });
}

const unclaimed = new Set(allDrills.filter(({ rung }) => rung !== 'A').map(({ id }) => id));

test('the template is fit for rung A, and nothing is remarked on', async () => {
  const { findings, rung, description } = await examine(
    adapter(),
    allDrills.map(({ id }) => id),
  );
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  const tried = findings.map(({ id }) => id);
  expect(allDrills.filter(({ id }) => !tried.includes(id)).map(({ id }) => id)).toEqual([
    ...unclaimed,
  ]);
  expect(new Set(tried).size).toBe(tried.length);
  expect(rung).toBe('A');
  expect(description?.levels).toEqual(['core']);
});

const RECEIVE = 'for line in sys.stdin.buffer:';
/** The end of the main loop, and something after it. */
const LAST_LINE = '        receive(json.loads(line))\n';

describe('each drill can fail', () => {
  test.each<[id: string, seen: RegExp, ...edits: [string, string][]]>([
    [
      'sessions-are-fresh',
      /in a later session RtmRegisterEntity returned 183/,
      ['self.rtm = rtm.Rtm()', 'self.rtm = THE_RTM'],
      ['_sessions = {}', 'THE_RTM = rtm.Rtm()\n_sessions = {}'],
    ],
    ['quiesces', /'quiesce' was refused/, ['    "quiesce": quiesce,\n', '']],
    [
      'closes-while-waiting',
      /silent for 2000 ms and owed the answer to 'session.close'/,
      [
        '    session.close()\n',
        '    import time\n    time.sleep(4 if 1 in session.lanes else 0)\n    session.close()\n',
      ],
    ],
    [
      'many-requests',
      /silent for 2000 ms and owed the answer to 'ping'/,
      [
        '    line = json.dumps(',
        '    if (message.get("result") or {}).get("nonce") == "n4000":\n        return\n    line = json.dumps(',
      ],
    ],
    [
      'large-lines',
      /4,194,304 characters came back with 65,536 characters/,
      [
        '"ping": lambda params: params',
        '"ping": lambda params: {"nonce": params["nonce"][:65536]}',
      ],
    ],
    [
      'any-text',
      /'ping' with ".*\\u2028\\ud83d\\ude00" came back with ".*\\u00e9 \\ud83d\\ude00"/,
      [
        '"ping": lambda params: params',
        '"ping": lambda params: {"nonce": params["nonce"].replace("\\u2028", " ")}',
      ],
    ],
    [
      'many-lanes',
      /'op' was refused: too many lanes/,
      [
        '    kinds = {',
        '    if params["lane"] >= 8:\n        raise InvalidParams("too many lanes")\n    kinds = {',
      ],
    ],
    ['ends-when-told', /ended with exit code 3/, ['os._exit(0)', 'os._exit(3)']],
    [
      'ends-with-its-input',
      /still there after 2 s/,
      [LAST_LINE, `${LAST_LINE}    import time\n    time.sleep(60)\n`],
    ],
    [
      'starts-again',
      /not started: .*exit code 1/,
      [RECEIVE, `open(__file__ + ".lock", "x")\n    ${RECEIVE}`],
    ],
  ])('%s', async (id, seen, ...edits) => {
    const { findings, rung } = await examine(adapter(...edits), [id], 2_000);
    const finding = findings.at(-1);
    expect(finding).toMatchObject({ id, status: 'failed', hint: expect.any(String) });
    expect(finding?.seen).toMatch(seen);
    expect(rung).toBeUndefined();
  });
});

test('calls that wait for one another are remarked on', async () => {
  const CALL = 'session.present_lane().call_back("event.callback", params).get("status", 0)';
  const locking = adapter(
    ['_sessions = {}', 'ONE = threading.Lock()\n_sessions = {}'],
    [`        return ${CALL}`, `        with ONE:\n            return ${CALL}`],
  );
  const { findings, rung } = await examine(locking, ['lanes-are-independent']);
  expect(findings.at(-1)).toMatchObject({ id: 'lanes-are-independent', status: 'remark' });
  expect(rung).toBe('A');
});

test('of one that does not start nothing more is tried', async () => {
  const { findings, description, stderr } = await examine(['node', '-e', 'throw 7'], ABOVE);
  expect(findings).toMatchObject([{ id: 'starts', status: 'failed' }]);
  expect(findings[0]?.seen).toContain('its process ended with exit code 1');
  expect(description).toBeUndefined();
  expect(stderr).toContain('throw 7');
});

test('one that fails a canary is told which', async () => {
  const yes = adapter(['{"unsupported": f"this adapter has no {name}"}', '{"status": 0}']);
  const { findings, rung } = await examine(yes, ABOVE);
  const about = findings.map(({ id, status }) => `${status} ${id}`);
  expect(about.slice(3, 7)).toEqual([
    'ok knows-its-sessions',
    'failed tells-which-functions-it-does-not-have',
    'untried survives-a-handle-that-it-has-not-given-out',
    'untried looks-at-the-types-of-arguments',
  ]);
  expect(findings[4]?.seen).toBe('RtmSingLikeACanary has returned the status 0');
  expect(rung).toBeUndefined();
});

describe('rungs', () => {
  test.each([
    ['lanes serial', 'A', 'program-overlap', /had to wait for one that stood in a callback/],
    ['lanes forgetful', 'A', 'program-history', /lane 2 was to invoke 3, return 3, invoke 4/],
    ['lanes backwards', 'A', 'program-history', /the time runs backwards at/],
    ['points nowhere', 'B', 'points', /a registration passed no point/],
    ['points by chance', 'B', 'points', /passed 4 points and then 3: 'point 1' and then 'point 0'/],
  ])('%s: rung %s is reached, by %s', async (behaviour, rung, id, seen) => {
    const examination = await examine(['node', FIXTURE, behaviour], ABOVE);
    const failed = examination.findings.filter(({ status }) => status === 'failed');
    expect(failed.map((finding) => finding.id)).toContain(id);
    expect(failed.find((finding) => finding.id === id)?.seen).toMatch(seen);
    expect(examination.rung).toBe(rung);
  });

  test('points: rung C is reached', async () => {
    const { findings, rung } = await examine(['node', FIXTURE, 'points'], ABOVE);
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(findings.at(-1)?.seen).toBe('4 in two registrations: point 0, point 1');
    expect(rung).toBe('C');
  });
});
