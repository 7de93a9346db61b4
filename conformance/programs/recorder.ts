/**
 * Writes down what an implementation did: the history that is judged, with handle values as tokens, and
 * the lines of the trace that a person reads.
 */
import type { HistoryEvent, Runtime } from '../../harness/index.ts';
import { type Call, NULL_HANDLE, type Reply, type Token } from '../../reference/model/index.ts';
import { statusName } from '../../spec/index.ts';

export type RtmHistory = readonly HistoryEvent<Call, Reply>[];

/** A line of the trace; made up only where a trace is wanted. */
export type Text = string | (() => string);

export class Recorder {
  readonly history: HistoryEvent<Call, Reply>[] = [];
  private readonly rt: Runtime;
  private readonly tokens = new Map<unknown, Token>();
  private readonly names = new Map<Token, string>();
  private readonly taken = new Set<string>();
  private calls = 0;

  constructor(rt: Runtime) {
    this.rt = rt;
  }

  /** The token of a handle value, by `Object.is`. */
  tokenOf(handle: unknown): Token {
    if (handle === null || handle === undefined) return NULL_HANDLE;
    const known = this.tokens.get(handle);
    if (known !== undefined) return known;
    const token = this.tokens.size + 1;
    this.tokens.set(handle, token);
    return token;
  }

  /** Shows the handle as `name` from now on, unless it has a name already. */
  nameHandle(handle: unknown, name: string): void {
    const token = this.tokenOf(handle);
    if (token === NULL_HANDLE || this.names.has(token)) return;
    // A slot may be used for one entity after another.
    let unique = name;
    for (let n = 2; this.taken.has(unique); n += 1) unique = `${name}.${n}`;
    this.taken.add(unique);
    this.names.set(token, unique);
  }

  nameOf(token: Token): string {
    return token === NULL_HANDLE ? 'NULL' : (this.names.get(token) ?? `h${token}`);
  }

  /** Records that a call starts now. `process` must have no other call open. Returns the call's id. */
  invoke(process: number, call: Call, text: Text): number {
    const id = this.calls;
    this.calls += 1;
    this.history.push({ kind: 'invoke', id, process, call });
    this.rt.note(text, `call#${id}`);
    return id;
  }

  return(process: number, id: number, reply: Reply, text: Text): void {
    this.history.push({ kind: 'return', id, process, reply });
    this.rt.note(text, `return#${id}`);
  }

  /** Strikes a call out: it was forbidden, has been refused, and so is no evidence of anything. */
  forget(id: number): void {
    const kept = this.history.filter((event) => event.id !== id);
    this.history.splice(0, this.history.length, ...kept);
  }

  /** Records something that happens at one moment. Returns its id. */
  occur(process: number, call: Call): number {
    const id = this.calls;
    this.calls += 1;
    this.history.push({ kind: 'invoke', id, process, call });
    this.history.push({ kind: 'return', id, process, reply: { status: 0 } });
    return id;
  }
}

export function statusText(status: number): string {
  return statusName(status) ?? `status ${status}`;
}
