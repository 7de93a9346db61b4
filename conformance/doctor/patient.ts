/** The adapter under examination: one process as long as it lives, and then another. */
import type {
  AdapterLink,
  AdapterProcess,
  SessionMode,
} from '../../harness/adapters/process/index.ts';
import { Conversation } from './conversation.ts';

export class Patient {
  /** How long something may take that would have come by now, in milliseconds. */
  readonly ms: number;
  readonly #start: () => Promise<AdapterProcess>;
  #present: AdapterProcess | undefined;
  #sessions = 0;

  constructor(start: () => Promise<AdapterProcess>, ms: number) {
    this.#start = start;
    this.ms = ms;
  }

  /** Rejects with an `AdapterFault` when it does not start. */
  async process(): Promise<AdapterProcess> {
    if (this.#present !== undefined) return this.#present;
    const started = await this.#start();
    this.#present = started;
    void started.link.ended.then(() => {
      if (this.#present === started) this.#present = undefined;
    });
    return started;
  }

  async link(): Promise<AdapterLink> {
    const { link } = await this.process();
    return link;
  }

  /** Ends the process. Whoever asks next gets a fresh one. */
  async dismiss(): Promise<void> {
    const present = this.#present;
    this.#present = undefined;
    await present?.link.kill();
  }

  async open(mode: SessionMode): Promise<Conversation> {
    this.#sessions += 1;
    const conversation = new Conversation(await this.link(), `drill-${this.#sessions}`);
    await conversation.link.request('session.open', { session: conversation.name, mode });
    return conversation;
  }
}
