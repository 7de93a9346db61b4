/**
 * What became of each fact that the documents were read into: cited as source of a rule or of an
 * ambiguity, or listed in spec/coverage with the reason why not. Nothing is left out, and nothing is both.
 *
 * A file of spec/coverage is named after its collection of facts, as citations name it.
 */
import type { Source } from './rule.ts';
import type { Located, Problem } from './yaml-file.ts';

export interface Coverage {
  readonly collection: string;
  /** The numbers of all facts by the letters of their ids, such as `REG: 1-17, 20`. */
  readonly scope: Ranges;
  readonly uncited: readonly { readonly facts: readonly string[]; readonly reason: string }[];
}

/** A single number is a number in YAML. */
type Ranges = Readonly<Record<string, string | number>>;

/** Something that cites facts, with the means to point at each citation. */
export type Citing = Located<{ readonly id: string; readonly sources: readonly Source[] }>;

/** Facts that are cited without existing, not accounted for, or accounted for twice. */
export function coverageProblems(
  collections: readonly Located<Coverage>[],
  entries: readonly Citing[],
): Problem[] {
  const known = new Set(
    collections.flatMap(({ entry }) =>
      factsOf(entry.scope).map((fact) => `${entry.collection}:${fact}`),
    ),
  );
  const cited = new Set<string>();
  const problems: Problem[] = [];
  for (const { entry, problemAt } of entries) {
    for (const [source, { facts }] of entry.sources.entries()) {
      for (const [index, fact] of facts.entries()) {
        cited.add(fact);
        if (known.has(fact)) continue;
        const message = `${entry.id} cites ${fact}, which is no fact`;
        const place = ['sources', source, 'facts', index];
        problems.push(problemAt(place, message, 'Correct its id, or add it to a `scope`'));
      }
    }
  }
  return [...problems, ...collections.flatMap((collection) => ownProblems(collection, cited))];
}

function ownProblems(
  { entry, problemAt }: Located<Coverage>,
  cited: ReadonlySet<string>,
): Problem[] {
  const scope = new Set(factsOf(entry.scope));
  const listed = new Set<string>();
  const problems: Problem[] = [];
  for (const [list, { facts }] of entry.uncited.entries()) {
    for (const [index, fact] of facts.entries()) {
      const at = (what: string, remedy: string) =>
        problems.push(problemAt(['uncited', list, 'facts', index], `${fact} ${what}`, remedy));
      if (!scope.has(fact)) at('is not in the scope', 'Correct its id, or add it to `scope`');
      if (listed.has(fact)) at('is listed twice', 'Keep one of the two');
      if (cited.has(`${entry.collection}:${fact}`)) {
        at('is cited, so it needs no reason', 'Take it out of the list');
      }
      listed.add(fact);
    }
  }
  for (const fact of scope) {
    if (listed.has(fact) || cited.has(`${entry.collection}:${fact}`)) continue;
    const remedy = 'Cite it in a rule or an ambiguity, or list it under `uncited` with a reason';
    problems.push(problemAt(['scope', familyOf(fact)], `${fact} is not accounted for`, remedy));
  }
  return problems;
}

function factsOf(ranges: Ranges): string[] {
  return Object.entries(ranges).flatMap(([family, numbers]) =>
    String(numbers)
      .split(', ')
      .flatMap((range) => {
        const [first = 0, last = first] = range.split('-').map(Number);
        return Array.from({ length: last - first + 1 }, (_, index) => `${family}-${first + index}`);
      }),
  );
}

function familyOf(fact: string): string {
  return fact.slice(0, fact.indexOf('-'));
}
