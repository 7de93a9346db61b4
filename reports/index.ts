/** Reports: one result model in, text out. */
export * from './result.ts';
export {
  arithmeticOf,
  countsOf,
  exitCodeOf,
  runResult,
  verdictOf,
  type RunFindings,
} from './verdict.ts';
export { renderFailure, type FailureOptions } from './renderers/failure.ts';
export { renderJson } from './renderers/json.ts';
export { renderJunit } from './renderers/junit.ts';
export { renderList } from './renderers/list.ts';
export { renderMarkdown } from './renderers/markdown.ts';
export { type Renderer, type RenderOptions } from './renderers/options.ts';
export { painter, type Paint, type Style } from './renderers/paint.ts';
export { rendererByName, renderers } from './renderers/registry.ts';
export { renderTrace, type TraceOptions } from './renderers/trace.ts';
export {
  counted,
  grouped,
  padEnd,
  padStart,
  plainLine,
  plainLines,
  truncate,
  widthOf,
  wrap,
  type WrapOptions,
} from './renderers/terminal-text.ts';
