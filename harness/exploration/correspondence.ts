/**
 * Which thread and object of a program is which of a token's. By parent and creator as a rule, by name where things
 * are now made in another order; so a new name alone makes no difference, and neither does a new place.
 */
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import { nameOf, type SharedObject } from '../runtime/shared-object.ts';
import { spawnPlaces } from './spawn-places.ts';
import type { RecordedObject, RecordedStep, TokenContent } from './token-content.ts';

export class Correspondence {
  /** Something has another name or number than recorded. */
  isRenamed = false;
  private readonly content: TokenContent;
  private readonly threads = new Map<number, number>();
  private readonly objectNames: ReadonlySet<string>;
  private readonly nameByRecorded = new Map<string, string>();

  constructor(content: TokenContent) {
    this.content = content;
    this.objectNames = new Set(
      content.segments.flatMap(({ seen }) => seen.map(({ object }) => object?.name ?? '')),
    );
  }

  /** The id that a recorded thread has in the present execution; undefined while there is none. */
  threadFor(engine: Engine, recorded: number): number | undefined {
    if (this.content.threads.length === 0) {
      return recorded < engine.threadCount ? recorded : undefined;
    }
    const known = this.threads.get(recorded);
    if (known !== undefined) return known;
    const found = this.findThread(engine, recorded);
    if (found === undefined) return undefined;
    this.threads.set(recorded, found);
    if (found !== recorded || engine.nameOfThread(found) !== this.content.threads[recorded]?.name) {
      this.isRenamed = true;
    }
    return found;
  }

  /** Whether a thread offers what was recorded. */
  fits(engine: Engine, offered: Operation, expected: RecordedStep | undefined): boolean {
    if (expected === undefined) return true;
    if (offered.kind !== expected.operation) return false;
    const { object } = offered;
    if (object === undefined || expected.object === undefined) return object === expected.object;
    return this.isSame(engine, object, expected.object);
  }

  private isSame(engine: Engine, object: SharedObject, recorded: RecordedObject): boolean {
    const name = nameOf(object);
    const known = this.nameByRecorded.get(recorded.name);
    if (known !== undefined) return known === name;
    if (name === recorded.name) return true;
    // Where the recorded object was made there is now another one of those recorded: no new name.
    if (this.objectNames.has(name) || !this.isMadeThere(engine, object, recorded)) return false;
    this.nameByRecorded.set(recorded.name, name);
    this.isRenamed = true;
    return true;
  }

  private isMadeThere(
    engine: Engine,
    { creator, serial }: SharedObject,
    recorded: RecordedObject,
  ): boolean {
    if (recorded.creator === undefined || recorded.serial !== serial) return false;
    if (recorded.creator < 0 || creator < 0) return recorded.creator === creator;
    return this.threadFor(engine, recorded.creator) === creator;
  }

  private findThread(engine: Engine, recorded: number): number | undefined {
    const wanted = this.content.threads[recorded];
    if (wanted === undefined) return undefined;
    const parent = wanted.parent < 0 ? wanted.parent : this.threadFor(engine, wanted.parent);
    const taken = new Set(this.threads.values());
    const places = spawnPlaces(engine);
    const at = places.findIndex((it) => it.parent === parent && it.place === wanted.place);
    const there = at < 0 || taken.has(at) ? undefined : at;
    if (there !== undefined && engine.nameOfThread(there) === wanted.name) return there;
    const namesakes = places.flatMap((_, id) =>
      engine.nameOfThread(id) === wanted.name && !taken.has(id) ? [id] : [],
    );
    const isUnique = this.content.threads.filter(({ name }) => name === wanted.name).length === 1;
    return isUnique && namesakes.length === 1 ? namesakes[0] : there;
  }
}
