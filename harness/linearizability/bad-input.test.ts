import { describe, expect, it } from 'vitest';
import { checkLinearizability, LinearizabilityError, registerModel } from './index.ts';
import type {
  HistoryEvent,
  LinearizabilityErrorCode,
  LinearizabilityOptions,
  RegisterCall,
  SequentialModel,
} from './index.ts';

const call = (id: number, process: number) =>
  ({ kind: 'invoke', id, process, call: { kind: 'read' } }) as const;
const reply = (id: number, process: number) => ({ kind: 'return', id, process, reply: 0 }) as const;
const judge = (
  events: unknown,
  options?: LinearizabilityOptions,
  model: unknown = registerModel(0),
) =>
  checkLinearizability(
    model as SequentialModel<unknown, RegisterCall, unknown>,
    events as HistoryEvent<RegisterCall, unknown>[],
    options,
  );
const split = (partition: unknown) => ({ ...registerModel(0), partition });
const events = [call(1, 0), reply(1, 0)];

describe('bad input', () => {
  const rows: readonly (readonly [LinearizabilityErrorCode, string, () => unknown])[] = [
    ['history-not-a-list', 'an object', () => judge({})],
    ['unknown-event-kind', 'another kind', () => judge([{ ...call(1, 0), kind: 'fail' }])],
    ['unknown-event-kind', 'null for an event', () => judge([null])],
    ['bad-id', 'no id', () => judge([{ ...call(1, 0), id: undefined }])],
    ['bad-process', 'a process that is no number', () => judge([{ ...call(1, 0), process: NaN }])],
    ['id-invoked-twice', 'one id for two calls', () => judge([...events, call(1, 0)])],
    ['return-without-call', 'a return before its call', () => judge([reply(1, 0), call(1, 0)])],
    ['returned-twice', 'two returns', () => judge([...events, reply(1, 0)])],
    ['return-by-other-process', 'a return elsewhere', () => judge([call(1, 0), reply(1, 1)])],
    ['process-busy', 'two calls open in a process', () => judge([call(1, 0), call(2, 0)])],
    ['bad-model', 'no model', () => judge([], {}, {})],
    ['bad-model', 'null for a model', () => judge([], {}, null)],
    [
      'bad-partition',
      'no list',
      () =>
        judge(
          events,
          {},
          split(() => 1),
        ),
    ],
    [
      'bad-partition',
      'a lost call',
      () =>
        judge(
          events,
          {},
          split(() => []),
        ),
    ],
    [
      'bad-partition',
      'a lost pending call',
      () =>
        judge(
          [call(1, 0)],
          {},
          split(() => []),
        ),
    ],
    [
      'bad-partition',
      'a lost return',
      () =>
        judge(
          events,
          {},
          split(() => [[events[0]]]),
        ),
    ],
    [
      'bad-partition',
      'a repeated call',
      () =>
        judge(
          events,
          {},
          split(() => [events, events]),
        ),
    ],
    [
      'bad-partition',
      'a torn call',
      () =>
        judge(
          events,
          {},
          split(() => [[events[0]], [events[1]]]),
        ),
    ],
    [
      'bad-partition',
      'a made-up call',
      () =>
        judge(
          events,
          {},
          split(() => [[...events, call(2, 0)]]),
        ),
    ],
    [
      'bad-partition',
      'a made-up return',
      () =>
        judge(
          [call(1, 0)],
          {},
          split(() => [[call(1, 0), reply(1, 0)]]),
        ),
    ],
    [
      'model-not-read-only',
      'a read that writes',
      () => judge(events, {}, { ...registerModel(0), step: () => [7], isReadOnly: () => true }),
    ],
    ['bad-option', 'a negative budget', () => judge([], { configurations: -1 })],
    ['bad-option', 'no number', () => judge([], { memoryBytes: NaN })],
    ['clock-missing', 'time without a clock', () => judge([], { timeMs: 5 })],
  ];

  it.each(rows)('%s: %s', (code, _what, act) => {
    expect(act).toThrow(LinearizabilityError);
    expect(act).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/\. [A-Z].*\.$/) }),
    );
  });

  it('lets what the model throws come through', () => {
    const broken = {
      ...registerModel(0),
      step: () => {
        throw new RangeError('mine');
      },
    };
    expect(() => judge(events, {}, broken)).toThrow(new RangeError('mine'));
  });
});
