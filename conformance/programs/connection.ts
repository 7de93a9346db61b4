/** How a client reaches an implementation: what there is to implement for every kind of them. */
import type {
  EventCallback,
  ExportedMethod,
  MethodBody,
  MethodName,
} from '../../harness/adapters/index.ts';
import type { Task } from '../../harness/index.ts';
import type { Reply } from '../../reference/model/index.ts';

/** How calls reach the implementation, and callbacks come back. */
export interface Connection {
  /** One call of the function `name`. The first step is the moment of the call. */
  call(name: MethodName, args: Readonly<Record<string, unknown>>, started: () => void): Task<Reply>;
  /** Lets the instance give back what it holds, if it has a way to. Returns what it says it still had. */
  close(): Task<readonly string[]>;
  /** A callback of the implementation's own kind. */
  callback(body: EventBody): EventCallback;
  /** An exported method of the implementation's own kind. */
  method(body: MethodBody): ExportedMethod;
  /** Lets virtual time pass. Absent: by the clock of the runtime alone. */
  sleep?(ms: number): Task;
  /** Uses pointers to live data. Absent: they are objects of the implementation itself. */
  readonly pointers?: Pointers;
}

/** Live data that lies elsewhere: what a call has returned as a pointer is a copy of it. */
export interface Pointers {
  write(pointer: object, fields: Readonly<Record<string, unknown>>): Task;
  /** What the pointer points at now. */
  read(pointer: object): Task<unknown>;
}

/** What a callback does, as a task. */
export type EventBody = (
  RtmRegHandle: unknown,
  EventType: number,
  Context1: unknown,
  Context2: unknown,
) => Task<number>;
