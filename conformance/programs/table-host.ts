/** What the parts of a client that work with routing tables are given: the client around them, and who calls. */
import type { MethodName } from '../../harness/adapters/index.ts';
import type { Runtime, Task } from '../../harness/index.ts';
import type { Call, Reply } from '../../reference/model/index.ts';
import type { RegistrationProfileShape } from '../../spec/index.ts';
import type { Pointers } from './connection.ts';
import type { Recorder, Text } from './recorder.ts';
import type { TableLedger } from './table-ledger.ts';

/** What the client around it does for it. */
export interface TableHost {
  readonly rt: Runtime;
  readonly recorder: Recorder;
  readonly pointers?: Pointers;
  /** Makes a call and records it. */
  call(
    process: number,
    name: MethodName,
    args: Readonly<Record<string, unknown>>,
    call: Call,
    text: Text,
    options: {
      readonly tokenize: (out: Record<string, unknown>) => Record<string, unknown>;
      readonly forbidden: boolean;
    },
  ): Task<Reply>;
  /** Whether handles that were given back may be used. */
  readonly useStaleHandles: boolean;
  /** A value of the kind that handles have here, but never given out. */
  madeUpHandle(): unknown;
  /** The number of an exported method, by which programs know it; undefined for what was never handed in. */
  methodId(entry: unknown): number | undefined;
  /** The registration handle of a slot's entity. */
  handleOf(slot: number): unknown;
  /** The entity handles that a slot's client holds. */
  entityHandles(ledger: TableLedger): readonly unknown[];
}

/** Who calls, and from where. */
export interface TableCaller {
  readonly process: number;
  readonly handle: unknown;
  readonly ledger: TableLedger;
  /** Context1 of the callback that the call is made in. */
  readonly subject: unknown;
  /** As its registration returned it. */
  readonly profile: RegistrationProfileShape | undefined;
  /** The documents forbid the call where it is made. */
  readonly forbidden: boolean;
}
