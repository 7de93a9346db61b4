/** Each kind of mistake in a rule or ambiguity file is refused with file, line and remedy. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue.ts';
import { describeProblem } from './yaml-file.ts';

const schema = (name: string): object =>
  JSON.parse(readFileSync(new URL(`schema/${name}.schema.json`, import.meta.url), 'utf8'));
const schemas = {
  rules: schema('rules'),
  ambiguities: schema('ambiguities'),
  coverage: schema('coverage'),
};

const goodRules = `rules:
  - id: RTM-DEMO-001
    title: A demonstration
    statement: Something holds.
    level: must
    subject: rtm
    profile: both
    feature: core
    sources:
      - { page: nf-rtmv2-rtmregisterentity, facts: ['entities-handles:REG-1'] }
    observability: black-box
`;

const goodAmbiguities = `ambiguities:
  - id: RTM-AMB-001
    question: This or that?
    readings:
      - { key: this, text: This. }
      - { key: that, text: That. }
    decision: { documented: either, notes: that }
    why: The notes say so.
    rules: [RTM-DEMO-001]
    sources:
      - { note: out-parameters, facts: ['entities-handles:SEED-1'] }
`;

const goodCoverage = `collection: entities-handles
scope:
  REG: 1-2
  SEED: 1
uncited:
  - facts: [REG-2]
    reason: It asks nothing of anybody.
`;

function read(
  rules: string,
  ambiguities: string = goodAmbiguities,
  coverage: string = goodCoverage,
) {
  return readCatalogue({
    rules: [{ path: 'rules/demo.yaml', text: rules }],
    ambiguities: [{ path: 'ambiguities/demo.yaml', text: ambiguities }],
    coverage: [{ path: 'coverage/demo.yaml', text: coverage }],
    schemas,
    functionPages: new Set(['nf-rtmv2-rtmregisterentity']),
  });
}

const messages = (...input: Parameters<typeof read>) =>
  read(...input).problems.map(describeProblem);

/** Replaces one line of a good file, which has to be there. */
function edit(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

it('accepts good files', () => {
  const { rules, ambiguities, problems } = read(goodRules);
  expect(problems).toEqual([]);
  expect(rules.map(({ id }) => id)).toEqual(['RTM-DEMO-001']);
  expect(ambiguities[0]?.decision).toEqual({ documented: 'either', notes: 'that' });
});

it('orders entries by id, whatever the order of files and entries', () => {
  const second = goodRules.replace('DEMO-001', 'DEMO-000').replace('rules:\n', '');
  expect(read(goodRules + second).rules.map(({ id }) => id)).toEqual([
    'RTM-DEMO-000',
    'RTM-DEMO-001',
  ]);
});

describe('rules', () => {
  const source =
    "      - { page: nf-rtmv2-rtmregisterentity, facts: ['entities-handles:REG-1'] }\n";
  it.each([
    ['no YAML', 'level: must', 'level: [must', /^rules\/demo\.yaml:\d+: .*Correct the YAML\.$/],
    [
      'no sources',
      `sources:\n${source}`,
      'sources: []\n',
      /:9: RTM-DEMO-001 sources .*List at least 1/,
    ],
    [
      'missing sources',
      `    sources:\n${source}`,
      '',
      /:2: .*'sources'.*Add the missing property `sources`/,
    ],
    ['unknown level', 'level: must', 'level: shall', /:5: RTM-DEMO-001 level .*must, should, may/],
    ['unknown subject', 'subject: rtm', 'subject: me', /:6: .* subject .*rtm, client/],
    ['unknown profile', 'profile: both', 'profile: all', /:7: .*documented, notes, both/],
    ['unknown feature', 'feature: core', 'feature: kernel', /:8: .*core, routes/],
    ['unknown observability', 'black-box', 'seen', /:11: .*black-box, census/],
    [
      'unknown property',
      'level: must',
      'level: must\n    since: 1',
      /additional.*Remove or correct the property `since`/,
    ],
    ['malformed id', 'RTM-DEMO-001', 'RTM-DEMO-1', /:2: .* id .*Correct the spelling/],
    ['the id of an ambiguity', 'RTM-DEMO-001', 'RTM-AMB-009', /:2: .*Correct the spelling/],
    ['malformed fact', 'handles:REG-1', 'handle:REG1', /:10: .*facts\.0 .*Correct the spelling/],
    [
      'unknown note',
      'page: nf-rtmv2-rtmregisterentity',
      'note: five',
      /:10: .*quiescent-deregistration/,
    ],
    [
      'page and note',
      '{ page',
      '{ note: out-parameters, page',
      /:10: .*either a `page` or a `note`/,
    ],
    [
      'misspelt page',
      'rtmregisterentity,',
      'rtmregisterentty,',
      /:10: there is no function with page/,
    ],
    ['no reason', 'black-box', 'unobservable', /:2: .*Add the missing property `reason`/],
    ['needless reason', 'black-box', 'black-box\n    reason: None', /Remove `reason`/],
    [
      'unknown rule in the text',
      'Something holds',
      'As RTM-DEMO-007 says',
      /:4: .* mentions RTM-DEMO-007/,
    ],
    [
      'a must by a sample',
      "REG-1']",
      "REG-1'], basis: sample",
      /:5: .*rests on a sample or the notes/,
    ],
    ['notes without note', 'profile: both', 'profile: notes', /:7: .*names no note.*Add the note/],
  ])('are refused with %s', (_name, from, to, expected) => {
    const found = messages(edit(goodRules, from, to));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
    expect(found[0]).toMatch(/^rules\/demo\.yaml:\d+: .+\. .+\.$/);
  });

  it('are refused with a second use of an id, in whatever file', () => {
    const twice = readCatalogue({
      rules: [
        { path: 'rules/a.yaml', text: goodRules },
        { path: 'rules/b.yaml', text: goodRules },
      ],
      ambiguities: [],
      coverage: [
        { path: 'c.yaml', text: 'collection: entities-handles\nscope: { REG: 1 }\nuncited: []\n' },
      ],
      schemas,
      functionPages: new Set(['nf-rtmv2-rtmregisterentity']),
    });
    expect(twice.problems.map(describeProblem)).toEqual([
      'rules/b.yaml:2: RTM-DEMO-001 is used twice. Give the newer entry the next free number.',
    ]);
  });

  it('may be a must by the notes alone in the profile of the notes', () => {
    const byNotes = edit(goodRules, 'page: nf-rtmv2-rtmregisterentity', 'note: out-parameters');
    expect(messages(byNotes)[0]).toMatch(/rests on a sample or the notes/);
    expect(messages(edit(byNotes, 'profile: both', 'profile: notes'))).toEqual([]);
  });
});

describe('ambiguities', () => {
  it.each([
    [
      'an unknown rule',
      'RTM-DEMO-001',
      'RTM-DEMO-002',
      /:9: RTM-AMB-001 concerns RTM-DEMO-002.*Correct the id/,
    ],
    [
      'an unknown reading',
      'notes: that',
      'notes: those',
      /:7: .*decides for those.*Use this, that, either/,
    ],
    [
      'two readings of one name',
      'key: that',
      'key: this',
      /:6: .*two readings called this.*Rename/,
    ],
    ['a reading called either', 'key: this', 'key: either', /:5: .*Choose another key/],
    [
      'an unknown id in the reason',
      'notes say',
      'rule RTM-DEMO-003 says',
      /:8: .*mentions RTM-DEMO-003/,
    ],
    ['a missing profile', ', notes: that', '', /:7: .*Add the missing property `notes`/],
    ['a question that asks nothing', 'that?', 'that.', /:3: .* question .*Correct the spelling/],
    ['one reading', '      - { key: that, text: That. }\n', '', /:5: .*List at least 2/],
    ['no reason why', '    why: The notes say so.\n', '', /:2: .*Add the missing property `why`/],
  ])('are refused with %s', (_name, from, to, expected) => {
    const found = messages(goodRules, edit(goodAmbiguities, from, to));
    expect(found.join('\n')).toMatch(expected);
    expect(found[0]).toMatch(/^ambiguities\/demo\.yaml:\d+: .+\. .+\.$/);
  });
});

describe('coverage', () => {
  it.each([
    ['an unknown collection', 'entities-handles', 'entities', /:1: .*collection .*Use one of/],
    ['a malformed range', 'REG: 1-2', 'REG: 1..2', /:3: .*Correct the spelling/],
    ['no reason', 'reason: It asks', 'why: It asks', /:6: .*'reason'.*Add the missing property/],
    [
      'a fact forgotten',
      'REG: 1-2',
      'REG: 1-3',
      /:3: REG-3 is not accounted for. Cite it .*list it/,
    ],
    ['a fact cited and listed', '[REG-2]', '[REG-2, REG-1]', /:6: REG-1 is cited.*Take it out/],
    ['a fact listed twice', '[REG-2]', '[REG-2, REG-2]', /:6: REG-2 is listed twice/],
    ['a fact that does not exist', '[REG-2]', '[REG-2, REG-7]', /:6: REG-7 is not in the scope/],
  ])('is refused with %s', (_name, from, to, expected) => {
    const found = messages(goodRules, goodAmbiguities, edit(goodCoverage, from, to));
    expect(found.join('\n')).toMatch(expected);
    expect(found[0]).toMatch(/^coverage\/demo\.yaml:\d+: .+\. .+\.$/);
  });

  it('knows every fact that is cited', () => {
    const unknown = edit(goodRules, 'REG-1', 'REG-9');
    const known = edit(goodCoverage, '[REG-2]', '[REG-1, REG-2]');
    expect(messages(unknown, goodAmbiguities, known)).toEqual([
      'rules/demo.yaml:10: RTM-DEMO-001 cites entities-handles:REG-9, which is no fact. ' +
        'Correct its id, or add it to a `scope`.',
    ]);
  });
});
