/** References that only a census shows are missed in the end, also in programs whose own counts are not exact. */
import { expect, test } from 'vitest';
import type { Implementation, Rtm } from '../../harness/adapters/index.ts';
import { monitor } from '../../reference/index.ts';
import { statuses } from '../../spec/index.ts';
import { checkById } from '../catalogue.ts';
import { connect } from '../runner/connect.ts';

/** A list that is refused leaves a reference on somebody. */
const leaking: Implementation = {
  ...monitor,
  create(host) {
    const rtm: Rtm = monitor.create(host);
    let leaked: readonly number[] = [];
    const faulty: Partial<Rtm> = {
      *RtmGetRegisteredEntities(thread, args) {
        const reply = yield* monitorsReply(rtm, thread, args);
        if (reply.status !== statuses.NO_ERROR) leaked = [1];
        return reply;
      },
      census: () => {
        const counts = rtm.census?.() ?? {};
        return { ...counts, entity: [...(counts.entity ?? []), ...leaked] };
      },
    };
    return Object.assign(Object.create(rtm) as Rtm, faulty);
  },
};

type List = Rtm['RtmGetRegisteredEntities'];

function monitorsReply(
  rtm: Rtm,
  ...args: Parameters<List>
): Extract<ReturnType<List>, { next: unknown }> {
  // Its methods are tasks.
  return rtm.RtmGetRegisteredEntities(...args) as Extract<ReturnType<List>, { next: unknown }>;
}

test.each([
  ['monitor', monitor, 'pass', undefined],
  ['a leaking one', leaking, 'fail', 'RTM-REF-009'],
] as const)('%s', async (_, implementation, status, rule) => {
  const check = checkById('core/lists/too-little-room');
  const subject = await connect(implementation, { adapter: 'test' });
  const outcome = await check?.run(subject, { seed: 1, effort: 1, interrupted: () => false });
  expect(outcome).toMatchObject({ status });
  expect(outcome?.failure?.rule.id).toBe(rule);
});
