/** Finds out what references to entities mean at the moment of a call. */
import type { CallbackScope } from './client-state.ts';
import type { Recorder } from './recorder.ts';
import type { EntityRef, HandleRef } from './rtm-program.ts';
import type { HeldHandle, Slot, Slots } from './slots.ts';

export class EntityReferences {
  private readonly slots: Slots;
  private readonly recorder: Recorder;
  private readonly useStaleHandles: boolean;
  private madeUp: unknown = undefined;

  constructor(slots: Slots, recorder: Recorder, useStaleHandles: boolean) {
    this.slots = slots;
    this.recorder = recorder;
    this.useStaleHandles = useStaleHandles;
  }

  /** Undefined when the reference names nothing that may be called with. */
  resolveEntity(ref: EntityRef, scope: CallbackScope | undefined): { handle: unknown } | undefined {
    if (ref === 'null') return { handle: null };
    if (ref === 'made-up') return { handle: this.inventHandle() };
    if (ref === 'self') return scope === undefined ? undefined : { handle: scope.self };
    const slot = this.slots.byIndex.get(ref);
    if (slot === undefined) return undefined;
    if (slot.stage === 'left' && !this.useStaleHandles) return undefined;
    return { handle: slot.handle };
  }

  /** Those that the references name, each at most once, and marked as used until `done`. */
  resolveHandles(
    slot: Slot | undefined,
    refs: readonly HandleRef[],
    scope: CallbackScope | undefined,
    exclusive: boolean,
  ): { handles: unknown[]; held: HeldHandle[] } | undefined {
    const handles: unknown[] = [];
    const held: HeldHandle[] = [];
    const free = (slot?.held ?? []).filter((entry) => !exclusive || entry.users === 0);
    for (const ref of refs) {
      if (ref === 'null') handles.push(null);
      else if (ref === 'made-up') handles.push(this.inventHandle());
      else if (ref === 'subject') {
        if (scope !== undefined && !exclusive) handles.push(scope.subject);
      } else if (free.length > 0) {
        const [entry] = free.splice(ref % free.length, 1);
        if (entry === undefined) continue;
        held.push(entry);
        handles.push(entry.handle);
      }
    }
    return handles.length === 0 ? undefined : { handles, held };
  }

  /** A value of the kind that the implementation gives out as handles, but never did. */
  inventHandle(): unknown {
    if (this.madeUp !== undefined) return this.madeUp;
    const [sample] = this.slots.byHandle.keys();
    if (typeof sample === 'number') this.madeUp = 0x5eed_bad1;
    else if (typeof sample === 'bigint') this.madeUp = 0x5eed_bad1n;
    else if (typeof sample === 'string') this.madeUp = 'no-such-handle';
    else if (typeof sample === 'symbol') this.madeUp = Symbol('no-such-handle');
    else this.madeUp = Object.freeze({});
    this.recorder.nameHandle(this.madeUp, 'a made-up handle');
    return this.madeUp;
  }
}
