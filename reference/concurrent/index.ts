/** Two correct implementations, to be judged by the suite and to be learnt from. */
export { bareTables } from './bare-tables.ts';
export type { BareTable, BareTableKind } from './bare-tables.ts';
export { monitor } from './monitor.ts';
export { notesProtocol } from './notes-protocol.ts';
export type { ConcurrentImplementation, ConcurrentRtm } from './rtm.ts';
export type { Prefix } from './table/prefix.ts';
