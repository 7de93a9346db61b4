/** Implementations in other processes. */
export { startAdapter } from './adapter-process.ts';
export { RemoteRtm } from './connector.ts';
export type { ExecutionMode } from './connector.ts';
export { AdapterFault, AdapterRefusal, describeEnd } from './fault.ts';
export type { AdapterFaultDetails, AdapterFaultKind, ProcessEnd } from './fault.ts';
export type * from './messages.ts';
export { protocolSchemaText } from './protocol-schema.ts';
export { SESSION_CLOSED } from './types.ts';
export type * from './types.ts';
