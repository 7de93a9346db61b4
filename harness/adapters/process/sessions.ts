/**
 * The sessions of an adapter that are open: whose lanes do what, who listens, and whether what is said of one
 * can be true.
 */
import { monotonicMs } from '../../clock.ts';
import { problemOfHandles } from './handles.ts';
import type {
  AdapterMethod,
  AdapterRequests,
  HistoryEvent,
  OpParams,
  OpResult,
  PointParams,
  ProgramParams,
  RunnerNotifications,
  SessionMode,
} from './messages.ts';
import type { Answer } from './peer.ts';
import { Session } from './session-ledger.ts';
import type { SessionListener } from './types.ts';

/** A request of the runner. */
export interface Asked {
  readonly method: string;
  readonly params: unknown;
}

export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #listeners = new Map<string, SessionListener>();

  listen(name: string, listener: SessionListener): () => void {
    this.#listeners.set(name, listener);
    return () => {
      if (this.#listeners.get(name) === listener) this.#listeners.delete(name);
    };
  }

  clear(): void {
    this.#open.clear();
    this.#listeners.clear();
  }

  /** The runner makes a request. */
  begin({ method, params }: Asked, now: number): void {
    if (method === 'session.open') {
      const { session, mode } = params as { session: string; mode: SessionMode };
      this.#open.set(session, new Session(session, mode, now));
      return;
    }
    const session = this.#of(params);
    if (session === undefined) return;
    session.lastMessageAt = now;
    if (method === 'op') {
      const { lane, id } = params as OpParams;
      session.begin(lane, id);
    } else if (method === 'program.run') {
      for (const { lane } of (params as ProgramParams).lanes) session.begin(lane, 'program');
    }
  }

  resume({ session: name, lane }: RunnerNotifications['resume']): void {
    const session = this.#open.get(name);
    if (session === undefined) return;
    session.resume(lane);
    session.lastMessageAt = monotonicMs();
  }

  /** The adapter answers, with no result if it refuses. What is returned is wrong with that. */
  finish({ method, params }: Asked, result: unknown): string | undefined {
    const session = this.#of(params);
    if (session === undefined) return undefined;
    session.lastMessageAt = monotonicMs();
    switch (method) {
      case 'op': {
        const { lane, id, name } = params as OpParams;
        const out = (result as OpResult | undefined)?.out;
        return session.finish(lane, id) ?? problemOfHandles(name, out);
      }
      case 'program.run': {
        const { lanes } = params as ProgramParams;
        const history = (result as { history: readonly HistoryEvent[] } | undefined)?.history ?? [];
        return finishProgram(session, lanes) ?? problemOfHistory(lanes, history);
      }
      case 'session.close':
        this.#open.delete(session.name);
        this.#listeners.delete(session.name);
    }
    return undefined;
  }

  /** The adapter asks. What is returned is wrong with that. */
  call(method: AdapterMethod, params: unknown, answer: Answer): string | undefined {
    // As validated.
    const { session: name, lane } = params as { session: string; lane: number };
    const session = this.#open.get(name);
    if (session === undefined) return notOpen(name);
    const problem = session.beginCallback(lane);
    if (problem !== undefined) return problem;
    session.lastMessageAt = monotonicMs();
    const answerNow = (send: () => void) => {
      session.finishCallback(lane);
      session.lastMessageAt = monotonicMs();
      send();
    };
    const listener = this.#listeners.get(name);
    if (listener === undefined) {
      answerNow(() => answer.error('nobody listens to this session'));
      return undefined;
    }
    listener.request(method, params as AdapterRequests[typeof method]['params']).then(
      (result) => answerNow(() => answer.result(result)),
      (error: unknown) => answerNow(() => answer.error(String(error))),
    );
    return undefined;
  }

  /** A lane stands at a point. What is returned is wrong with that. */
  point(params: PointParams): string | undefined {
    const session = this.#open.get(params.session);
    if (session === undefined) return notOpen(params.session);
    const problem = session.point(params.lane);
    if (problem !== undefined) return problem;
    session.lastMessageAt = monotonicMs();
    this.#listeners.get(params.session)?.notification('point', params);
    return undefined;
  }

  /**
   * Since when it has been silent that it is for the adapter to go on with a request that was made at
   * `askedAt`; infinite while it is for the runner.
   */
  silentSince({ method, params }: Asked, askedAt: number): number {
    const session = this.#of(params);
    if (session === undefined) return askedAt;
    return owes(session, method, params) ? Math.max(askedAt, session.lastMessageAt) : Infinity;
  }

  #of(params: unknown): Session | undefined {
    const name = sessionName(params);
    return name === undefined ? undefined : this.#open.get(name);
  }
}

/** The session that a request is about, if it is about one. */
export function sessionName(params: unknown): string | undefined {
  return (params as { readonly session?: string }).session;
}

function notOpen(name: string): string {
  return `names the session '${name.slice(0, 80)}', which is not open`;
}

function owes(session: Session, method: string, params: unknown): boolean {
  if (method === 'op') {
    const { lane, id } = params as OpParams;
    return session.owes(lane, id);
  }
  if (method !== 'program.run') return true;
  return (params as ProgramParams).lanes.some(({ lane }) => session.owes(lane, 'program'));
}

function finishProgram(session: Session, lanes: ProgramParams['lanes']): string | undefined {
  for (const { lane } of lanes) {
    const problem = session.finish(lane, 'program');
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfHistory(
  lanes: ProgramParams['lanes'],
  history: readonly HistoryEvent[],
): string | undefined {
  const ops = lanes.flatMap(({ ops }) => ops);
  for (const { id, out } of history) {
    const name = out === undefined ? undefined : ops.find((op) => op.id === id)?.name;
    const problem = name === undefined ? undefined : problemOfHandles(name, out);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
