/**
 * Random programs against an RTM. They are plain data whose references are resolved as the program runs,
 * so whatever fast-check takes out of one leaves a program behind.
 */
import fc from 'fast-check';
import type { Action, HandleRef, RtmProgram } from '../programs/rtm-program.ts';

/** What a kind of program is about: how often each call occurs, and what callbacks may do. */
export interface Focus {
  readonly weights: Readonly<Partial<Record<Action['call'], number>>>;
  /** What callbacks do: nothing is registered with one, calls that are allowed there, or any. */
  readonly callbacks: 'none' | 'allowed' | 'any';
  readonly threadsMax: number;
  readonly actionsMax: number;
  /** Identities to choose from: the fewer, the more often two registrations contend for one. */
  readonly identities: number;
  /** Slots that programs register into and call for. */
  readonly slots: number;
  readonly tables: number;
}

export function programs(focus: Focus): fc.Arbitrary<RtmProgram> {
  const action = actions(focus, callWeights(focus.weights));
  return fc.record({
    setup: setups(focus),
    threads: fc.array(fc.array(action, { minLength: 1, maxLength: focus.actionsMax }), {
      minLength: 2,
      maxLength: focus.threadsMax,
    }),
  });
}

/** Most slots are filled and most entities hold handles when the threads start: calls then mean something. */
function setups(focus: Focus): fc.Arbitrary<readonly Action[]> {
  const slots = Array.from({ length: focus.slots }, (_, slot) => slot);
  const usually = <T extends Action>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(arbitrary, { nil: undefined, freq: 3 });
  const registered = slots.map((slot) => {
    const register = fc.record(
      {
        call: fc.constant('register' as const),
        slot: fc.constant(slot),
        identity: fc.constant(slot),
        ...scripts(focus),
      },
      { requiredKeys: ['call', 'slot', 'identity'] },
    );
    return slot === 0 ? register : usually(register);
  });
  const listed = slots.map((slot) =>
    usually(fc.record({ call: fc.constant('list' as const), by: fc.constant(slot) })),
  );
  return fc
    .tuple(...registered, ...listed)
    .map((parts): readonly Action[] => parts.flatMap((part) => part ?? []));
}

type Weights = Readonly<Partial<Record<Action['call'], number>>>;

function callWeights(weights: Weights): Weights {
  return {
    register: 2,
    deregister: 2,
    list: 3,
    release: 2,
    reference: 2,
    info: 2,
    releaseInfo: 1,
    ...weights,
  };
}

function actions(focus: Focus, weights: Weights): fc.Arbitrary<Action> {
  const by = fc.nat(focus.slots - 1);
  const choices: { weight: number; arbitrary: fc.Arbitrary<Action> }[] = [
    { weight: weights.list ?? 0, arbitrary: lists(by) },
    {
      weight: weights.deregister ?? 0,
      arbitrary: fc.record(
        { call: fc.constant('deregister' as const), by, tidy: fc.constant(true as const) },
        { requiredKeys: ['call', 'by'] },
      ),
    },
    {
      weight: weights.info ?? 0,
      arbitrary: fc.record({ call: fc.constant('info'), by, of: place() }),
    },
    {
      weight: weights.release ?? 0,
      arbitrary: fc.record({ call: fc.constant('release'), by, handles: places() }),
    },
    {
      weight: weights.reference ?? 0,
      arbitrary: fc.record({ call: fc.constant('reference'), by, handles: places() }),
    },
    {
      weight: weights.releaseInfo ?? 0,
      arbitrary: fc.record({ call: fc.constant('releaseInfo'), by, info: fc.nat(2) }),
    },
    { weight: weights.register ?? 0, arbitrary: registers(focus) },
  ];
  return fc.oneof(...choices.filter(({ weight }) => weight > 0));
}

function registers(focus: Focus): fc.Arbitrary<Action> {
  return fc.record(
    {
      call: fc.constant('register' as const),
      slot: fc.nat(focus.slots - 1),
      identity: fc.nat(focus.identities - 1),
      ...(focus.tables > 1 ? { table: fc.nat(focus.tables - 1) } : {}),
      ...scripts(focus),
    },
    { requiredKeys: ['call', 'slot', 'identity'] },
  );
}

function lists(by: fc.Arbitrary<number>): fc.Arbitrary<Action> {
  const roomy = fc.record({ call: fc.constant('list' as const), by });
  // With too little room nobody knows whether the handles delivered are counted: ask for none.
  const tight = fc.record({
    call: fc.constant('list' as const),
    by,
    capacity: fc.nat(3),
    handles: fc.constant(false as const),
  });
  return fc.oneof({ weight: 5, arbitrary: roomy }, { weight: 1, arbitrary: tight });
}

function place(): fc.Arbitrary<number> {
  return fc.nat(3);
}

function places(): fc.Arbitrary<readonly HandleRef[]> {
  return fc.array(place(), { minLength: 1, maxLength: 2 });
}

function scripts(focus: Focus): { script?: fc.Arbitrary<readonly Action[]> } {
  if (focus.callbacks === 'none') return {};
  const self = fc.constant('self' as const);
  const allowed: fc.Arbitrary<Action>[] = [
    fc.record({ call: fc.constant('info'), by: self, of: fc.constant('subject') }),
    fc.record({ call: fc.constant('info'), by: self, of: place() }),
    fc.record({ call: fc.constant('reference'), by: self, handles: places() }),
    fc.record({ call: fc.constant('release'), by: self, handles: places() }),
  ];
  const forbidden: fc.Arbitrary<Action>[] = [
    fc.record({ call: fc.constant('list'), by: self }),
    fc.record({ call: fc.constant('deregister'), by: fc.oneof(self, fc.nat(focus.slots - 1)) }),
    fc.record({
      call: fc.constant('register'),
      slot: fc.nat(focus.slots - 1),
      identity: fc.nat(focus.identities - 1),
    }),
  ];
  const choices = focus.callbacks === 'any' ? [...allowed, ...forbidden] : allowed;
  return { script: fc.array(fc.oneof(...choices), { maxLength: 2 }) };
}
