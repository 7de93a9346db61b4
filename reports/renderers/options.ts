/** What a report may be asked for; each renderer reads what concerns it and ignores the rest. */
import type { RunResult } from '../result.ts';

export interface RenderOptions {
  /** Default false: then there is no colour code in the text. */
  readonly color?: boolean;
  /** Columns of the terminal, taken as at least 60. Default 100. */
  readonly width?: number;
  /** Whether to tell how long things took, which no two runs agree on. Default false. */
  readonly timings?: boolean;
}

export interface Renderer {
  readonly name: string;
  /** In a few words, for a list of the reporters. */
  readonly description: string;
  /** A file name for it, such as `result.json`. */
  readonly fileName: string;
  readonly render: (result: RunResult, options?: RenderOptions) => string;
}

/** The width to lay out for. What stands inside something else may have less than a report. */
export function layoutWidth(options: RenderOptions, least = 60): number {
  return Math.max(least, Math.floor(options.width ?? 100));
}
