/**
 * The runner's end of an adapter: what goes over the channel, whose session it is about, and the one fault in
 * which it all ends.
 */
import { setTimeout } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { monotonicMs } from '../../clock.ts';
import type { Child } from './child.ts';
import { AdapterFault, type AdapterFaultKind, AdapterRefusal, describeEnd } from './fault.ts';
import { LineReader } from './line-reader.ts';
import type {
  AdapterDescription,
  AdapterNotifications,
  OpParams,
  ParamsOf,
  PointParams,
  ResultOf,
  RunnerMethod,
  RunnerNotice,
  RunnerNotifications,
} from './messages.ts';
import { Peer, type Pending } from './peer.ts';
import { LINE_BYTES_MAX } from './protocol.ts';
import { Sessions, sessionName } from './sessions.ts';
import { shorten } from './shorten.ts';
import { SilenceWatch, type Wait } from './silence.ts';
import {
  type AdapterLink,
  type RequestLimits,
  SESSION_CLOSED,
  type SessionListener,
  type StartOptions,
} from './types.ts';

/** What the adapter has not read yet, in bytes, at which we stop to read what it writes. */
const BACKLOG_BYTES_MAX: number = 2 * LINE_BYTES_MAX;
/** How long a process that has closed its end of the channel is given to end as well. */
const EXIT_MS = 2_000;

interface SessionWait extends Wait {
  readonly pending: Pending;
}

export class Link implements AdapterLink {
  readonly ended: Promise<AdapterFault>;
  readonly #child: Child;
  readonly #options: StartOptions;
  readonly #peer: Peer;
  readonly #reader: LineReader;
  readonly #watch: SilenceWatch;
  readonly #sessions = new Sessions();
  readonly #limits = new Map<Pending, { readonly ms: number; readonly sentAt: number }>();
  #description: AdapterDescription | undefined;
  #fault: AdapterFault | undefined;
  #settle: (fault: AdapterFault) => void = () => {};
  #isClosing = false;
  #isPaused = false;
  #chunksRead = 0;

  constructor(child: Child, options: StartOptions) {
    this.#child = child;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#peer = new Peer(
      {
        send: (line) => this.#send(line),
        answered: (pending, result) => this.#answered(pending, result),
        asked: (method, params, answer) => this.#sessions.call(method, params, answer),
        told: (method, params) => this.#told(method, params),
        violated: (reason, line) => this.#violated(`a line ${reason}`, line),
      },
      { lineBytesMax: LINE_BYTES_MAX },
    );
    this.#reader = new LineReader({
      lineBytesMax: LINE_BYTES_MAX,
      line: (text) => {
        options.transcript?.('from-adapter', text);
        this.#peer.receive(text);
      },
      broken: (what, beginning) => this.#violated(`a line ${what}`, beginning),
    });
    this.#watch = new SilenceWatch({
      waits: () => this.#waits(),
      silent: (wait) => this.#silent((wait as SessionWait).pending, wait.ms),
    });
    this.#attach();
  }

  get description(): AdapterDescription {
    if (this.#description === undefined) throw new TypeError('it has not been initialised');
    return this.#description;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Set once, by who has initialised it. */
  describe(description: AdapterDescription): void {
    this.#description = description;
  }

  request<M extends RunnerMethod>(
    method: M,
    params: ParamsOf<M>,
    limits?: RequestLimits,
  ): Promise<ResultOf<M>> {
    // What the table says of the method has been held against the answer.
    return this.ask(method, params, limits) as Promise<ResultOf<M>>;
  }

  /** As `request`, of a method that there may not be. */
  ask(method: string, params: object, limits?: RequestLimits): Promise<unknown> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    const ms = limits?.ms ?? this.#options.opMs;
    return this.#peer.request(method, params, (pending) => {
      const now = monotonicMs();
      this.#limits.set(pending, { ms, sentAt: now });
      this.#sessions.begin(pending, now);
      this.#watch.expect(ms);
    });
  }

  notify<M extends RunnerNotice>(method: M, params: RunnerNotifications[M]): void {
    if (method === 'resume') this.#sessions.resume(params as RunnerNotifications['resume']);
    this.#peer.notify(method, params);
  }

  listen(session: string, listener: SessionListener): () => void {
    return this.#sessions.listen(session, listener);
  }

  async close(): Promise<void> {
    if (this.#fault === undefined && !this.#isClosing) {
      this.#isClosing = true;
      const ms = Math.min(this.#options.opMs, EXIT_MS);
      await this.request('shutdown', {}, { ms }).then(
        () => this.notify('exit', {}),
        () => {},
      );
      this.#child.input.end();
      await Promise.race([this.#child.ended, delay(ms)]);
    }
    await this.kill();
  }

  async kill(): Promise<void> {
    this.fail('closed', 'the runner has ended it');
    await this.#child.kill();
  }

  /** Ends it with a fault, of which the first counts. Whoever waits for something hears of it. */
  fail(
    kind: AdapterFaultKind,
    message: string,
    details: AdapterFault['details'] = {},
  ): AdapterFault {
    if (this.#fault !== undefined) return this.#fault;
    const stderr = this.#child.lastWords();
    const fault = new AdapterFault(kind, message, { ...(stderr !== '' && { stderr }), ...details });
    this.#fault = fault;
    if (fault.details.exit !== undefined) {
      this.#options.transcript?.('end', JSON.stringify(fault.details));
    }
    this.#reader.stop();
    this.#watch.stop();
    this.#limits.clear();
    this.#sessions.clear();
    this.#child.output.removeAllListeners('data');
    this.#child.output.resume();
    void this.#child.kill();
    this.#settle(fault);
    this.#peer.end(fault);
    return fault;
  }

  #attach(): void {
    const { input, output, ended } = this.#child;
    output.on('data', (chunk: Buffer) => {
      this.#chunksRead += 1;
      this.#reader.push(chunk);
    });
    output.on('end', () => void this.#hungUp('closed the channel'));
    output.on('error', () => void this.#hungUp('closed the channel'));
    input.on('error', () => void this.#hungUp('closed the channel that it reads from'));
    input.on('drain', () => {
      this.#isPaused = false;
      if (this.#fault === undefined) output.resume();
    });
    void ended.then(async (exit) => {
      await this.#readRest();
      const line = this.#reader.unfinished();
      this.fail(this.#isClosing ? 'closed' : 'crash', `its process ${describeEnd(exit)}`, {
        exit,
        ...(line !== '' && { line: shorten(line) }),
      });
    });
  }

  /** What a process has written before its end is still in the pipe, which others may hold open. */
  async #readRest(): Promise<void> {
    this.#child.output.resume();
    let before = -1;
    for (let idle = 0; idle < 3; idle += 1) {
      if (this.#chunksRead !== before) idle = 0;
      before = this.#chunksRead;
      await nextTurn();
    }
  }

  /** A process that ends closes its channel, too: that is a crash. Else it lives on and says nothing more. */
  async #hungUp(what: string): Promise<void> {
    const exit = await Promise.race([this.#child.ended, delay(EXIT_MS)]);
    if (exit !== undefined) return;
    this.fail(this.#isClosing ? 'closed' : 'protocol', `it ${what} and has not ended`);
  }

  #send(line: string): void {
    this.#options.transcript?.('to-adapter', line);
    const { input } = this.#child;
    if (input.writable) input.write(`${line}\n`);
    if (input.writableLength > BACKLOG_BYTES_MAX && !this.#isPaused) {
      this.#isPaused = true;
      this.#child.output.pause();
    }
  }

  #violated(reason: string, line: string): void {
    const short = shorten(line);
    this.fail('protocol', `${reason}: ${short}`, { line: short });
  }

  #answered(pending: Pending, result: unknown): string | undefined {
    this.#limits.delete(pending);
    const problem = this.#sessions.finish(pending, result);
    if (problem === undefined && pending.method === 'session.close') this.#closed(pending);
    return problem;
  }

  /** What is left to answer of a closed session never will be. */
  #closed(closing: Pending): void {
    const name = sessionName(closing.params);
    for (const pending of [...this.#peer.pending()]) {
      if (pending === closing || sessionName(pending.params) !== name) continue;
      this.#limits.delete(pending);
      const message = `session ${name} was closed`;
      this.#peer.forget(pending, new AdapterRefusal(pending.method, SESSION_CLOSED, message));
    }
  }

  #told(method: keyof AdapterNotifications, params: unknown): string | undefined {
    switch (method) {
      case 'log':
        return undefined;
      case 'fatal': {
        const { message } = params as AdapterNotifications['fatal'];
        this.fail('crash', `it gave up: ${shorten(message)}`);
        return undefined;
      }
      case 'point':
        return this.#sessions.point(params as PointParams);
    }
  }

  *#waits(): Iterable<SessionWait> {
    for (const pending of this.#peer.pending()) {
      const limit = this.#limits.get(pending);
      if (limit === undefined) continue;
      const since = this.#sessions.silentSince(pending, limit.sentAt);
      yield { pending, ms: limit.ms, since };
    }
  }

  #silent({ method, params }: Pending, ms: number): void {
    const name = method === 'op' ? `op ${(params as OpParams).name}` : method;
    this.fail('timeout', `it was silent for ${ms} ms and owed the answer to '${name}'`, {
      method: name,
      ms,
    });
  }
}

/** Does not keep the process alive: what it bounds does. */
function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
