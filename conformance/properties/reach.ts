/**
 * The reach of generated programs: which function has returned which status, and how often. A status that no
 * program brings about is judged by nothing, however many programs are run.
 */
import {
  type FunctionName,
  functionNames,
  functions,
  statuses,
  type StatusName,
  statusName,
} from '../../spec/index.ts';
import type { Subject } from '../runner/subject.ts';

/** Counts by function and status code. */
export type Reach = ReadonlyMap<FunctionName, ReadonlyMap<number, number>>;

export interface ReachRow {
  readonly name: FunctionName;
  /** As the reference names it, or a number that it does not. */
  readonly status: string;
  readonly isDocumented: boolean;
  readonly times: number;
}

/** The same subject, whose replies are counted from now on. */
export function watchReach(subject: Subject): { readonly subject: Subject; readonly reach: Reach } {
  const reach = new Map<FunctionName, Map<number, number>>();
  const count = (name: FunctionName, status: number): void => {
    const counts = reach.get(name) ?? new Map<number, number>();
    reach.set(name, counts.set(status, (counts.get(status) ?? 0) + 1));
  };
  const { connector } = subject;
  const counting: Subject['connector'] = {
    *create(rt, host) {
      const { rtm, connection } = yield* connector.create(rt, host);
      return {
        rtm,
        connection: {
          ...connection,
          *call(name, args, started) {
            const reply = yield* connection.call(name, args, started);
            count(name, reply.status);
            return reply;
          },
        },
      };
    },
  };
  return { subject: { ...subject, connector: counting }, reach };
}

/** A row for each status that a function documents, then for each that it has returned besides. */
export function reachRows(reach: Reach): readonly ReachRow[] {
  return functionNames.flatMap((name) => {
    const counts = reach.get(name) ?? new Map<number, number>();
    const documented: readonly StatusName[] = functions[name].statuses.map(({ status }) => status);
    const others = [...counts.keys()]
      .filter((code) => documented.every((status) => statuses[status] !== code))
      .toSorted((a, b) => a - b);
    return [
      ...documented.map((status) => ({
        name,
        status,
        isDocumented: true,
        times: counts.get(statuses[status]) ?? 0,
      })),
      ...others.map((code) => ({
        name,
        status: statusName(code) ?? String(code),
        isDocumented: false,
        times: counts.get(code) ?? 0,
      })),
    ];
  });
}
