/** The shared objects of an execution. Their storage is used again in the next one. */
import type { Fault } from './fault.ts';
import { NOBODY, nameOf, type ObjectKind, SharedObject } from './shared-object.ts';
import type { ThreadState } from './thread-state.ts';

export class ObjectStore {
  private readonly objects: SharedObject[] = [];
  private count = 0;
  private readonly blocks: SharedObject[] = [];
  private blockCount = 0;

  /** Forgets the objects of the execution before. */
  reset(): void {
    this.count = 0;
    this.blockCount = 0;
  }

  /** `creator`: the running thread, if any. */
  make(
    kind: ObjectKind,
    name: string | undefined,
    value: unknown,
    creator: ThreadState | undefined,
  ): SharedObject {
    const id = this.count;
    this.count += 1;
    let object = this.objects[id];
    if (object === undefined) {
      object = new SharedObject();
      this.objects[id] = object;
    }
    object.reset(id, kind, name, value);
    object.creator = creator === undefined ? NOBODY : creator.id;
    object.serial = creator === undefined ? id : creator.created++;
    return object;
  }

  /** The object is a block, which may leak. */
  addBlock(block: SharedObject): void {
    this.blocks[this.blockCount] = block;
    this.blockCount += 1;
  }

  /** Oldest first. */
  liveBlocks(): SharedObject[] {
    return this.blocks.slice(0, this.blockCount).filter((block) => block.live);
  }

  /** The fault of having left blocks allocated; undefined if none is. */
  leak(): Fault | undefined {
    if (this.blockCount === 0) return undefined;
    const names = this.liveBlocks().map((block) => `\`${nameOf(block)}\``);
    if (names.length === 0) return undefined;
    return { kind: 'leak', message: `never freed: ${names.join(', ')}`, thread: NOBODY };
  }
}
