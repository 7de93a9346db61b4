/**
 * Scenarios: what a single client can see of a rule, one behaviour each, as plain data.
 *
 * The steps are done one after another by one thread; what is expected of each is named by the slots
 * of the program and never by handle values, because nothing is promised about those. An expectation
 * permits whatever any reading of the ambiguities permits: clients whose registration was refused,
 * where it may be, are expected nowhere, and nobody minds being told of itself.
 */
import type {
  EventTypeName,
  HandleKind,
  Level,
  Profile,
  RuleId,
  StatusName,
} from '../../spec/index.ts';
import type { Action } from '../programs/rtm-program.ts';
import type { Pattern } from './pattern.ts';

export type ScenarioArea =
  | 'registration'
  | 'deregistration'
  | 'lists'
  | 'entity info'
  | 'references'
  | 'release'
  | 'callbacks'
  | 'out parameters'
  /** Beyond `core` the area is the level. */
  | Exclude<Level, 'core'>;

export interface Scenario {
  /** `core/<area>/<kebab-name>`, or `<level>/<kebab-name>` for the other levels; for ever the same. */
  readonly id: `core/${string}/${string}` | `${Exclude<Level, 'core'>}/${string}`;
  readonly title: string;
  readonly area: ScenarioArea;
  /** Default `core`. */
  readonly level?: Level;
  /** Levels whose functions it calls besides. */
  readonly needs?: readonly Level[];
  /** The first is the one that a failed expectation goes against. */
  readonly rules: readonly [RuleId, ...RuleId[]];
  /** Only for implementations of this profile. Absent: for all. */
  readonly profile?: Profile;
  readonly steps: readonly Step[];
  /** Everybody knows exactly what is held in the end, so a census has to agree. */
  readonly exactReferences?: true;
  /** Calls are made that may hang for good: when nothing moves any more, that tells nothing. */
  readonly mayHang?: true;
}

export interface Step {
  readonly do: Action;
  readonly expect?: Expectation;
}

export interface Expectation {
  /** The statuses permitted. `any error`: all but NO_ERROR. */
  readonly status?: StatusName | readonly StatusName[] | 'any error';
  /** Nothing is expected where the value of the registration handle has been given out again. */
  readonly unlessGivenOutAgain?: true;

  /** Of a registration that succeeded: its handle is one that no other client registered now has. */
  readonly handle?: 'distinct';
  /**
   * Of a registration that succeeded. `complete`: every field of RTM_REGN_PROFILE is a count;
   * `views counted`: NumberOfViews is the number of bits in ViewsSupported; `usable`: no limit is 0.
   */
  readonly profile?: 'complete' | 'views counted' | 'usable';

  /** Of a call of another level that succeeded: what its OUT parameters hold. */
  readonly out?: { readonly [Parameter: string]: Pattern };
  /**
   * The reference counts of all live objects, or of these kinds of them, are what they were after the step
   * at this place. For implementations that tell.
   */
  readonly counts?: { readonly as: number; readonly of?: readonly HandleKind[] };
  /** What the pointer to live data that an action with this name returned leads to now. */
  readonly pointsAt?: { readonly pointer: string; readonly what: Pattern };
  /** Notifications and expiries that have come by now. */
  readonly announced?: readonly ExpectedAnnouncement[];

  /** Slots of the clients that a list which succeeded holds; the caller may be there as well. */
  readonly lists?: readonly number[];
  /** What NumEntities may be, whatever the status, where it is delivered at all. */
  readonly count?: readonly number[];
  /** NumEntities is delivered even after a failure: only the notes promise that. */
  readonly countDefined?: true;

  /** Slots of the clients that RtmGetEntityInfo may describe, or the one that the handle was listed for. */
  readonly describes?: readonly number[] | 'as listed';

  /** Earlier steps whose expectations still have to hold of what was delivered then. */
  readonly still?: readonly number[];

  /** Events that have come by now. */
  readonly told?: readonly ExpectedEvent[];
  /** Nobody has been told anything but `told`, except of itself. */
  readonly toldNothingElse?: true;
  /** The events of `told` began in this order. */
  readonly toldInOrder?: true;
  /** No event began after the deregistration of its receiver had returned. */
  readonly departedToldNothing?: true;
}

export interface ExpectedEvent {
  readonly type: EventTypeName;
  /** Slot of the client that is told. */
  readonly to: number;
  /** Slot of the client that it is told of. */
  readonly about: number;
  /** How often it may have come. Default: exactly once. */
  readonly times?: readonly number[];
  /** RtmRegHandle of the callback is the handle that `to` registered with. */
  readonly addressed?: true;
  /** What came of the calls of the receiver's script, in order. */
  readonly replies?: readonly Expectation[];
}

/** RTM_CHANGE_NOTIFICATION or RTM_ROUTE_EXPIRED. */
export interface ExpectedAnnouncement {
  readonly type: 'RTM_CHANGE_NOTIFICATION' | 'RTM_ROUTE_EXPIRED';
  /** Slot of the client that is told. */
  readonly to: number;
  /** The action that returned the subscription, or the route, that Context1 is a handle of. Absent: any. */
  readonly about?: string;
  /** How often it may have come. Default: at least once. */
  readonly times?: readonly number[];
  /** Context2 of every one of them; a route information structure at an expiry. */
  readonly context2?: Pattern;
}
