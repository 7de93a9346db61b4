/** What a client knows of the entities that it has registered, by slot and by handle. */
import type { RtmEntityInfo } from '../../harness/adapters/index.ts';
import type { RegistrationProfileShape } from '../../spec/index.ts';
import type { OpenCall } from './recorded-calls.ts';
import { TableLedger } from './table-ledger.ts';

export interface HeldHandle {
  readonly handle: unknown;
  /** Calls that are using it right now: it must not be released meanwhile. */
  users: number;
}

/** What a slot knows of the entity registered in it last. */
export interface Slot {
  readonly index: number;
  readonly handle: unknown;
  /** Number of its callback: what tells registrations apart that have been given the same handle. */
  readonly callback: number | null;
  /** The registration whose handle it has been given. */
  readonly predecessor: Slot | undefined;
  /** The deregistration that succeeded. */
  leftBy: OpenCall | undefined;
  /** Callbacks to it that have begun and not returned. */
  running: number;
  /** Methods of it that have begun and not returned. */
  methodsRunning: number;
  /** Methods of others that it has invoked, and that have begun and not returned. */
  invocationsRunning: number;
  stage: 'registered' | 'leaving' | 'left';
  readonly held: HeldHandle[];
  /** Of a release that failed for other entries, and may have taken these all the same: RTM-AMB-023. */
  readonly doubtful: HeldHandle[];
  readonly infos: RtmEntityInfo[];
  /** What it holds beyond entities. */
  readonly ledger: TableLedger;
  /** As its registration returned it; undefined until then. */
  profile: RegistrationProfileShape | undefined;
}

export interface Holdings {
  readonly registered: number;
  readonly held: number;
  readonly perhaps: number;
}

export class Slots {
  readonly byIndex: Map<number, Slot> = new Map();
  readonly byHandle: Map<unknown, Slot> = new Map();

  /**
   * The slot of a registered entity, which its callback may know before its registration returns. The handle
   * may be that of an earlier one, whose deregistration need not even have returned yet.
   */
  slotOf(handle: unknown, index: number, callback: number | null): Slot {
    const known = this.byHandle.get(handle);
    if (known !== undefined && callback !== null && known.callback === callback) return known;
    const slot: Slot = {
      index,
      handle,
      callback,
      predecessor: known,
      leftBy: undefined,
      running: 0,
      methodsRunning: 0,
      invocationsRunning: 0,
      stage: 'registered',
      held: [],
      doubtful: [],
      infos: [],
      ledger: new TableLedger(),
      profile: undefined,
    };
    this.byHandle.set(handle, slot);
    return slot;
  }

  /** Puts the entity into its slot; one that it has displaced is remembered all the same. */
  occupy(slot: Slot, index: number): void {
    const occupant = this.byIndex.get(index);
    if (occupant !== undefined) this.byIndex.set(this.unusedSlot(), occupant);
    this.byIndex.set(index, slot);
  }

  /**
   * Entities registered now, entity handles that they hold, and what may count as held besides: structures,
   * what may have been taken, and whatever those had who have left.
   */
  holdings(): Holdings {
    let registered = 0;
    let held = 0;
    let perhaps = 0;
    for (const slot of new Set(this.byIndex.values())) {
      perhaps += slot.infos.length + slot.doubtful.length;
      if (slot.stage === 'left') {
        perhaps += slot.held.length;
      } else {
        registered += 1;
        held += slot.held.length;
      }
    }
    return { registered, held, perhaps };
  }

  /** Whether somebody left with handles or structures in hand, or perhaps, which may leak: RTM-REF-012. */
  hasLeftHolding(): boolean {
    return [...this.byIndex.values()].some(
      ({ stage, held, doubtful, infos, ledger }) =>
        stage === 'left' &&
        (held.length + doubtful.length + infos.length > 0 || ledger.isHolding()),
    );
  }

  /** The entity handles that the client with this ledger holds. */
  entityHandles(ledger: TableLedger): readonly unknown[] {
    return [...this.byIndex.values()]
      .filter((slot) => slot.ledger === ledger)
      .flatMap(({ held }) => held.map(({ handle }) => handle));
  }

  private unusedSlot(): number {
    let index = 1000;
    while (this.byIndex.has(index)) index += 1;
    return index;
  }
}
