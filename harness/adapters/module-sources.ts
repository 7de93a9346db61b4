/** Where an error in a loaded adapter comes from, in terms of the adapter's own files. */
import { basename } from 'node:path';
import { SourceMap, type SourceMapPayload } from 'node:module';

/** By the URL under which the built code was imported. */
const maps = new Map<string, SourceMap>();

export function registerSource(url: string, map: string): void {
  // esbuild has just written it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  maps.set(url, new SourceMap(JSON.parse(map) as SourceMapPayload));
}

/** `broken.ts:12` for the innermost frame of `error` that lies in a loaded adapter; undefined if none does. */
export function originOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
  for (const line of error.stack.split('\n')) {
    const frame = /(file:\/\/[^\s)]+?):(\d+):(\d+)/.exec(line);
    if (frame === null) continue;
    const map = maps.get(frame[1] ?? '');
    const entry = map?.findEntry(Number(frame[2]) - 1, Number(frame[3]) - 1);
    if (entry === undefined || !('originalSource' in entry)) continue;
    return `${basename(entry.originalSource)}:${entry.originalLine + 1}`;
  }
  return undefined;
}
