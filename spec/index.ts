/** What RTMv2 says, as data: the entry of this room. */
export { callbacks, forbiddenCalls } from './api/callbacks.ts';
export type { CallbackName } from './api/callbacks.ts';
export { constants } from './api/constants.ts';
export type { ConstantName } from './api/constants.ts';
export { scalarTypes } from './api/c-types.ts';
export type { Layout, ScalarTypeName, Structure, ValueOf } from './api/c-types.ts';
export { eventContexts, events, eventTypeName } from './api/events.ts';
export type { EventType, EventTypeName } from './api/events.ts';
export { functionNames, functions, handleKinds } from './api/functions.ts';
export type {
  FunctionDescription,
  FunctionName,
  HandleKind,
  HandlePlace,
  ParameterDescription,
  ParameterName,
} from './api/functions.ts';
export { mapHandles, mapHandlesOf } from './api/handle-walk.ts';
export type { HandleVisitor } from './api/handle-walk.ts';
export {
  getIpv4AddressAndLength,
  getIpv4AddressAndMask,
  ipv4FromOctets,
  ipv4LengthFromMask,
  ipv4MaskFromLength,
  makeIpv4NetAddress,
  octetsFromIpv4,
  protocolId,
  setIpv4AddressAndLength,
  setIpv4AddressAndMask,
  sizeOfDestInfo,
  sizeOfRouteInfo,
} from './api/macros.ts';
export type { NetAddress } from './api/macros.ts';
export type * from './api/shapes.ts';
export type * from './api/signatures.ts';
export { statuses, statusName } from './api/statuses.ts';
export type { StatusCode, StatusName } from './api/statuses.ts';
export { structures } from './api/structures.ts';
export type { StructureName } from './api/structures.ts';
export { ambiguities, ambiguityIds } from './ambiguities.generated.ts';
export type { Ambiguity, AmbiguityId } from './ambiguities.generated.ts';
export { ambiguityById, appliesTo, permittedReadings, ruleById } from './catalogue-access.ts';
export { levels, profiles } from './levels.ts';
export type { Level, Profile } from './levels.ts';
export { namesOf } from './names.ts';
export type { Source } from './rule.ts';
export { ruleIds, rules } from './rules.generated.ts';
export type { Rule, RuleId } from './rules.generated.ts';

/** Version of the rules and tables, which reports name beside every verdict. */
export const SPEC_VERSION = '0.1.0';
