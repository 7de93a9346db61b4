/**
 * Heap blocks as programs see them. A program may allocate a great many and touch few of them before it frees them,
 * so the state that steps work on is made with the first step on a block: until then it takes a third of the memory.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { OpKind } from './operation.ts';
import { type Identity, NOBODY, nameOf, type SharedObject } from './shared-object.ts';
import type { Block, Heap, Task } from './types.ts';

/** Not to be ordered with anything: made in the set-up, or while races are not looked for. */
const NO_TIME = -1;

export class BlockFront<T> implements Block<T>, Identity {
  id = 0;
  creator: number = NOBODY;
  serial = 0;
  readonly givenName: string | undefined;
  private readonly engine: Engine;
  private readonly generation: number;
  private readonly initial: T | undefined;
  /** The creator's own time when it made the block: whoever touches it must be ordered after that. */
  private readonly madeAt: number;
  private object: SharedObject | undefined = undefined;

  constructor(engine: Engine, initial: T | undefined, name: string | undefined) {
    this.engine = engine;
    this.generation = engine.generation;
    this.initial = initial;
    this.givenName = name;
    engine.addBlock(this);
    const { runningId } = engine;
    const races = runningId === NOBODY ? undefined : engine.racesOfAccess();
    this.madeAt = races === undefined ? NO_TIME : races.timeOf(runningId);
  }

  get kind(): 'block' {
    return 'block';
  }

  get name(): string {
    return nameOf(this);
  }

  get live(): boolean {
    return this.object === undefined || this.object.live;
  }

  on<R>(op: number, value?: unknown): Task<R> {
    const { engine } = this;
    if (this.generation !== engine.generation) throw staleObject('block');
    this.object ??= this.materialize();
    return engine.operation<R>(op, this.object, value, undefined);
  }

  // Allocating is no step, so that iterating ends at once.
  [Symbol.iterator](): Iterator<never, Block<T>, unknown> {
    return { next: () => ({ done: true, value: this }) };
  }

  private materialize(): SharedObject {
    const object = this.engine.objects.makeBlock(this, this.initial);
    if (this.madeAt !== NO_TIME) {
      object.writeThread = this.creator;
      object.writeClock = this.madeAt;
    }
    return object;
  }
}

export class HeapFront implements Heap {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }
  allocate<T = undefined>(initial?: T, name?: string): Block<T> {
    return new BlockFront<T>(this.engine, initial, name);
  }
  free(block: Block<unknown>): Task {
    return fromBlock(block).on<void>(OpKind.free);
  }
  access<T>(block: Block<T>): Task<T> {
    return fromBlock(block).on<T>(OpKind.access);
  }
  write<T>(block: Block<T>, value: T): Task {
    return fromBlock(block).on<void>(OpKind.heapWrite, value);
  }
  live(): readonly Block<unknown>[] {
    return this.engine.objects.liveBlocks();
  }
}

/** Shared objects belong to the execution they were made in. */
export function staleObject(kind: string): HarnessError {
  return new HarnessError(
    'stale-step',
    `A ${kind} made in an earlier execution is used again. Create the shared objects inside the program, which is called afresh for every execution.`,
  );
}

function fromBlock<T>(block: Block<T>): BlockFront<T> {
  if (block instanceof BlockFront) return block;
  throw new HarnessError(
    'bad-option',
    'The heap was given something that its `allocate` did not return.',
  );
}
