/** What somebody may have meant who wrote something unknown. */

/** The candidates closest to `text`, nearest first; none that has little in common with it. */
export function nearest(text: string, candidates: readonly string[], most = 3): string[] {
  const wanted = text.toLowerCase();
  const close = [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3))
    .toSorted((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const best = close[0]?.distance ?? 0;
  return close
    .filter(({ distance }) => distance <= best + 1)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** ` Did you mean 'a' or 'b'?`, or nothing. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const found = nearest(text, candidates).map((candidate) => `'${candidate}'`);
  if (found.length === 0) return '';
  const last = found.at(-1) ?? '';
  const list = found.length === 1 ? last : `${found.slice(0, -1).join(', ')} or ${last}`;
  return ` Did you mean ${list}?`;
}

/** Who writes only a part, such as the last one of an id, is not far off. */
function distanceTo(wanted: string, candidate: string): number {
  if (wanted.length >= 4 && candidate.includes(wanted)) return 1;
  return editDistance(wanted, candidate);
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
