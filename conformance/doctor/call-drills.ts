/** Sessions, and calls on lanes: rung A. */
import type { Drill, Observation } from './drill.ts';
import { NO_FUNCTION, problemOf } from './conversation.ts';
import type { Patient } from './patient.ts';

/** Long enough for a call to come back, and not more than an annoyance if it never does. */
const MEANWHILE_MS = 1_000;
/** What comes late comes by then. */
const AFTERWARDS_MS = 100;

export const callDrills: readonly Drill[] = [
  {
    id: 'sessions-are-fresh',
    title: 'begins every session with a fresh RTM',
    rung: 'A',
    hint: 'Make a new RTM at session.open, or clear all there is: what one program did must not be seen by the next.',
    observe: sessionsAreFresh,
  },
  {
    id: 'quiesces',
    title: 'lets time pass, and tells when all is quiet',
    rung: 'A',
    hint: "Answer 'quiesce' with {} once no background work is left; without any, at once.",
    observe: async (patient) => {
      const conversation = await patient.open('sequential');
      const session = conversation.name;
      for (const now of [0, 0, 60_000])
        await conversation.link.request('quiesce', { session, now });
      await conversation.close();
      return undefined;
    },
  },
  {
    id: 'lanes-are-independent',
    title: 'goes on with one lane while another is inside a callback',
    rung: 'A',
    hint: 'Either lanes share a thread, or the RTM holds a lock while it calls back. Both are allowed; the first makes programs with callbacks slow.',
    observe: lanesAreIndependent,
  },
  {
    id: 'closes-while-waiting',
    title: 'closes a session in the middle of a callback, and goes on',
    rung: 'A',
    hint: 'At session.close abandon the lanes that wait or hang, answer at once, and say nothing more of the session. Read messages on a thread that makes no calls.',
    observe: closesWhileWaiting,
  },
];

async function sessionsAreFresh(patient: Patient): Promise<Observation> {
  for (const turn of ['the first', 'a later']) {
    const conversation = await patient.open('sequential');
    const problem = problemOf('RtmRegisterEntity', await conversation.register(0, 1));
    await conversation.close();
    if (problem !== undefined) return `in ${turn} session ${problem}`;
  }
  return undefined;
}

/** Two lanes are inside callbacks, and the one that came first is let go first. */
async function lanesAreIndependent(patient: Patient): Promise<Observation> {
  const conversation = await patient.open('sequential');
  const { callbacks } = conversation;
  await conversation.register(0, 0, 1);
  const first = conversation.register(1, 1);
  if (!(await conversation.hasCallbacks(1, MEANWHILE_MS))) return silentAbout(conversation.close());
  let isDone = false;
  const second = conversation.register(2, 2);
  const isBeside = await conversation.hasCallbacks(2, MEANWHILE_MS);
  callbacks[0]?.answer();
  if (isBeside) {
    isDone = await Promise.race([
      first.then(() => true),
      new Promise<false>((resolve) => setTimeout(resolve, MEANWHILE_MS, false)),
    ]);
  }
  conversation.isPrompt = true;
  for (const { answer } of callbacks) answer();
  await Promise.all([first, second]);
  await conversation.close();
  if (isDone) return undefined;
  return {
    status: 'remark',
    seen: isBeside
      ? 'a call returned only when a callback on another lane had ended'
      : 'while one call waited for its callback, none on another lane came as far as its own',
  };
}

async function closesWhileWaiting(patient: Patient): Promise<Observation> {
  const conversation = await patient.open('sequential');
  await conversation.register(0, 0, 1);
  const waiting = conversation.register(1, 1).catch(() => undefined);
  if (!(await conversation.hasCallbacks(1, MEANWHILE_MS))) return silentAbout(conversation.close());
  await conversation.close();
  await waiting;
  await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
  const next = await patient.open('sequential');
  await next.call(1, NO_FUNCTION, {});
  const problem = problemOf('RtmRegisterEntity', await next.register(1, 1));
  await next.close();
  return problem === undefined ? undefined : `in the next session ${problem}`;
}

async function silentAbout(closed: Promise<unknown>): Promise<Observation> {
  await closed;
  return { status: 'untried', seen: 'no callback came when a second entity registered' };
}
