/** What the rest of the suite sees of an adapter in another process. */
import type { AdapterFault, ProcessEnd } from './fault.ts';
import type {
  AdapterDescription,
  AdapterMethod,
  AdapterNotifications,
  AdapterRequests,
  ParamsOf,
  ResultOf,
  RunnerMethod,
  RunnerNotice,
  RunnerNotifications,
  SessionNotice,
} from './messages.ts';

/** A started, initialised adapter that has passed the canaries. */
export interface AdapterLink {
  /** What `initialize` returned. */
  readonly description: AdapterDescription;
  /** Its process, where the system tells. */
  readonly pid?: number;
  /**
   * Resolves with the answer; rejects with `AdapterRefusal` when the answer is an error, and with the
   * `AdapterFault` that has ended the adapter. Silence ends it: `ms` milliseconds, by default those of
   * `op`, in which the answer is outstanding and no message of the same session goes either way.
   * When its session is closed while it is outstanding, it is refused with the code `SESSION_CLOSED`.
   */
  request<M extends RunnerMethod>(
    method: M,
    params: ParamsOf<M>,
    limits?: RequestLimits,
  ): Promise<ResultOf<M>>;
  notify<M extends RunnerNotice>(method: M, params: RunnerNotifications[M]): void;
  /**
   * Hands over what the adapter says of a session, from before `session.open` until its
   * `session.close` is answered. Returns the end of that.
   */
  listen(session: string, listener: SessionListener): () => void;
  /** Settles once, with what has ended the adapter. Never rejects. */
  readonly ended: Promise<AdapterFault>;
  /** Ends it politely: shutdown, exit, and then the process group is killed. Never rejects. */
  close(): Promise<void>;
  /** Ends it at once. Resolves when nothing of its process group is left. */
  kill(): Promise<void>;
}

export interface RequestLimits {
  readonly ms?: number;
}

export interface SessionListener {
  /** What it resolves with is the answer. If it rejects, the adapter gets an error. */
  request<M extends AdapterMethod>(
    method: M,
    params: AdapterRequests[M]['params'],
  ): Promise<AdapterRequests[M]['result']>;
  notification<M extends SessionNotice>(method: M, params: AdapterNotifications[M]): void;
}

export type Channel = 'stdio' | 'fd3';

export interface StartOptions {
  /** The program and its arguments. No shell. */
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly channel?: Channel;
  /** Milliseconds that `initialize`, and each canary, may take. */
  readonly startMs: number;
  /** The default limit of a request, in milliseconds of silence. */
  readonly opMs: number;
  readonly seed?: number;
  readonly suiteVersion?: string;
  /** Told of every line, without its end; at the `end`, of an `AdapterEnd` as JSON. */
  readonly transcript?: (direction: 'to-adapter' | 'from-adapter' | 'end', line: string) => void;
}

/** What a transcript tells of an adapter whose process has ended by itself. */
export interface AdapterEnd {
  readonly exit: ProcessEnd;
  /** The last it wrote to standard error. */
  readonly stderr?: string;
  /** The beginning of a line that it did not finish. */
  readonly line?: string;
}

/** The code of a refusal that no adapter has sent: the session has been closed meanwhile. */
export const SESSION_CLOSED: number = -32001;
