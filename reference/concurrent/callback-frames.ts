/**
 * Thread-local storage: the entities whose callbacks the calling thread is inside of, outermost first.
 *
 * A thread that calls back in may not wait for the end of a callback, since it might be its own or,
 * in a circle, wait for it. Every thread touches its own entry only, so no step is needed.
 */
import type { Runtime } from '../../harness/index.ts';

const NO_THREAD = -1;

export class CallbackFrames<Entity> {
  private readonly rt: Runtime;
  private readonly framesByThread = new Map<number, Entity[]>();

  constructor(rt: Runtime) {
    this.rt = rt;
  }

  /** The id of the calling thread. */
  thread(): number {
    return this.rt.current()?.id ?? NO_THREAD;
  }

  push(entity: Entity): void {
    this.own().push(entity);
  }

  pop(): void {
    this.own().pop();
  }

  /** Whether the calling thread is inside a callback. */
  isInside(): boolean {
    return this.own().length > 0;
  }

  /** How many callbacks of `entity` the calling thread is inside of. */
  countOf(entity: Entity): number {
    return this.own().filter((other) => other === entity).length;
  }

  private own(): Entity[] {
    const thread = this.thread();
    let frames = this.framesByThread.get(thread);
    if (frames === undefined) {
      frames = [];
      this.framesByThread.set(thread, frames);
    }
    return frames;
  }
}
