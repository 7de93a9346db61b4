/** The shared objects of an execution. Their storage is used again in the next one. */
import type { BlockFront } from './blocks.ts';
import type { Fault } from './fault.ts';
import { type Identity, NOBODY, type ObjectKind, SharedObject } from './shared-object.ts';
import type { ThreadState } from './thread-state.ts';

export class ObjectStore {
  private readonly objects: SharedObject[] = [];
  /** Objects in use. */
  private objectCount = 0;
  private readonly blocks: BlockFront<unknown>[] = [];
  private blockCount = 0;
  /** How many have got an identity. */
  private made = 0;

  /** Forgets the objects of the execution before. */
  reset(): void {
    this.objectCount = 0;
    this.blockCount = 0;
    this.made = 0;
  }

  /** `creator`: the running thread, if any. */
  make(
    kind: ObjectKind,
    name: string | undefined,
    value: unknown,
    creator: ThreadState | undefined,
  ): SharedObject {
    const object = this.unused(kind, name, value);
    this.identify(object, creator);
    return object;
  }

  /** The state of a block that is about to be touched for the first time. */
  makeBlock({ id, creator, serial, givenName }: BlockFront<unknown>, value: unknown): SharedObject {
    const object = this.unused('block', givenName, value);
    object.id = id;
    object.creator = creator;
    object.serial = serial;
    return object;
  }

  /** The block has been made, and may leak. */
  addBlock(block: BlockFront<unknown>, creator: ThreadState | undefined): void {
    this.identify(block, creator);
    this.blocks[this.blockCount] = block;
    this.blockCount += 1;
  }

  /** Oldest first. */
  liveBlocks(): BlockFront<unknown>[] {
    return this.blocks.slice(0, this.blockCount).filter((block) => block.live);
  }

  /** The fault of having left blocks allocated; undefined if none is. */
  leak(): Fault | undefined {
    if (this.blockCount === 0) return undefined;
    const names = this.liveBlocks().map(({ name }) => `\`${name}\``);
    if (names.length === 0) return undefined;
    return { kind: 'leak', message: `never freed: ${names.join(', ')}`, thread: NOBODY };
  }

  private unused(kind: ObjectKind, name: string | undefined, value: unknown): SharedObject {
    let object = this.objects[this.objectCount];
    if (object === undefined) {
      object = new SharedObject();
      this.objects[this.objectCount] = object;
    }
    this.objectCount += 1;
    object.reset(kind, name, value);
    return object;
  }

  private identify(made: Identity, creator: ThreadState | undefined): void {
    const id = this.made;
    this.made += 1;
    made.id = id;
    made.creator = creator === undefined ? NOBODY : creator.id;
    made.serial = creator === undefined ? id : creator.created++;
  }
}
