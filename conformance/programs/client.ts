/**
 * Carries out the calls of a program against an implementation: finds out what references mean at that
 * moment, makes the call, and writes down what came of it.
 *
 * All bookkeeping here happens between two steps of the scheduler and so is atomic.
 */
import type { Runtime, Task } from '../../harness/index.ts';
import type { Reply, Token } from '../../reference/model/index.ts';
import { Callbacks } from './callbacks.ts';
import { type CallbackScope, type ClientOptions, ClientState } from './client-state.ts';
import type { Connection } from './connection.ts';
import { EntityCalls } from './entity-calls.ts';
import { Membership } from './membership.ts';
import type { Recorder, RtmHistory } from './recorder.ts';
import type { Action } from './rtm-program.ts';
import type { Holdings, Slot } from './slots.ts';
import { TableClient } from './table-client.ts';
import type { TableCaller } from './table-host.ts';
import { TableLedger } from './table-ledger.ts';

/** What came of one action: for those who expect something of it. */
export interface ActionOutcome {
  readonly action: Action;
  /** Undefined when the references named nothing and no call was made. */
  readonly reply: Reply | undefined;
}

/** Long enough in virtual time for whatever an implementation does by timers. */
const QUIET_MS = 60_000;

export class Client {
  private readonly state: ClientState;
  private readonly entities: EntityCalls;
  private readonly membership: Membership;
  private readonly tables: TableClient;

  constructor(rt: Runtime, connection: Connection, recorder: Recorder, options: ClientOptions) {
    const observeTime = (): void => this.tables.observeTime();
    this.state = new ClientState(rt, connection, recorder, options, observeTime);
    const { slots, calls, references } = this.state;
    this.tables = new TableClient({
      rt,
      recorder,
      ...(connection.pointers === undefined ? {} : { pointers: connection.pointers }),
      useStaleHandles: options.useStaleHandles,
      call: (...call) => calls.call(...call),
      madeUpHandle: () => references.inventHandle(),
      methodId: (entry) => this.state.methodIds.get(entry),
      handleOf: (slot) => slots.byIndex.get(slot)?.handle,
      entityHandles: (ledger) => slots.entityHandles(ledger),
    });
    const callbacks = new Callbacks(this.state, {
      act: (...action) => this.act(...action),
      unlockAll: (process) => this.unlockAll(process),
      observeTime,
    });
    this.entities = new EntityCalls(this.state);
    this.membership = new Membership(this.state, callbacks);
  }

  /** Nothing can be said about this execution any more: see `ClientState`. */
  get isUnjudgeable(): boolean {
    return this.state.isUnjudgeable;
  }

  /** The entities that were registered, by slot. */
  get slots(): ReadonlyMap<number, Slot> {
    return this.state.slots.byIndex;
  }

  holdings(): Holdings {
    return this.state.slots.holdings();
  }

  /** Whether somebody left with handles or structures in hand, which may leak: RTM-REF-012. */
  hasLeftHolding(): boolean {
    return this.state.slots.hasLeftHolding();
  }

  /** Whether routing tables have been used, in which entities may live on as the owners of what is left there. */
  hasUsedTables(): boolean {
    return this.tables.isUsed;
  }

  /** Carries out actions one after another, as one thread of the program. */
  *perform(actions: readonly Action[], observe?: (outcome: ActionOutcome) => void): Task {
    const process = this.state.newProcess();
    for (const action of actions) {
      const reply = yield* this.act(process, action, undefined);
      if (this.state.isUnjudgeable) return;
      observe?.({ action, reply });
    }
    yield* this.unlockAll(process);
  }

  private unlockAll(process: number): Task {
    return this.tables.unlockAll(this.tableCaller(process, undefined, undefined, undefined));
  }

  /** Gives back everything and leaves: what a well-behaved client does in the end. */
  *leave(): Task {
    const process = this.state.newProcess();
    this.state.isLeaving = true;
    for (const slot of this.state.slots.byIndex.values()) {
      if (slot.stage === 'registered') yield* this.giveBack(process, slot);
    }
    for (const slot of this.state.slots.byIndex.values()) {
      if (slot.stage === 'registered')
        yield* this.membership.deregister(process, slot.handle, undefined);
    }
    yield* this.quiesce(process);
  }

  private tableCaller(
    process: number,
    handle: unknown,
    slot: Slot | undefined,
    scope: CallbackScope | undefined,
  ): TableCaller {
    return {
      process,
      handle,
      ledger: slot?.ledger ?? new TableLedger(),
      subject: scope?.subject,
      profile: slot?.profile,
      forbidden: false,
    };
  }

  private *giveBack(process: number, slot: Slot): Task {
    yield* this.tables.giveBack(this.tableCaller(process, slot.handle, slot, undefined));
    for (let left = slot.infos.length; left > 0; left -= 1) {
      yield* this.entities.releaseInfo(process, slot.handle, slot, 0);
    }
    const all = slot.held.map((_, index) => index);
    if (all.length > 0) yield* this.entities.release(process, slot.handle, slot, all, undefined);
  }

  /** The token of what an action with a name returned; undefined when it returned nothing. */
  tokenNamed(name: string, path: string | undefined): Token | undefined {
    const handle = this.tables.handleNamed(name, path);
    return handle === undefined ? undefined : this.state.recorder.tokenOf(handle);
  }

  /** What the pointer that an action with a name returned leads to now. */
  pointedAt(name: string): unknown {
    return this.tables.references.names.get(name)?.pointer;
  }

  /** Everything recorded so far, in order. */
  get history(): RtmHistory {
    return this.state.recorder.history;
  }

  private *act(
    process: number,
    action: Action,
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    if (action.call === 'quiesce') return yield* this.quiesce(process);
    if (action.call === 'register') return yield* this.membership.register(process, action, scope);
    if (action.call === 'sleep') {
      yield* this.sleep(action.ms);
      this.tables.observeTime();
      return undefined;
    }
    const caller = this.state.references.resolveEntity(action.by, scope);
    if (caller === undefined) return undefined;
    const slot =
      'from' in action && action.from !== undefined
        ? this.state.slots.byIndex.get(action.from)
        : this.state.slots.byHandle.get(caller.handle);
    switch (action.call) {
      case 'invoke':
      case 'drain':
      case 'writeRoute':
      case 'opaque':
      case 'referenceObjects':
        return yield* this.tables.act(
          action,
          this.tableCaller(process, caller.handle, slot, scope),
        );
      case 'deregister':
        if (action.tidy === true && slot?.stage === 'registered')
          yield* this.giveBack(process, slot);
        return yield* this.membership.deregister(process, caller.handle, scope);
      case 'list':
        return yield* this.entities.list(process, caller.handle, slot, action, scope);
      case 'release':
        return yield* this.entities.release(process, caller.handle, slot, action.handles, scope);
      case 'reference':
        return yield* this.entities.reference(process, caller.handle, slot, action.handles, scope);
      case 'info':
        return yield* this.entities.info(process, caller.handle, slot, action.of, scope);
      case 'releaseInfo':
        if (slot === undefined || slot.infos.length === 0) return undefined;
        return yield* this.entities.releaseInfo(
          process,
          caller.handle,
          slot,
          action.info % slot.infos.length,
        );
    }
  }

  private *sleep(ms: number): Task {
    const { connection, rt } = this.state;
    yield* connection.sleep === undefined ? rt.sleep(ms) : connection.sleep(ms);
  }

  private *quiesce(process: number): Task<undefined> {
    yield* this.sleep(QUIET_MS);
    if ([...this.state.calls.open].some(({ forbidden }) => forbidden)) {
      this.state.isUnjudgeable = true;
      return undefined;
    }
    const id = this.state.recorder.occur(process, { name: 'quiesce' });
    this.state.rt.note('all is quiet', `note#${id}`);
    return undefined;
  }
}
