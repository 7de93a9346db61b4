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
