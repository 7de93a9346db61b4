/** Real threads, and scheduling points: rungs B and C. */
import type { HistoryEvent } from '../../harness/adapters/process/index.ts';
import { NO_FUNCTION, registration, wait } from './conversation.ts';
import type { Drill, Observation } from './drill.ts';
import type { Patient } from './patient.ts';

/** How long one lane is held while the other should go its way. */
const HELD_MS = 50;
const CALLBACK_MS = 1_000;

export const rungDrills: readonly Drill[] = [
  {
    id: 'program-history',
    title: 'runs programs on several lanes, and tells what happened',
    rung: 'B',
    hint: "Each call has one 'invoke' and then one 'return' in the history, in the order of one interlocked counter, with times that never run backwards.",
    isFor: ({ lanes }) => lanes,
    observe: programHistory,
  },
  {
    id: 'program-overlap',
    title: 'runs lanes of a program at the same time',
    rung: 'B',
    hint: 'Start all lanes at a barrier, each on a thread of its own: while one is inside a callback the others go on.',
    isFor: ({ lanes }) => lanes,
    observe: async (patient) => (await overlap(patient, 1)) ?? (await overlap(patient, 2)),
  },
  {
    id: 'points',
    title: 'stops at scheduling points, the same ones each time',
    rung: 'C',
    hint: "Report a 'point' before every interlocked operation and every lock, wait for 'resume', and let nothing but the calls decide which come.",
    isFor: ({ points }) => points,
    observe: pointsRepeat,
  },
];

async function programHistory(patient: Patient): Promise<Observation> {
  const conversation = await patient.open('free');
  conversation.isPrompt = true;
  const lanes = [1, 2, 3, 4].map((lane) => ({
    lane,
    ops: [
      conversation.op('RtmRegisterEntity', registration(lane)),
      conversation.op(NO_FUNCTION, {}),
    ],
  }));
  const { history } = await conversation.link.request('program.run', {
    session: conversation.name,
    lanes,
    schedule: { kind: 'yield', seed: 1 },
  });
  await conversation.close();
  for (const { lane, ops } of lanes) {
    const expected = ops.flatMap(({ id }) => [`invoke ${id}`, `return ${id}`]).join(', ');
    const seen = history.filter((event) => event.lane === lane).map(shortly);
    if (seen.join(', ') !== expected) {
      return `lane ${lane} was to ${expected}, and did ${seen.join(', ') || 'nothing'}`;
    }
  }
  const backwards = history.find(({ t }, index) => t < (history[index - 1]?.t ?? t));
  return backwards === undefined ? undefined : `the time runs backwards at ${shortly(backwards)}`;
}

function shortly({ kind, id }: HistoryEvent): string {
  return `${kind} ${id}`;
}

/** Lane `held` stands in a callback for a while, in which the other one has nothing to wait for. */
async function overlap(patient: Patient, held: 1 | 2): Promise<Observation> {
  const conversation = await patient.open('free');
  await conversation.register(0, 0, 1);
  const registering = conversation.op('RtmRegisterEntity', registration(1));
  const other = conversation.op(NO_FUNCTION, {});
  const program = conversation.link.request('program.run', {
    session: conversation.name,
    lanes: [1, 2].map((lane) => ({ lane, ops: [lane === held ? registering : other] })),
    schedule: { kind: 'free', seed: 1 },
  });
  program.catch(() => {});
  const isCalled = await conversation.hasCallbacks(1, CALLBACK_MS);
  await wait(HELD_MS);
  conversation.isPrompt = true;
  const before = conversation.callbacks.flatMap(({ history }) => history);
  for (const { answer } of conversation.callbacks) answer();
  const { history } = await program;
  await conversation.close();
  if (!isCalled) {
    return { status: 'untried', seen: 'no callback came when a second entity registered' };
  }
  const order = [...before, ...history];
  const end = (id: number): number =>
    order.findIndex((event) => event.kind === 'return' && event.id === id);
  return end(other.id) < end(registering.id)
    ? undefined
    : `a lane had to wait for one that stood in a callback for ${HELD_MS} ms`;
}

async function pointsRepeat(patient: Patient): Promise<Observation> {
  const [once, again] = [await pointsOf(patient), await pointsOf(patient)];
  if (once.length === 0) return 'a registration passed no point';
  const at = once.findIndex((label, index) => label !== again[index]);
  if (at >= 0 || again.length !== once.length) {
    return `the same calls passed ${once.length} points and then ${again.length}${at < 0 ? '' : `: '${once[at]}' and then '${again[at] ?? 'none'}' at place ${at + 1}`}`;
  }
  const kinds = [...new Set(once)];
  const shown = kinds.slice(0, 4).join(', ') + (kinds.length > 4 ? ', …' : '');
  return { status: 'ok', seen: `${once.length} in two registrations: ${shown}` };
}

async function pointsOf(patient: Patient): Promise<readonly string[]> {
  const conversation = await patient.open('points');
  conversation.isPrompt = true;
  await conversation.register(0, 0, 1);
  await conversation.register(0, 1);
  await conversation.close();
  return conversation.points;
}
