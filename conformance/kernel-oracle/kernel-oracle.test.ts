/** Longest-prefix match and the choice of the best route against an oracle that nobody here wrote. */
import { describe, expect, it } from 'vitest';
import { explore, type Task } from '../../harness/index.ts';
import {
  blame,
  type Call,
  createContext,
  follow,
  initialState,
  type Reply,
  type State,
} from '../../reference/model/index.ts';
import { referenceImplementations } from '../../reference/index.ts';
import { statuses } from '../../spec/index.ts';
import { Client } from '../programs/client.ts';
import { isRecord } from '../programs/describe-reply.ts';
import { Recorder } from '../programs/recorder.ts';
import {
  addNextHop,
  addRoute,
  deleteRoute,
  lookUp,
  releaseDestInfo,
} from '../programs/table-steps.ts';
import type { Action } from '../programs/rtm-program.ts';
import { connectorFor } from '../runner/connect.ts';
import { askKernel, kernelMetric, findKernel } from './linux-routes.test-support.ts';
import {
  type OracleFamily,
  type OracleTable,
  randomTables,
  ROUTES_MAX,
} from './random-tables.test-support.ts';

/** Of each family. */
const TABLES = 5_000;
/** Each table in the model as well; the model keeps all of its history in mind, so it gets fewer. */
const MODEL_TABLES = 1_000;
const kernel = findKernel();
/** What is missing on CI is a failure; what the machine forbids is none of ours. */
const isSkipped =
  kernel.problem !== undefined && (process.env['CI'] !== 'true' || kernel.isForbidden === true);

const capable = referenceImplementations.filter(({ levels }) => levels.includes('lookup'));
const families: readonly OracleFamily[] = ['IPv4', 'IPv6'];

/** What one look-up of a table delivered, or null. */
type Answers = readonly (number | null)[];

interface Looked {
  readonly answers: readonly Answers[];
  readonly history: readonly { readonly call: Call; readonly reply: Reply }[];
}

/** Puts each table up in an implementation, looks its addresses up, and takes it down again. */
function look(
  implementation: (typeof referenceImplementations)[number],
  family: OracleFamily,
  tables: readonly OracleTable[],
): Looked {
  const answers: Answers[] = [];
  let history: Looked['history'] = [];
  const connector = connectorFor(implementation, 'controlled');
  const { failure } = explore(
    (rt) => {
      rt.spawn('main', function* (): Task {
        const host = { rt, now: () => rt.now(), log: () => {} };
        const { connection } = yield* connector.create(rt, host);
        const recorder = new Recorder(rt);
        const client = new Client(rt, connection, recorder, {
          useStaleHandles: false,
          callbacksAwaited: false,
          complain: (rule, message) => rt.fail(rule, message),
        });
        const table = family === 'IPv4' ? 0 : 1;
        const hop = family === 'IPv4' ? '16.0.0.1' : '2001:0:0:0:0:0:0:1';
        yield* client.perform([
          { call: 'register', slot: 0, identity: 0, table },
          // Routes of one owner to one destination are told apart by their neighbours.
          ...Array.from({ length: ROUTES_MAX }, (_, index) =>
            addNextHop(0, hop, `hop${index}`, { interfaceIndex: 1 + index }),
          ),
        ]);
        for (const one of tables) answers.push(yield* lookIn(client, family, one));
        history = callsOf(recorder);
      });
    },
    {
      strategy: 'round-robin',
      executions: 1,
      maxSteps: 1_000_000_000,
      detect: { leaks: false, races: false },
    },
  );
  if (failure !== undefined) throw new Error(`${failure.kind}: ${failure.message}`);
  return { answers, history };
}

function* lookIn(client: Client, family: OracleFamily, table: OracleTable): Task<Answers> {
  const { routes, deleted, addresses } = table;
  const metrics = new Map<number, number>();
  const added: Action[] = routes.map(({ prefix, preference, metric }, index) =>
    addRoute(0, prefix, { hops: [`hop${index}`], preference, metric }, `r${index}`),
  );
  yield* client.perform(added, ({ reply }) => {
    expect(reply?.status).toBe(statuses.NO_ERROR);
  });
  routes.forEach((route, index) => {
    metrics.set(client.tokenNamed(`r${index}`, undefined) ?? -1, kernelMetric(route));
  });
  yield* client.perform(routes.slice(0, deleted).map((_, index) => deleteRoute(0, `r${index}`)));
  const answers: (number | null)[] = [];
  for (const address of addresses) {
    const whole = `${address}/${family === 'IPv4' ? 32 : 128}`;
    yield* client.perform(
      [lookUp(0, whole, 'found'), releaseDestInfo(0, 'found')],
      ({ action, reply }) => {
        const isLookUp =
          action.call === 'invoke' && action.name === 'RtmGetMostSpecificDestination';
        if (!isLookUp || reply === undefined) return;
        const token = reply.status === statuses.NO_ERROR ? routeOf(reply) : undefined;
        answers.push(token === undefined ? null : (metrics.get(token) ?? Number.NaN));
      },
    );
  }
  yield* client.perform(routes.map((_, index) => deleteRoute(0, `r${index}`)));
  return answers;
}

function routeOf(reply: Reply): number | undefined {
  const info = reply.out?.['DestInfo'];
  const views = isRecord(info) ? info['ViewInfo'] : undefined;
  const [first]: unknown[] = Array.isArray(views) ? views : [];
  const route = isRecord(first) ? first['Route'] : undefined;
  return typeof route === 'number' ? route : undefined;
}

function callsOf(recorder: Recorder): Looked['history'] {
  const calls = new Map<number, Call>();
  return recorder.history.flatMap((event) => {
    if (event.kind === 'invoke') {
      calls.set(event.id, event.call);
      return [];
    }
    const call = calls.get(event.id);
    return call === undefined ? [] : [{ call, reply: event.reply }];
  });
}

/** The same tables are asked about for every implementation. */
const askedBefore = new Map<OracleFamily, readonly Answers[]>();

function answersOfKernel(family: OracleFamily, tables: readonly OracleTable[]): readonly Answers[] {
  const answers = askedBefore.get(family) ?? askKernel(kernel, family, tables);
  askedBefore.set(family, answers);
  return answers;
}

describe.skipIf(isSkipped)('the kernel of Linux', () => {
  it.each(
    families.flatMap((family) => capable.map(({ name }, index) => ({ family, name, index }))),
  )(
    'routes $family as $name does',
    ({ family, index }) => {
      expect(kernel.problem).toBeUndefined();
      const implementation = capable[index];
      if (implementation === undefined) throw new Error('no implementation');
      const tables = randomTables(family, TABLES, 1);
      const { answers } = look(implementation, family, tables);
      const wanted = answersOfKernel(family, tables);
      // Both kinds of answer occur, or little would have been compared.
      expect(wanted.flat().filter((metric) => metric === null).length).toBeGreaterThan(TABLES / 10);
      expect(wanted.flat().filter((metric) => metric !== null).length).toBeGreaterThan(TABLES / 10);
      const differs = answers.findIndex((answer, at) => String(answer) !== String(wanted[at]));
      expect({ table: tables[differs], answer: answers[differs] }).toEqual({
        table: tables[differs],
        answer: wanted[differs],
      });
      expect(answers.length).toBe(TABLES);
    },
    120_000,
  );

  it.each(families)(
    'routes %s as the model does',
    (family) => {
      expect(kernel.problem).toBeUndefined();
      const [implementation] = capable;
      if (implementation === undefined) throw new Error('no implementation');
      const tables = randomTables(family, MODEL_TABLES, 2);
      const { answers, history } = look(implementation, family, tables);
      expect(answers).toEqual(askKernel(kernel, family, tables));
      const context = createContext({ profile: 'documented' });
      let states: readonly State[] = [initialState];
      let refusedLies = 0;
      for (const { call, reply } of history) {
        const lie = withAnotherRoute(call, reply);
        if (lie !== undefined && follow(states, call, lie, context).length === 0) refusedLies += 1;
        const next = follow(states, call, reply, context);
        const [state = initialState] = states;
        if (next.length === 0) expect(blame(state, call, reply, context)).toBeUndefined();
        expect(next.length).toBeGreaterThan(0);
        states = next;
      }
      expect(refusedLies).toBeGreaterThan(MODEL_TABLES);
    },
    120_000,
  );
});

if (isSkipped) it.skip(`the kernel of Linux: ${kernel.problem}`, () => {});

/** A reply that names a route as the best which it is not. */
function withAnotherRoute(call: Call, reply: Reply): Reply | undefined {
  const right = routeOf(reply);
  if (call.name !== 'RtmGetMostSpecificDestination' || right === undefined) return undefined;
  const info = reply.out?.['DestInfo'];
  const views = isRecord(info) && Array.isArray(info['ViewInfo']) ? info['ViewInfo'] : [];
  const [view] = views;
  if (!isRecord(info) || !isRecord(view)) return undefined;
  const DestInfo = { ...info, ViewInfo: [{ ...view, Route: right - 1 }] };
  return { ...reply, out: { ...reply.out, DestInfo } };
}
