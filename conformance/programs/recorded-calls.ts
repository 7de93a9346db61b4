/** Makes calls, records their beginnings and ends, and knows which are under way. */
import type { MethodName } from '../../harness/adapters/index.ts';
import type { Task } from '../../harness/index.ts';
import type { Call, Reply } from '../../reference/model/index.ts';
import { statuses } from '../../spec/index.ts';
import type { Connection } from './connection.ts';
import { describeReply } from './describe-reply.ts';
import type { Recorder, Text } from './recorder.ts';

/** A call that has begun and not returned. */
export interface OpenCall {
  readonly name: MethodName;
  /** The registration handle it was made with. */
  readonly handle: unknown;
  /** Calls that it overlaps with. */
  readonly beside: OpenCall[];
  /** Made inside a callback where it is forbidden. */
  readonly forbidden: boolean;
}

export interface CallOptions {
  /** Puts tokens in the place of handles. */
  readonly tokenize?: (out: Record<string, unknown>) => Record<string, unknown>;
  /** Told of the call when it begins. */
  readonly opened?: (open: OpenCall) => void;
  /** Made where it is forbidden: its refusal is no evidence of anything. */
  readonly forbidden?: boolean;
}

export class RecordedCalls {
  /** Those that have begun and not returned. */
  readonly open: Set<OpenCall> = new Set();
  private readonly connection: Connection;
  private readonly recorder: Recorder;
  /** Called when a call has returned, before that is recorded. */
  private readonly returned: () => void;

  constructor(connection: Connection, recorder: Recorder, returned: () => void) {
    this.connection = connection;
    this.recorder = recorder;
    this.returned = returned;
  }

  /** Makes a call and records its beginning and end. */
  *call(
    process: number,
    name: MethodName,
    args: Readonly<Record<string, unknown>>,
    call: Call,
    text: Text,
    { tokenize = (out) => out, opened = () => {}, forbidden = false }: CallOptions = {},
  ): Task<Reply> {
    let id = -1;
    const handle = args['RtmRegHandle'];
    const open: OpenCall = { name, handle, beside: [], forbidden };
    const reply = yield* this.connection.call(name, args, () => {
      id = this.recorder.invoke(process, call, text);
      opened(open);
      for (const other of this.open) {
        other.beside.push(open);
        open.beside.push(other);
      }
      this.open.add(open);
    });
    this.open.delete(open);
    this.returned();
    const out = reply.out === undefined ? undefined : tokenize({ ...reply.out });
    const recorded: Reply =
      out === undefined ? { status: reply.status } : { status: reply.status, out };
    this.recorder.return(
      process,
      id,
      recorded,
      () => `${name} = ${describeReply(name, recorded, (token) => this.recorder.nameOf(token))}`,
    );
    if (forbidden && reply.status !== statuses.NO_ERROR) this.recorder.forget(id);
    return recorded;
  }
}
