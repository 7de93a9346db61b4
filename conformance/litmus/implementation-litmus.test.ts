import { describe, expect, it } from 'vitest';
import { explore } from '../../harness/index.ts';
import { monitor, notesProtocol } from '../../reference/concurrent/index.ts';
import { harnessProgram } from '../programs/harness-program.ts';
import { connectorFor } from '../runner/connect.ts';
import { implementationLitmus } from './index.ts';

/** Actions that are no calls. */
const withoutReply: ReadonlySet<string> = new Set(['writeRoute', 'opaque', 'sleep', 'quiesce']);

/** What a program should come to at most, for implementations of the size of these. */
const EXECUTIONS_MAX = 20_000;

describe.each([notesProtocol, monitor])('$name', (implementation) => {
  const connector = connectorFor(implementation, 'controlled');

  const claimed = implementationLitmus.filter(({ level = 'core', needs = [] }) =>
    [level, ...needs].every((one) => implementation.levels.includes(one)),
  );

  it.each(claimed)('keeps the rules in $id, exhaustively', (litmus) => {
    const made = new Set<string>();
    const judged = harnessProgram(connector, litmus.program, {
      profile: 'notes',
      expect: ({ reply }, { thread, index }) => {
        if (reply !== undefined) made.add(`${thread}.${index}`);
        return undefined;
      },
    });
    const hangs = litmus.hangsPermitted === true ? { deadlock: false, livelock: false } : {};
    const result = explore(judged.program, {
      strategy: 'dfs',
      preemptionBound: litmus.preemptionBound,
      executions: EXECUTIONS_MAX,
      detect: { leaks: false, ...hangs },
    });
    expect(result.failure).toBeUndefined();
    expect(result.complete).toBe(true);
    expect(judged.counts.unknown).toBe(0);
    // More than one history: the threads do meet.
    expect(judged.counts.histories).toBeGreaterThan(1);
    // No call is left out because what it refers to never is there.
    const { setup, threads } = litmus.program;
    const calls = [...setup, ...threads.flat()].filter(({ call }) => !withoutReply.has(call));
    expect(made.size).toBe(calls.length);
  });
});
