/**
 * Turns a program against an RTM into one for the engine: sets the implementation up, runs the threads,
 * lets everybody leave, and has the model judge what was seen.
 *
 * One thread does the set-up, starts the others and waits for them; only while they run does the
 * scheduler have a choice.
 */
import {
  delayAfter,
  type ObjectCensus,
  type Rtm,
  type RtmHost,
} from '../../harness/adapters/index.ts';
import type { Program, Runtime, Task } from '../../harness/index.ts';
import { type Context, createContext } from '../../reference/model/index.ts';
import { type Profile, type RuleId, ruleIds } from '../../spec/index.ts';
import { censusOf, checkCensus, referred } from './census.ts';
import { type ActionOutcome, Client } from './client.ts';
import type { Connection } from './connection.ts';
import { threadName } from './describe-program.ts';
import { judge, type Judgement, type RecordedHistory, type Violation } from './judge.ts';
import { Recorder } from './recorder.ts';
import type { Action, RtmProgram } from './rtm-program.ts';

/** Name of the thread that sets up, waits and cleans up. */
export const MAIN_THREAD = 'main';

/** How an execution reaches the implementation. */
export interface Connector {
  /** A fresh instance for this execution. */
  create(rt: Runtime, host: RtmHost): Task<{ readonly rtm: Rtm; readonly connection: Connection }>;
}

export interface ProgramOptions {
  readonly profile: Profile;
  /** Calls with handles whose deregistration has returned: see `ClientOptions`. */
  readonly useStaleHandles?: boolean;
  /** Looks at each action's outcome, in setup and in threads; -1 is setup. Returns what is wrong with it. */
  readonly expect?: (
    outcome: ActionOutcome,
    place: { readonly thread: number; readonly index: number },
    client: Client,
    /** The live objects of now, for implementations that tell. */
    census: () => ObjectCensus | undefined,
  ) => Violation | undefined;
  /** No callbacks are in the program, so that who holds what is known exactly. */
  readonly exactReferences?: boolean;
}

export interface JudgedProgram {
  readonly program: Program;
  /** What the last execution violated, if it was the model that complained. */
  violation(): Violation | undefined;
  /** Histories judged, and those on which the budget ended before there was an answer. */
  readonly counts: { histories: number; unknown: number };
}

export function harnessProgram(
  connector: Connector,
  rtmProgram: RtmProgram,
  options: ProgramOptions,
): JudgedProgram {
  const context = createContext({ profile: options.profile });
  const judged = new Map<string, Judgement>();
  const counts = { histories: 0, unknown: 0 };
  let violation: Violation | undefined;

  const complain = (rt: Runtime, found: Violation): never => {
    violation = found;
    rt.note(found.message, 'violation');
    return rt.fail(found.rule, found.message);
  };

  const program: Program = (rt) => {
    violation = undefined;
    rt.spawn(MAIN_THREAD, function* () {
      const host = hostFor(rt);
      const created = yield* connector.create(rt, host);
      const { rtm } = created;
      let isOver = false;
      const connection = refusingCallbacks(created.connection, () => {
        if (isOver) complain(rt, LATE_CALLBACK);
      });
      const recorder = new Recorder(rt);
      const client = new Client(rt, connection, recorder, {
        useStaleHandles: options.useStaleHandles ?? options.profile === 'notes',
        callbacksAwaited: options.profile === 'notes',
        complain: (rule, message, observed) =>
          complain(rt, { rule, message, observed, permitted: [] }),
      });
      const census = (): ObjectCensus | undefined => censusOf(rt, rtm);
      const observe = observerOf(options, { client, census }, (found) => complain(rt, found));
      yield* client.perform(rtmProgram.setup, observe(-1));
      const threads = rtmProgram.threads.map((actions: readonly Action[], index) =>
        rt.spawn(threadName(index), () => client.perform(actions, observe(index))),
      );
      for (const thread of threads) yield* thread.join();
      yield* client.perform([{ call: 'quiesce' }]);
      if (client.isUnjudgeable) return;
      const isExact = options.exactReferences === true;
      if (isExact) {
        const wrong = checkCensus(censusOf(rt, rtm), client, 'running');
        if (wrong !== undefined) complain(rt, wrong);
      }
      rt.note('all threads are done: everything is given back, everybody deregisters', 'leave');
      yield* client.leave();
      if (client.isUnjudgeable) return;
      // In a scenario it is known what remains in the end, callbacks or not.
      const isScenario = options.expect !== undefined;
      if (isExact || (isScenario && !client.hasLeftHolding() && !client.hasUsedTables())) {
        const left = censusOf(rt, rtm);
        const wrong = checkCensus(isExact ? left : referred(left), client, 'left');
        if (wrong !== undefined) complain(rt, wrong);
      }
      const judgement = judgeOnce(recorder.history as RecordedHistory, context, judged);
      counts.histories = judged.size;
      if (judgement.verdict === 'unknown') counts.unknown += 1;
      if (judgement.verdict === 'violation') complain(rt, judgement.violation);
      isOver = true;
      if (rtm.close === undefined) return;
      const told = yield* connection.close();
      if (!client.hasLeftHolding()) reportLeaks(rt, told, complain);
    });
  };
  return { program, violation: () => violation, counts };
}

const LATE_CALLBACK: Violation = {
  rule: 'RTM-EVENT-013',
  message: 'a callback begins although every client has deregistered',
  observed: 'RTM_EVENT_CALLBACK is called after the last deregistration has returned',
  permitted: ['no callback'],
};

/** Looks at each callback before it does anything. */
function refusingCallbacks(connection: Connection, look: () => void): Connection {
  return {
    ...connection,
    callback: (body) =>
      connection.callback(function* (...args) {
        look();
        return yield* body(...args);
      }),
  };
}

/** What an implementation gets: its own threads do not keep an execution from ending. */
function hostFor(rt: Runtime): RtmHost {
  let sleeps = 0;
  return {
    rt: {
      ...rt,
      spawn: (name, body) => rt.spawn(name, body, { daemon: true }),
      // Who polls sleeps longer by and by, or would fill the execution with polls while all is quiet.
      sleep: (ms) => {
        sleeps += 1;
        return rt.sleep(delayAfter(sleeps, ms));
      },
    },
    now: () => rt.now(),
    log: (message) => {
      rt.note(message, 'log');
    },
  };
}

type Observer = (outcome: ActionOutcome) => void;

function observerOf(
  options: ProgramOptions,
  { client, census }: { readonly client: Client; readonly census: () => ObjectCensus | undefined },
  complain: (violation: Violation) => void,
): (thread: number) => Observer {
  const { expect } = options;
  return (thread) => {
    let index = 0;
    return (outcome) => {
      const found = expect?.(outcome, { thread, index }, client, census);
      index += 1;
      if (found !== undefined) complain(found);
    };
  };
}

/** Most schedules of a program give one of a few histories: each is judged once. */
function judgeOnce(
  history: RecordedHistory,
  context: Context,
  known: Map<string, Judgement>,
): Judgement {
  // A FILETIME may be a bigint, of which JSON knows nothing.
  const key = JSON.stringify(history, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  let judgement = known.get(key);
  if (judgement === undefined) {
    judgement = judge(history, context);
    known.set(key, judgement);
  }
  return judgement;
}

function reportLeaks(
  rt: Runtime,
  told: readonly string[],
  complain: (rt: Runtime, violation: Violation) => never,
): void {
  const left = [...rt.heap.live().map((block) => block.name), ...told];
  if (left.length === 0) return;
  complain(rt, {
    rule: 'RTM-REF-009',
    message: 'memory remains allocated after everything was given back and the instance was closed',
    observed: `never freed: ${left.join(', ')}`,
    permitted: ['no block remains'],
  });
}

/** The rule that a fault found by the harness itself goes against. */
export function ruleOfFault(kind: string): RuleId {
  // Whoever complained by `Runtime.fail` gave the rule as the kind.
  const known = ruleIds.find((id) => id === kind);
  if (known !== undefined) return known;
  switch (kind) {
    case 'data-race':
    case 'lock-misuse':
      return 'RTM-SAFE-003';
    case 'livelock':
      return 'RTM-SAFE-002';
    case 'deadlock':
    case 'never-settles':
      return 'RTM-SAFE-001';
    case 'use-after-free':
      return 'RTM-REF-007';
    case 'double-free':
      return 'RTM-REF-006';
    case 'leak':
      return 'RTM-REF-009';
    default:
      return 'RTM-SAFE-004';
  }
}
