/** The litmus programs: one line for each. */
import { countedLookUp, lostDecrement, resurrection } from './classics/reference-count.ts';
import {
  checkThenInsert,
  insertIfFree,
  publishedFirst,
  publishedLast,
} from './classics/registration.ts';
import {
  callbackOutsideLock,
  callbackUnderLock,
  heardWakeUp,
  lostWakeUp,
} from './classics/waiting.ts';
import {
  callbackCallsBack,
  callbackDeregister,
  callbackDeregisterSubject,
  callbackDeregisterTwice,
  callbackOfOneLeavingAndOneStaying,
  deregisterInOwnCallback,
  deregisterInOwnCallbackUnderRegistrations,
  registerInCallback,
} from './implementation/callbacks.ts';
import {
  deregisterDeregister,
  deregisterInfo,
  deregisterInfoOfLeaving,
  deregisterList,
  deregisterOther,
  deregisterReference,
  deregisterRelease,
} from './implementation/deregister-operation.ts';
import {
  deleteListInsert,
  enumerateAdd,
  enumerateDelete,
  fetchEnd,
  fetchFetch,
  insertDelete,
  insertInsert,
  moveEnumerate,
} from './implementation/enumerations.ts';
import {
  expireDelete,
  expireDeregister,
  expireUpdate,
  expireUpdateInPlace,
  holdAdd,
  holdDelete,
  holdLookUp,
} from './implementation/holds-and-expiries.ts';
import {
  deregisterRunning,
  invokeBlock,
  invokeBlockDeregister,
  invokeBlockForLong,
  invokeDeregister,
  invokeDeregisterInvoker,
  invokeInvoke,
  invokeOthersWhileBlocking,
} from './implementation/methods.ts';
import {
  addAddOfNextHops,
  deleteDeleteOfNextHops,
  deleteFind,
  deleteNextHopAddRoute,
  lockLock,
} from './implementation/next-hops.ts';
import {
  announceFetch,
  changeDeregister,
  changeFetch,
  changeIgnore,
  changeMark,
  changeUnsubscribe,
  fetchUnsubscribe,
  subscribeChange,
} from './implementation/notifications.ts';
import {
  lockHeldAdd,
  lockLockOfDestination,
  lockLookUp,
  sharedLockUpdate,
  storeAdd,
} from './implementation/opaque-pointers.ts';
import { referenceRelease, releaseList, releaseRelease } from './implementation/references.ts';
import {
  deregisterRegister,
  registerDifferent,
  registerList,
  registerListTightly,
  registerSame,
  registerWatched,
} from './implementation/registration.ts';
import {
  addAdd,
  addAddOfOthers,
  addLookUp,
  deleteDelete,
  deleteLookUp,
  deleteUpdate,
  deregisterAdd,
  deregisterLookUp,
  lockUpdate,
  releaseLookUp,
  updateUpdate,
} from './implementation/routes.ts';
import { pushArgument } from './interlocked-list/macro-argument.ts';
import { plainHead, plainLink } from './interlocked-list/plain-access.ts';
import { popAba, popTaggedHolds, popTagTooNarrow } from './interlocked-list/pop-aba.ts';
import { popComparesWithNull, popNeverLeaves, popRevives } from './interlocked-list/pop-loop.ts';
import { popFreed, popHazard } from './interlocked-list/pop-reclaim.ts';
import {
  pushReRead,
  pushReReadFreed,
  pushSaved,
  pushSavedFreed,
} from './interlocked-list/push-re-read.ts';
import type { AlgorithmLitmus, ImplementationLitmus, LitmusProgram } from './litmus.ts';
import { handleTable, lateClient, lateDeregistration } from './quiescence/late-comers.ts';
import {
  checkThenCount,
  flagOverflow,
  hoistedRead,
  withinOperation,
} from './quiescence/mistakes.ts';
import { deregisterTwice, twoCalls, twoClients } from './quiescence/protocol.ts';

export {
  type AlgorithmLitmus,
  exhaustively,
  type ImplementationLitmus,
  type LitmusProgram,
} from './litmus.ts';

export const algorithmLitmus: readonly AlgorithmLitmus[] = [
  pushReRead,
  pushReReadFreed,
  pushSaved,
  pushSavedFreed,
  popComparesWithNull,
  popRevives,
  popNeverLeaves,
  popAba,
  popTaggedHolds,
  popTagTooNarrow,
  popFreed,
  popHazard,
  plainHead,
  plainLink,
  pushArgument,
  twoClients,
  twoCalls,
  deregisterTwice,
  lateClient,
  lateDeregistration,
  handleTable,
  checkThenCount,
  hoistedRead,
  withinOperation,
  flagOverflow,
  resurrection,
  countedLookUp,
  lostDecrement,
  lostWakeUp,
  heardWakeUp,
  callbackUnderLock,
  callbackOutsideLock,
  publishedFirst,
  publishedLast,
  checkThenInsert,
  insertIfFree,
];

export const implementationLitmus: readonly ImplementationLitmus[] = [
  deregisterList,
  deregisterInfo,
  deregisterInfoOfLeaving,
  deregisterRelease,
  deregisterReference,
  deregisterDeregister,
  deregisterOther,
  registerSame,
  registerDifferent,
  registerWatched,
  registerList,
  registerListTightly,
  deregisterRegister,
  releaseList,
  referenceRelease,
  releaseRelease,
  callbackDeregister,
  callbackDeregisterSubject,
  callbackCallsBack,
  callbackOfOneLeavingAndOneStaying,
  callbackDeregisterTwice,
  deregisterInOwnCallback,
  deregisterInOwnCallbackUnderRegistrations,
  registerInCallback,
  addAdd,
  addAddOfOthers,
  deleteUpdate,
  updateUpdate,
  lockUpdate,
  deleteDelete,
  deleteLookUp,
  releaseLookUp,
  addLookUp,
  deregisterLookUp,
  deregisterAdd,
  addAddOfNextHops,
  deleteDeleteOfNextHops,
  deleteNextHopAddRoute,
  deleteFind,
  lockLock,
  invokeBlock,
  invokeBlockForLong,
  invokeDeregister,
  invokeDeregisterInvoker,
  invokeBlockDeregister,
  invokeInvoke,
  invokeOthersWhileBlocking,
  deregisterRunning,
  lockLookUp,
  storeAdd,
  lockHeldAdd,
  sharedLockUpdate,
  lockLockOfDestination,
  enumerateDelete,
  enumerateAdd,
  fetchFetch,
  fetchEnd,
  insertDelete,
  insertInsert,
  moveEnumerate,
  deleteListInsert,
  subscribeChange,
  changeFetch,
  fetchUnsubscribe,
  changeUnsubscribe,
  changeDeregister,
  changeIgnore,
  changeMark,
  announceFetch,
  expireUpdate,
  expireUpdateInPlace,
  expireDelete,
  expireDeregister,
  holdLookUp,
  holdAdd,
  holdDelete,
];

export const litmusPrograms: readonly LitmusProgram[] = [
  ...algorithmLitmus,
  ...implementationLitmus,
];
