/** What the parts of a client share. */
import type { Runtime } from '../../harness/index.ts';
import type { RuleId } from '../../spec/index.ts';
import type { Connection } from './connection.ts';
import { EntityReferences } from './entity-references.ts';
import { RecordedCalls } from './recorded-calls.ts';
import type { Recorder } from './recorder.ts';
import { Slots } from './slots.ts';

export interface ClientOptions {
  /** Whether to call with the handles of entities whose deregistration has returned. */
  readonly useStaleHandles: boolean;
  /** Whether a deregistration has to wait for callbacks to its client, as by the notes. */
  readonly callbacksAwaited: boolean;
  /** Called when something happens that no history shows. Does not return. */
  readonly complain: (rule: RuleId, message: string, observed: string) => never;
}

/** What a running callback knows. */
export interface CallbackScope {
  readonly self: unknown;
  readonly subject: unknown;
  readonly depth: number;
}

export class ClientState {
  readonly rt: Runtime;
  readonly connection: Connection;
  readonly recorder: Recorder;
  readonly options: ClientOptions;
  readonly slots: Slots = new Slots();
  readonly calls: RecordedCalls;
  readonly references: EntityReferences;
  /** The methods that were handed in, by the numbers that programs give them. */
  readonly methodIds: Map<unknown, number> = new Map();
  /** Everybody is about to deregister: callbacks do nothing any more. */
  isLeaving = false;
  /**
   * Nothing can be said about this execution any more. Either a call with a handle was under way while its
   * value was given out again, and nobody can tell for which of the two registrations it was made. Or a call
   * that is forbidden where it was made hangs, and with it perhaps whatever waits for its callback.
   */
  isUnjudgeable = false;
  private processes = 0;

  /** @param returned Called when a call has returned, before that is recorded. */
  constructor(
    rt: Runtime,
    connection: Connection,
    recorder: Recorder,
    options: ClientOptions,
    returned: () => void,
  ) {
    this.rt = rt;
    this.connection = connection;
    this.recorder = recorder;
    this.options = options;
    this.calls = new RecordedCalls(connection, recorder, returned);
    this.references = new EntityReferences(this.slots, recorder, options.useStaleHandles);
  }

  /** A process of the history: one thread, callback or method. */
  newProcess(): number {
    this.processes += 1;
    return this.processes;
  }
}
