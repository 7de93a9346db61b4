/**
 * Running the methods that clients export: like callbacks, outside the lock, and an affair of both clients, so
 * that neither is deregistered before they have returned.
 *
 * Bit n of MethodType stands for the method n; identifiers without a method are skipped, and each method sees its own
 * bit only. Methods that are blocked are waited for, until one of the two clients leaves.
 */
import type { Task } from '../../../harness/index.ts';
import { type ArgumentsOf, type MethodOutputShape, statuses } from '../../../spec/index.ts';
import { isSameTable } from '../entity-info.ts';
import type { Entity } from '../guarded-entity.ts';
import type { ExportedMethod, Handle } from '../rtm.ts';
import { type Answer, done } from './procedure.ts';
import type { Surroundings, TableDesk } from './table-desk.ts';

/** Of RTM_ENTITY_METHOD_OUTPUT up to OutputData. */
const OUTPUT_HEADER_BYTES = 12;
const METHODS_MAX = 32;

type Arguments = ArgumentsOf<'RtmInvokeMethod', Handle>;

export class MethodCalls {
  /** How often somebody has resumed its methods. */
  resumptions = 0;
  private readonly desk: TableDesk;
  private readonly around: Surroundings;
  private readonly blocked = new Set<Entity>();
  /** The threads in which methods of a client run, or methods that it has invoked. */
  private readonly running = new Map<Entity, readonly number[]>();

  constructor(desk: TableDesk, around: Surroundings) {
    this.desk = desk;
    this.around = around;
  }

  block(entity: Entity, isBlocked: boolean): void {
    if (isBlocked) this.blocked.add(entity);
    else if (this.blocked.delete(entity)) this.resumptions += 1;
  }

  /** Whether the calling thread is inside a method of the client, or one that it has invoked. */
  isRunningHere(entity: Entity): boolean {
    return this.threadsOf(entity).includes(this.desk.thread());
  }

  isRunningElsewhere(entity: Entity): boolean {
    return this.threadsOf(entity).some((thread) => thread !== this.desk.thread());
  }

  forget(entity: Entity): void {
    this.blocked.delete(entity);
    this.running.delete(entity);
  }

  *invoke(args: Arguments): Task<Answer<'RtmInvokeMethod'>> {
    const { lock } = this.around;
    yield* lock.lock();
    const answer = yield* this.runAll(args);
    yield* lock.unlock();
    return answer;
  }

  private *runAll(args: Arguments): Task<Answer<'RtmInvokeMethod'>> {
    const { MethodType, InputData } = args.Input;
    const Output: MethodOutputShape[] = [];
    for (let index = 0; index < METHODS_MAX; index += 1) {
      if (((MethodType >>> index) & 1) === 0) continue;
      const own = { ...args.Input, MethodType: (1 << index) >>> 0, InputData: [...InputData] };
      const output = yield* this.run({ ...args, Input: own }, index);
      if (output === 'refused') return { status: statuses.ERROR_INVALID_HANDLE };
      if (output !== undefined) Output.push(output);
    }
    if (Output.length === 0 && (yield* this.parties(args)) === undefined) {
      return { status: statuses.ERROR_INVALID_HANDLE };
    }
    const OutputSize = Output.reduce((sum, one) => sum + OUTPUT_HEADER_BYTES + one.OutputSize, 0);
    if (OutputSize > args.OutputSize) return { status: statuses.ERROR_INSUFFICIENT_BUFFER };
    return done({ OutputSize, Output });
  }

  /** Undefined if there is no such method. */
  private *run(args: Arguments, index: number): Task<MethodOutputShape | 'refused' | undefined> {
    let parties = yield* this.parties(args);
    while (parties !== undefined && this.blocked.has(parties.callee)) {
      yield* this.desk.wait();
      parties = yield* this.parties(args);
    }
    if (parties === undefined) return 'refused';
    const method = this.desk.methodsOf(parties.callee)[index];
    if (method === undefined) return undefined;
    const { MethodStatus, OutputData } = yield* this.callOut(parties, method, args);
    const { MethodType } = args.Input;
    return { MethodType, MethodStatus, OutputSize: OutputData.length, OutputData: [...OutputData] };
  }

  private *callOut(
    { caller, callee }: { readonly caller: Entity; readonly callee: Entity },
    method: ExportedMethod,
    { Input }: Arguments,
  ): Task<{ readonly MethodStatus: number; readonly OutputData: readonly number[] }> {
    const { lock, frames, attended } = this.around;
    const thread = this.desk.thread();
    const both = [caller, callee];
    for (const entity of both) this.running.set(entity, [...this.threadsOf(entity), thread]);
    yield* lock.unlock();
    frames.push(callee);
    const result = yield* method(caller.entityHandle, callee.registrationHandle, Input);
    frames.pop();
    yield* lock.lock();
    for (const entity of both) {
      const threads = this.threadsOf(entity);
      this.running.set(entity, threads.toSpliced(threads.indexOf(thread), 1));
    }
    yield* attended.notifyAll();
    return result;
  }

  /** The two clients, if both are registered. */
  private *parties(
    args: Arguments,
  ): Task<{ readonly caller: Entity; readonly callee: Entity } | undefined> {
    const { entities } = this.desk;
    const caller = yield* entities.findRegistered(args.RtmRegHandle);
    const callee = yield* entities.findPresent(args.EntityHandle);
    if (caller === undefined || callee === undefined) return undefined;
    const { phase } = yield* callee.life.read();
    const isThere = phase === 'registered' && isSameTable(caller.identity, callee.identity);
    return isThere ? { caller, callee } : undefined;
  }

  private threadsOf(entity: Entity): readonly number[] {
    return this.running.get(entity) ?? [];
  }
}
