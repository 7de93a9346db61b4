/**
 * The adapter protocol, version 1, as one table: which method goes which way, what it carries, and what
 * it means. Validation, the published schema and the documentation follow from it; the types are in
 * `messages.ts`.
 *
 * JSON-RPC 2.0, one JSON object in UTF-8 on each line, no batches. Both sides may ask; answers come in any
 * order. The runner numbers its requests with integers, the adapter with integers or strings of its own.
 * Members that are not described are let pass, so that a later version may add some.
 */
import { levels, profiles } from '../../../spec/index.ts';
import type {
  AdapterNotifications,
  AdapterRequests,
  RunnerNotifications,
  RunnerRequests,
} from './messages.ts';
import { array, integer, object, oneMemberOf, type Schema, text, whole } from './schema-words.ts';

export const PROTOCOL_VERSION = 1;
export const LINE_BYTES_MAX: number = 8 * 1024 * 1024;

/** Codes of error responses. */
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

export interface MethodDescription {
  readonly from: 'runner' | 'adapter';
  readonly meaning: string;
  readonly params: Schema;
  /** Absent: a notification, which nobody answers. */
  readonly result?: Schema;
}

export type MethodName = keyof (RunnerRequests &
  RunnerNotifications &
  AdapterRequests &
  AdapterNotifications);

const NOTHING = object({});
const ANYTHING: Schema = {};
const SESSION = text('a session, by the name that the runner has given it');
const LANE = integer(
  'a lane; one thread of calls. Negative: a thread of the implementation itself',
);
const STATUS = whole('a Win32 status', 0xffffffff);
const HANDLE: Schema = {
  type: ['string', 'null'],
  description: 'a handle: opaque, and made up by the adapter; null is NULL',
};
const ID = integer('a number of the runner, unique within the session');
const FUNCTION = text('a function of rtmv2.h');
const ARGS: Schema = {
  type: 'object',
  description:
    'the IN parameters, named as in rtmv2.h. Null for an OUT parameter: it is not wanted',
};

const OUTCOME = {
  status: STATUS,
  out: { type: 'object', description: 'the OUT parameters that the status defines' },
  unsupported: text('why the implementation does not have the function'),
  errored: text('why the adapter could not make the call'),
} as const;

const EVENT = object(
  {
    kind: { enum: ['invoke', 'return'] },
    lane: LANE,
    id: ID,
    t: whole('nanoseconds of a monotonic clock'),
    ...OUTCOME,
  },
  ['status', 'out', 'unsupported', 'errored'],
);

const HISTORY = array(EVENT, 'what has happened and was not told yet, in order');
const LANE_OP = object({ id: ID, name: FUNCTION, args: ARGS });

export const protocol: Readonly<Record<MethodName, MethodDescription>> = {
  initialize: {
    from: 'runner',
    meaning: 'The first message. The adapter says who it is and what it claims.',
    params: object({
      protocol: object({ min: integer('the oldest version'), max: integer('the newest version') }),
      suite: object({ name: text('of the suite'), version: text('of the suite') }),
      seed: integer('for whatever the adapter draws'),
      nonce: text('to be echoed'),
      limits: object({ lineBytes: whole('the length of a line at most') }),
    }),
    result: object(
      {
        protocol: integer('the version spoken'),
        nonce: text('as received'),
        implementation: object(
          {
            name: text('of the implementation', 1),
            version: text('of the implementation'),
            language: text('it is written in'),
            homepage: text('where to read about it'),
          },
          ['homepage'],
        ),
        levels: array({ enum: levels }, 'the feature levels claimed'),
        profile: { enum: profiles },
        capabilities: object(
          {
            lanes: { type: 'boolean', description: 'rung B: real threads' },
            points: { type: 'boolean', description: 'rung C: scheduling points' },
            census: { type: 'boolean', description: 'knows its live objects' },
          },
          ['census'],
        ),
      },
      ['profile'],
    ),
  },
  'session.open': {
    from: 'runner',
    meaning:
      'A fresh RTM: no entities, its virtual clock at 0. In mode `sequential` everything may run on one thread as long as callbacks nest; in mode `points` lanes stop at every point.',
    params: object({ session: SESSION, mode: { enum: ['sequential', 'free', 'points'] } }),
    result: NOTHING,
  },
  op: {
    from: 'runner',
    meaning:
      'One call. It runs on the thread of its lane, which does one at a time; while that thread is inside a callback it serves further ops of its lane, nested.',
    params: object({ session: SESSION, lane: LANE, id: ID, name: FUNCTION, args: ARGS }),
    result: oneMemberOf(OUTCOME, ['status', 'unsupported', 'errored'], ['out']),
  },
  'program.run': {
    from: 'runner',
    meaning:
      'Calls on several lanes at once, each on a thread of its own, started together at a barrier. The moments before and after each call are ordered by one interlocked counter.',
    params: object({
      session: SESSION,
      lanes: array(
        object({ lane: LANE, ops: array(LANE_OP, 'one after another') }),
        'side by side',
      ),
      schedule: object({
        kind: { enum: ['free', 'yield'], description: '`yield`: with short random pauses' },
        seed: integer('for the pauses'),
      }),
    }),
    result: object({ history: HISTORY }),
  },
  resume: {
    from: 'runner',
    meaning: 'Lets a lane go on from the point at which it stands.',
    params: object({ session: SESSION, lane: LANE }),
  },
  quiesce: {
    from: 'runner',
    meaning:
      'Sets the virtual clock, never backwards, runs what falls due, and answers when no work of the implementation itself and no callback is in flight any more.',
    params: object({ session: SESSION, now: whole('virtual milliseconds') }),
    result: NOTHING,
  },
  'pointer.write': {
    from: 'runner',
    meaning: 'The client writes members of a live structure that a call has handed out.',
    params: object({ session: SESSION, pointer: text('as handed out'), fields: ARGS }),
    result: NOTHING,
  },
  'pointer.read': {
    from: 'runner',
    meaning: 'What a live structure holds now.',
    params: object({ session: SESSION, pointer: text('as handed out') }),
    result: object({ value: ANYTHING }),
  },
  census: {
    from: 'runner',
    meaning: 'The live objects, by kind, each by its count of references.',
    params: object({ session: SESSION }),
    result: object({
      counts: {
        type: 'object',
        additionalProperties: array(whole('references'), 'of one kind, in any order'),
      },
    }),
  },
  'session.close': {
    from: 'runner',
    meaning:
      'Everything of the session is gone afterwards and nothing is said of it any more. Lanes that are stuck are abandoned.',
    params: object({ session: SESSION }),
    result: object({ leaks: array(text('what was left'), 'in words') }, ['leaks']),
  },
  ping: {
    from: 'runner',
    meaning: 'Is anybody there?',
    params: object({ nonce: text('to be echoed') }, ['nonce']),
    result: object({ nonce: text('as received') }, ['nonce']),
  },
  shutdown: {
    from: 'runner',
    meaning: 'Nothing but `exit` will follow.',
    params: NOTHING,
    result: NOTHING,
  },
  exit: {
    from: 'runner',
    meaning: 'The process ends with 0. The end of its input means the same.',
    params: NOTHING,
  },
  '$/cancel': {
    from: 'runner',
    meaning: 'The answer to a request is not wanted any more. It may come all the same.',
    params: object({ id: integer('the id of the request') }),
  },
  'event.callback': {
    from: 'adapter',
    meaning:
      'The RTM calls an RTM_EVENT_CALLBACK. The answer is what the callback returns; until it comes the lane serves nested ops.',
    params: object(
      {
        session: SESSION,
        lane: LANE,
        callback: integer('which callback, as it was registered'),
        RtmRegHandle: HANDLE,
        EventType: whole('an RTM_EVENT_TYPE', 0xffffffff),
        Context1: HANDLE,
        Context2: ANYTHING,
        history: HISTORY,
      },
      ['Context1', 'Context2', 'history'],
    ),
    result: object({ status: STATUS }),
  },
  'event.method': {
    from: 'adapter',
    meaning: 'The RTM calls an RTM_ENTITY_EXPORT_METHOD.',
    params: object(
      {
        session: SESSION,
        lane: LANE,
        method: integer('which method, as it was registered'),
        CallerHandle: HANDLE,
        CalleeHandle: HANDLE,
        Input: object({
          MethodType: whole('of the method', 0xffffffff),
          InputSize: whole('in bytes', 0xffffffff),
          InputData: array(whole('a byte', 255), 'of the input'),
        }),
        history: HISTORY,
      },
      ['history'],
    ),
    result: object({ MethodStatus: STATUS, OutputData: array(whole('a byte', 255), 'of output') }),
  },
  point: {
    from: 'adapter',
    meaning:
      'In mode `points`: the lane stands at a point, and stays until `resume`. Blocked: it could not acquire what the label names, and will try again.',
    params: object(
      {
        session: SESSION,
        lane: LANE,
        label: text('what comes next'),
        blocked: { type: 'boolean' },
      },
      ['blocked'],
    ),
  },
  log: {
    from: 'adapter',
    meaning: 'Words for whoever reads the transcript.',
    params: object({ message: text('for people') }),
  },
  fatal: {
    from: 'adapter',
    meaning: 'The adapter gives up, and ends.',
    params: object({ message: text('why') }),
  },
};
