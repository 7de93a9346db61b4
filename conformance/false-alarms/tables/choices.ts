/**
 * What the documents leave open about tables, as far as the implementations here differ in it. The names say
 * what is done when the choice is taken; where it is absent, the other thing is.
 */
import type { Handle } from '../kit.ts';

export type Kind =
  'entity' | 'destination' | 'route' | 'nexthop' | 'enumeration' | 'route-list' | 'notification';

export interface Choices {
  /** A value that no handle has. */
  mint(kind: Kind | 'registration'): Handle;
  /** Told of a value that nothing refers to any more. */
  recycle?(kind: Kind | 'registration', handle: Handle): void;
  readonly handlesInEnum: number;
  readonly hopsInRoute: number;
  /** RTM-AMB-025: lists and structures name a client by its registration handle. */
  readonly oneEntityHandle?: boolean;
  /** RTM-AMB-011: who still holds handles cannot deregister. */
  readonly refusesHolders?: boolean;
  /** RTM-AMB-012. */
  readonly givesBack?: boolean;
  /** RTM-AMB-010: routes, next hops, subscriptions and lists go with their owner. */
  readonly cleansUp?: boolean;
  /** RTM-AMB-015. */
  readonly listsCaller?: boolean;
  /** RTM-AMB-023, RTM-AMB-264: what functions given several handles do when one is bad. */
  readonly withBadOnes: 'all-others' | 'none' | 'up-to-the-bad-one';
  /** RTM-AMB-101: RTM_ROUTE_CHANGE_NEW on input. */
  readonly changeNew: 'forced' | 'ignored' | 'refused';
  /** RTM-AMB-102. */
  readonly changeFirst: 'best-placed' | 'oldest';
  /** RTM-AMB-103, RTM-AMB-108: an update gives a route the neighbour it names. */
  readonly updatesNeighbour?: boolean;
  /** RTM-AMB-105: what RTM_ROUTE_CHANGE_BEST tells of. */
  readonly changeBest: 'touched' | 'identity' | 'content';
  /** RTM-AMB-106, RTM-AMB-107, RTM-AMB-109, RTM-AMB-110, RTM-AMB-111, RTM-AMB-113 and others: what looks wrong is refused. */
  readonly strict?: boolean;
  /** RTM-AMB-114. */
  readonly updateTakesReference?: boolean;
  /** RTM-AMB-116, RTM-AMB-117, RTM-AMB-131: handles of what was deleted are not valid any more. */
  readonly deletedRefused?: boolean;
  /** RTM-AMB-118: what is held down is still being deleted. */
  readonly heldIsDeleting?: boolean;
  /** RTM-AMB-120: RtmUpdateAndUnlockRoute without a lock is refused. */
  readonly commitNeedsLock?: boolean;
  /** RTM-AMB-125: what was written in place is lost unless it is committed. */
  readonly shadowed?: boolean;
  /** RTM-AMB-125: or it stays, though nobody looks which route is the best now. */
  readonly unlockKeeps?: boolean;
  /** RTM-AMB-126: everybody may lock a route shared. */
  readonly sharedForAll?: boolean;
  /** RTM-AMB-187: a route may name next hops of others. */
  readonly foreignHops?: boolean;
  /** RTM-AMB-129: of equal routes the one changed last is the best. */
  readonly newestWins?: boolean;
  /** RTM-AMB-130. */
  readonly inactiveNeverBest?: boolean;
  /** RTM-AMB-151. */
  readonly countsOfProtocol?: boolean;
  /** RTM-AMB-152: RTM_THIS_PROTOCOL means the caller alone. */
  readonly thisCallerOnly?: boolean;
  /** RTM-AMB-153. */
  readonly passesOver?: boolean;
  /** RTM-AMB-154, RTM-AMB-211: RTM_VIEW_MASK_ALL is more than is supported, and refused. */
  readonly refusesViews?: boolean;
  /** RTM-AMB-160: which of several matches. */
  readonly matchesFirst?: boolean;
  /** RTM-AMB-161. */
  readonly fullHasInterface?: boolean;
  /** RTM-AMB-163. */
  readonly matchesMetric?: boolean;
  /** RTM-AMB-164. */
  readonly matchesHops: 'list' | 'set' | 'common' | 'first';
  /** RTM-AMB-165, RTM-AMB-140: held routes are found when no view is named. */
  readonly findsHeld?: boolean;
  /** RTM-AMB-166: a criterion that is NULL or empty agrees with everything. */
  readonly emptyMatchesAll?: boolean;
  /** RTM-AMB-167: a route in no view. */
  readonly noViews: 'no-view' | 'all-views' | 'refused';
  /** RTM-AMB-169: destinations without routes are found while somebody holds them. */
  readonly emptyLingers?: boolean;
  /** RTM-AMB-170. */
  readonly lastChangedAlways?: boolean;
  /** RTM-AMB-171. */
  readonly destFlagsOfRoute?: boolean;
  /** RTM-AMB-177. */
  readonly hopsOfOthersDenied?: boolean;
  /** RTM-AMB-155, RTM-AMB-157, RTM-AMB-184, RTM-AMB-237: pages without ERROR_INVALID_HANDLE are taken at their word. */
  readonly listedStatusesOnly?: boolean;
  /** RTM-AMB-251. */
  readonly memberBlocksOnly?: boolean;
  /** RTM-AMB-258: a destination with RTM_ENUM_START. */
  readonly startWithDest: 'any' | 'refused' | 'ignored';
  /** RTM-AMB-262, RTM-AMB-215: the end comes with the last items. */
  readonly endWithLast?: boolean;
  /** RTM-AMB-263. */
  readonly zeroFetch: 'refused' | 'empty' | 'end';
  /** RTM-AMB-267, RTM-AMB-245. */
  readonly snapshots?: boolean;
  /** RTM-AMB-201. */
  readonly announces: 'each' | 'when-drained' | 'twice';
  /** RTM-AMB-205, RTM-AMB-206, RTM-AMB-298, RTM-AMB-299: whatever is touched has changed. */
  readonly allCounts?: boolean;
  /** RTM-AMB-216. */
  readonly clampsChanged?: boolean;
  /** RTM-AMB-217. */
  readonly showsAtChange?: boolean;
  /** RTM-AMB-220: view blocks of an entry. */
  readonly changedBlocks: 'subscription' | 'table';
  /** RTM-AMB-226: marks under a subscription to everything. */
  readonly idleMarks: 'kept' | 'refused' | 'ignored';
  /** RTM-AMB-228. */
  readonly unmarkDrops?: boolean;
  /** RTM-AMB-231. */
  readonly uncoveredRefused?: boolean;
  /** RTM-AMB-241. */
  readonly foreignRoutesListed?: boolean;
  /** RTM-AMB-242. */
  readonly updateLeavesList?: boolean;
  /** RTM-AMB-244. */
  readonly deletedStayListed?: boolean;
  /** RTM-AMB-269. */
  readonly methodCountInsufficient?: boolean;
  /** RTM-AMB-270. */
  readonly methodsDelivered?: boolean;
  /** RTM-AMB-273. */
  readonly wholeMask?: boolean;
  /** RTM-AMB-275, RTM-AMB-278. */
  readonly missingMethods: 'skipped' | 'record' | 'refused';
  /** RTM-AMB-282. */
  readonly countsBlocks?: boolean;
  /** RTM-AMB-132. */
  readonly holdsWhole?: boolean;
  /** RTM-AMB-133. */
  readonly holdsEverywhere?: boolean;
  /** RTM-AMB-135. */
  readonly holdUsedUp?: boolean;
  /** RTM-AMB-137. */
  readonly holdReplaced?: boolean;
  /** RTM-AMB-141. */
  readonly countsHeld?: boolean;
  /** RTM-AMB-142. */
  readonly zeroTtl: 'at-once' | 'refused' | 'unchanged';
  /** RTM-AMB-145. */
  readonly allHearOfExpiry?: boolean;
  /** RTM-AMB-146. */
  readonly orphansExpire?: boolean;
  /** RTM-AMB-147. */
  readonly expiresAgain?: boolean;
  /** RTM-AMB-149. */
  readonly expiryHandsOver?: boolean;
}
