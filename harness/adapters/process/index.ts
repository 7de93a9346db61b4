/** Implementations in other processes. */
export { startAdapter, startAdapterProcess } from './adapter-process.ts';
export type { AdapterProcess } from './adapter-process.ts';
export { canaryTexts } from './canaries.ts';
export type { Child } from './child.ts';
export { RemoteRtm } from './connector.ts';
export type { ExecutionMode } from './connector.ts';
export { AdapterFault, AdapterRefusal, describeEnd } from './fault.ts';
export type { AdapterFaultDetails, AdapterFaultKind, ProcessEnd } from './fault.ts';
export { markedProcess } from './guard.ts';
export type * from './messages.ts';
export { LINE_BYTES_MAX } from './protocol.ts';
export { protocolSchemaText } from './protocol-schema.ts';
export { SESSION_CLOSED } from './types.ts';
export type * from './types.ts';
