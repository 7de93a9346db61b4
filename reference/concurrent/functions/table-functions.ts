/**
 * All functions beyond level `core`, each one stay in the monitor.
 *
 * Choices where the documents leave one, by the number of their RTM-AMB entry:
 *
 * Routes. RTM_ROUTE_CHANGE_NEW creates another route, also with RTM_ROUTE_CHANGE_FIRST (101, 104), which by itself
 * updates the caller's best-placed one and takes everything over (102, 103). RTM_ROUTE_CHANGE_BEST tells of another best
 * route only (105). RouteOwner, DestAddress beside a handle, and reserved arguments are ignored (106, 107, 113);
 * refused are impossible prefixes, too many next hops, unsupported views and next hops of others (109, 112, 168, 187),
 * not host bits, which are cut off, nor having no next hop or no view (110, 111, 167). A handle given in
 * may change the neighbour and gets no further reference (108, 114). Deleted routes can be described, but not be
 * deleted again: ERROR_NOT_FOUND (115 to 117). DELETING is the state of held ones (118). Preferences are as given, 0 the best;
 * the incumbent wins among equals, and flags play no part (127 to 130). Held routes are best nowhere (131).
 *
 * In place. Only who has locked a route exclusively may commit it (120); changes that are not committed are
 * lost (125), and are seen by nobody before. References go with next hops and neighbour (122). Pointers last as long
 * as the object (123). Locks are given up in any mode and thread of the client (124), and others get none (126).
 *
 * Look-ups pass over destinations without a route in the views asked for (153, 169), ignore views that are
 * not supported (154) and count all routes (151); RTM_THIS_PROTOCOL is of all clients with the protocol (152). Wrong
 * arguments are answered as by related functions (155, 157). A matching route is the best that matches, delivered
 * with all its next hops (158, 160); RTM_MATCH_FULL has the interface in it, unknown bits are ignored, PrefInfo and lists are
 * compared as a whole, NULL agrees with NULL (161 to 164, 166), and neither held nor deleted routes match (165). LastChanged
 * moves with best routes (170), DestFlags are those of the best route (171), and any function takes back any
 * RTM_DEST_INFO (173, 293).
 *
 * Next hops of others are not found (177); a handle goes before a description (180); pointers take no reference (181);
 * the RTM counts RemoteNextHop (182); flags are kept and have no effect (176); changes in place are taken over on unlocking (185).
 *
 * Enumerations are live (267). Entries have a block for each view asked for (251). Addresses are ignored where none is
 * wanted and refused where one is missing (252, 255), as are two positions, unknown flags and missing criteria (253, 260, 266); a
 * DestHandle alone decides (258) and is kept (259). The end is an empty batch (262), a batch of none is
 * refused (263), and of several handles with a bad one none is served (264). Handles of others are refused (300).
 *
 * Notification. One announcement whenever something becomes pending where nothing was (201). The metric counts for best
 * routes, neither it nor the preference for forwarding, and other members for RTM_CHANGE_TYPE_ALL only (205, 206, 298, 299).
 * No kind of change and unknown bits are refused (208, 209), 0 and RTM_VIEW_MASK_ALL are all views (210, 211), several subscriptions
 * are possible (212), batches that are too large are refused (216), entries are as at the fetch with all views
 * subscribed to (217, 220). Marks are kept without a meaning under subscriptions to everything, do not count, do not drop what is
 * pending and last as long as their destination (226 to 228, 230). After the end of a subscription no callback begins, and what was
 * fetched under it is given back otherwise (233, 234). Whoever leaves loses everything it has set up, owns or holds (10, 12, 235).
 *
 * Lists. Routes of others are refused (241), NULL changes nothing in an update (242), members may be named twice (246) and leave
 * with their deletion (244). Enumerations deliver those who were there and still are (245); of a deleted list none (247).
 *
 * Methods see their own bit, in ascending order (273, 274), those missing are skipped (275, 278), records are
 * packed (276), and too little room is ERROR_INSUFFICIENT_BUFFER (277). The method writes its status (279). Asking for the count
 * succeeds (269, 270). Blocks are of everything, a flag, and do not wait (280, 282, 283); who leaves ends invocations
 * that wait for it (284); both clients are kept while a method runs (285).
 *
 * Opaque pointers are without number (286), empty for whoever comes (287), and stay while the destination is held (288), under a lock
 * or not (289). Every client may lock (290), and call what it likes meanwhile (292).
 *
 * Hold-down is by view, in the views asked for, for the time asked for, used up by one hold (132 to 135). Another call takes
 * the place of what is armed, not of what is held (136, 137); 0 is all views (138). Held routes show for RTM_VIEW_MASK_ANY
 * only (139, 140) and are not counted (141). Aging: 0 is over at once (142); the owner is told, with the live route and a
 * reference of its own, which the RTM takes back if it deletes the route (145, 148, 149, 294); routes of owners
 * without a callback are deleted (146), those that are kept stay for good (147).
 */
import type { Task } from '../../../harness/index.ts';
import type { ArgumentsOf, TableFunctionName } from '../../../spec/index.ts';
import type { Caller, Handle } from '../rtm.ts';
import { enumerationFunctions } from './enumeration-functions.ts';
import { listFunctions } from './list-functions.ts';
import { lookupFunctions } from './lookup-functions.ts';
import { methodFunctions } from './method-functions.ts';
import { nextHopFunctions } from './next-hop-functions.ts';
import { notificationFunctions } from './notification-functions.ts';
import { opaqueFunctions } from './opaque-functions.ts';
import type { Answer, Procedure, Procedures, TableFunctions } from './procedure.ts';
import { routeFunctions } from './route-functions.ts';
import type { TableDesk } from './table-desk.ts';

/** Running methods takes more than one stay: it is the only function that is not among these. */
const procedures: Procedures<Exclude<TableFunctionName, 'RtmInvokeMethod'>> = {
  ...routeFunctions,
  ...lookupFunctions,
  ...nextHopFunctions,
  ...enumerationFunctions,
  ...notificationFunctions,
  ...listFunctions,
  ...methodFunctions,
  ...opaqueFunctions,
};

export function tableFunctions(desk: TableDesk): TableFunctions {
  const functions: Partial<Record<TableFunctionName, unknown>> = {
    RtmInvokeMethod: (_thread: Caller, args: ArgumentsOf<'RtmInvokeMethod', Handle>) =>
      desk.methods.invoke(args),
  };
  for (const [name, procedure] of Object.entries(procedures)) {
    functions[name as TableFunctionName] = asFunction(
      desk,
      procedure as Procedure<TableFunctionName>,
    );
  }
  // The procedures have the names and types of the functions.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return functions as unknown as TableFunctions;
}

function asFunction<Name extends TableFunctionName>(
  desk: TableDesk,
  procedure: Procedure<Name>,
): (thread: Caller, args: ArgumentsOf<Name, Handle>) => Task<Answer<Name>> {
  return (_thread, args) => desk.serve(procedure, args);
}
