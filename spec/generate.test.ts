/** The committed tables are current, and the catalogue is whole. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedFiles, readSpecFiles } from './generate.ts';
import {
  ambiguities,
  ambiguityById,
  appliesTo,
  levels,
  permittedReadings,
  profiles,
  ruleById,
  ruleIds,
  rules,
  type RuleId,
} from './index.ts';
import { describeProblem } from './yaml-file.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const catalogue = readSpecFiles();

describe('the generated tables', () => {
  it('come from files without mistakes', () => {
    expect(catalogue.problems.map(describeProblem)).toEqual([]);
  });

  it.each([...generatedFiles(catalogue)])(
    '%s is current: or else run `npm run spec`',
    (path, text) => {
      expect(read(`../${path}`)).toBe(text);
    },
  );
});

describe('the catalogue', () => {
  it('offers the feature levels that the schema knows', () => {
    const schema = JSON.parse(read('schema/rules.schema.json'));
    expect(schema.$defs.rule.properties.feature.enum).toEqual(levels);
  });

  it('has a type of ids, so that no check can name a rule that does not exist', () => {
    // @ts-expect-error no such rule
    const id: RuleId = 'RTM-NONE-001';
    expect(ruleIds).not.toContain(id);
  });

  it('finds entries by id', () => {
    expect(ruleById('RTM-DEREG-008').profile).toBe('notes');
    expect(ruleById('RTM-NONE-001' as string)).toBeUndefined();
    expect(ambiguityById('RTM-AMB-009').readings).toHaveLength(2);
    expect(ambiguityById('RTM-AMB-999' as string)).toBeUndefined();
    for (const [index, rule] of rules.entries()) expect(rule.id).toBe(ruleIds[index]);
  });

  it('asks at least as much in the profile of the notes as of the pages', () => {
    const [documented, notes] = profiles.map((profile) =>
      rules.filter((rule) => appliesTo(rule, profile)),
    );
    expect(notes).toEqual(expect.arrayContaining(documented!));
    expect(notes!.length).toBeGreaterThan(documented!.length);
  });

  it('permits the reading decided for, or all', () => {
    expect(permittedReadings('RTM-AMB-009', 'documented')).toEqual(['refused', 'undefined']);
    expect(permittedReadings('RTM-AMB-009', 'notes')).toEqual(['refused']);
    for (const { id } of ambiguities) {
      for (const profile of profiles) expect(permittedReadings(id, profile)).not.toEqual([]);
    }
  });
});
