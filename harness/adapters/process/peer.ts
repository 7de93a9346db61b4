/**
 * One end of a JSON-RPC 2.0 conversation, line by line: numbers requests, finds what answers belong to, and
 * holds every message against the protocol. It knows nothing of processes, sessions and time.
 *
 * The first line that breaks the protocol is the last one read: of a peer that errs there is nothing more
 * to believe.
 */
import { AdapterRefusal } from './fault.ts';
import type { AdapterMethod, AdapterNotifications, RunnerNotice } from './messages.ts';
import { INTERNAL_ERROR, protocol } from './protocol.ts';
import { isMethod, problemOfParams, problemOfResult } from './validate.ts';

/** A request that has not been answered. */
export interface Pending {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Whom a peer belongs to. What is returned is why the message breaks the protocol, if it does. */
export interface PeerHost {
  send(line: string): void;
  /** An answer has come, and its promise is about to settle. There is no result if it is an error. */
  answered(pending: Pending, result: unknown): string | undefined;
  asked(method: AdapterMethod, params: unknown, answer: Answer): string | undefined;
  told(method: keyof AdapterNotifications, params: unknown): string | undefined;
  violated(reason: string, line: string): void;
}

/** Answers a request of the other side, once. */
export interface Answer {
  result(value: unknown): void;
  error(message: string): void;
}

interface Message {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

export class Peer {
  readonly #host: PeerHost;
  readonly #lineBytesMax: number;
  readonly #pending = new Map<number, Pending>();
  /** Ids of their requests that we have not answered. */
  readonly #theirs = new Set<string | number>();
  #lastId = 0;
  #isOver = false;

  constructor(host: PeerHost, limits: { readonly lineBytesMax: number }) {
    this.#host = host;
    this.#lineBytesMax = limits.lineBytesMax;
  }

  /** The requests that await an answer, oldest first. */
  pending(): IterableIterator<Pending> {
    return this.#pending.values();
  }

  /** Rejects with `AdapterRefusal` if the answer is an error. `sent` gets it before anything is sent. */
  request(method: string, params: unknown, sent?: (pending: Pending) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#lastId + 1;
      const line = `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${JSON.stringify(params)}}`;
      this.#checkLength(line);
      this.#lastId = id;
      const pending: Pending = { id, method, params, resolve, reject };
      this.#pending.set(id, pending);
      sent?.(pending);
      this.#host.send(line);
    });
  }

  notify(method: RunnerNotice, params: unknown): void {
    if (this.#isOver) return;
    this.#host.send(`{"jsonrpc":"2.0","method":"${method}","params":${JSON.stringify(params)}}`);
  }

  /** The answer to a request is not awaited any more; if it comes it breaks the protocol. */
  forget(pending: Pending, error: Error): void {
    if (this.#pending.delete(pending.id)) pending.reject(error);
  }

  /** Rejects what is pending. Nothing is read or answered after it. */
  end(error: Error): void {
    this.#isOver = true;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }

  receive(line: string): void {
    if (this.#isOver) return;
    const problem = this.#take(line);
    if (problem !== undefined && !this.#isOver) {
      this.#isOver = true;
      this.#host.violated(problem, line);
    }
  }

  #take(line: string): string | undefined {
    let message: Message;
    try {
      // An object, as the next line makes sure of.
      message = JSON.parse(line) as Message;
    } catch {
      return 'is not JSON';
    }
    if (typeof message !== 'object' || message === null) return 'is no JSON object';
    if (Array.isArray(message)) return 'is a batch, of which there are none';
    if (message.jsonrpc !== '2.0') return "lacks `jsonrpc` with the value '2.0'";
    if (message.method === undefined) return this.#takeAnswer(message);
    if (message.result !== undefined || message.error !== undefined) {
      return 'is both a request and an answer';
    }
    return this.#takeCall(message);
  }

  #takeAnswer({ id, result, error }: Message): string | undefined {
    if ((result === undefined) === (error === undefined)) {
      return 'has neither `method` nor exactly one of `result` and `error`';
    }
    if (id === null && error !== undefined) return 'says that a message to it made no sense';
    if (typeof id !== 'number') return 'answers with an `id` that is no number of a request';
    const pending = this.#pending.get(id);
    if (pending === undefined) return this.#whyNotPending(id);
    if (error !== undefined) {
      const refusal = refusalOf(pending, error);
      if (typeof refusal === 'string') return refusal;
      const problem = this.#settle(pending, undefined);
      if (problem === undefined) pending.reject(refusal);
      return problem;
    }
    const { method } = pending;
    const problem =
      (isMethod(method) ? problemOfResult(method, result) : undefined) ??
      this.#settle(pending, result);
    if (problem === undefined) pending.resolve(result);
    return problem === undefined ? undefined : `answers '${method}': ${problem}`;
  }

  #settle(pending: Pending, result: unknown): string | undefined {
    const problem = this.#host.answered(pending, result);
    if (problem === undefined) this.#pending.delete(pending.id);
    return problem;
  }

  #whyNotPending(id: number): string {
    return Number.isInteger(id) && id > 0 && id <= this.#lastId
      ? `answers request ${id}, which awaits no answer any more`
      : `answers request ${id}, which was never made`;
  }

  #takeCall({ id, method, params }: Message): string | undefined {
    if (typeof method !== 'string') return 'has a `method` that is no string';
    if (id === undefined && method.startsWith('$/')) return undefined;
    if (!isMethod(method) || protocol[method].from !== 'adapter') {
      return `calls '${method.slice(0, 80)}', which an adapter cannot`;
    }
    const isRequest = protocol[method].result !== undefined;
    if (isRequest !== (id !== undefined)) {
      return isRequest
        ? `lacks an \`id\`, as '${method}' wants an answer`
        : `has an \`id\`, but '${method}' gets no answer`;
    }
    const problem = problemOfParams(method, params);
    if (problem !== undefined) return `calls '${method}': ${problem}`;
    if (!isRequest) return this.#host.told(method as keyof AdapterNotifications, params);
    if (typeof id !== 'string' && !Number.isSafeInteger(id)) {
      return 'has an `id` that is neither a string nor an integer';
    }
    // As the check above says.
    const key = id as string | number;
    if (this.#theirs.has(key))
      return `asks with the id ${JSON.stringify(key)} of another request, which is not answered yet`;
    this.#theirs.add(key);
    return this.#host.asked(method as AdapterMethod, params, this.#answerTo(key));
  }

  #answerTo(id: string | number): Answer {
    const send = (member: string) => {
      if (this.#isOver || !this.#theirs.delete(id)) return;
      this.#host.send(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},${member}}`);
    };
    return {
      result: (value) => {
        send(`"result":${JSON.stringify(value)}`);
      },
      error: (message) => {
        send(`"error":${JSON.stringify({ code: INTERNAL_ERROR, message })}`);
      },
    };
  }

  /** Only a text that is long already is worth measuring in bytes: one character is at most three. */
  #checkLength(line: string): void {
    if (line.length * 3 <= this.#lineBytesMax || Buffer.byteLength(line) <= this.#lineBytesMax)
      return;
    throw new RangeError(`a message to an adapter has at most ${this.#lineBytesMax} bytes`);
  }
}

function refusalOf({ method }: Pending, error: unknown): AdapterRefusal | string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'number' || !Number.isInteger(code) || typeof message !== 'string') {
    return `answers '${method}' with an error that lacks an integer \`code\` or a \`message\``;
  }
  return new AdapterRefusal(method, code, message);
}
