/** What scenarios expect and what the model permits are the same, as far as both can tell. */
import { describe, expect, test } from 'vitest';
import { type Call, createContext, type Reply } from '../../reference/model/index.ts';
import { profiles, statuses } from '../../spec/index.ts';
import { judge, type RecordedHistory } from '../programs/judge.ts';
import { oneReading, oppositeReading } from './fixtures/readings.ts';
import { historyOf, runScenario } from './fixtures/run-scenario.ts';
import { isForProfile, type Scenario, scenarios as all, type Step } from './index.ts';

/** The fake that is asked is one of level `core`. */
const scenarios = all.filter(({ level }) => level === undefined);

interface Moment {
  readonly step: Step;
  /** Up to and including the return of the step's call. */
  readonly history: RecordedHistory;
  readonly call: Call;
}

/** What has been recorded by the end of each step that made a call. */
function momentsOf(scenario: Scenario, profile: (typeof profiles)[number]): readonly Moment[] {
  const moments: Moment[] = [];
  // Events come late, so that no step's reply has shown in them already.
  const run = runScenario(
    scenario,
    profile,
    { readings: { ...oppositeReading, otherTables: true } },
    {
      exactReferences: false,
      expect: (outcome, place, client) => {
        const step = scenario.steps[place.index];
        const recorded = historyOf(client);
        const at = recorded.findIndex(
          (event) => event.kind === 'return' && event.reply === outcome.reply,
        );
        const id = recorded[at]?.id;
        const begun = recorded.find((event) => event.kind === 'invoke' && event.id === id);
        if (step === undefined || begun?.kind !== 'invoke') return undefined;
        moments.push({ step, history: recorded.slice(0, at + 1), call: begun.call });
        return undefined;
      },
    },
  );
  expect(run.result.failure).toBeUndefined();
  return moments;
}

function withReply(history: RecordedHistory, reply: Reply): RecordedHistory {
  const last = history.at(-1);
  return last?.kind === 'return' ? [...history.slice(0, -1), { ...last, reply }] : history;
}

const profile = {
  MaxNextHopsInRoute: 1,
  MaxHandlesInEnum: 1,
  ViewsSupported: 1,
  NumberOfViews: 1,
};

const nobody = {
  RtmInstanceId: 0,
  AddressFamily: 2,
  EntityId: { EntityProtocolId: 1, EntityInstanceId: 1 },
};

/** A success such as an implementation might invent. */
function inventedSuccess(call: Call): Reply {
  const out = {
    ...(call.name === 'RtmRegisterEntity' ? { RtmRegHandle: 999, RtmRegProfile: profile } : {}),
    ...(call.name === 'RtmGetEntityInfo' ? { EntityInfo: nobody } : {}),
    ...(call.name === 'RtmGetRegisteredEntities'
      ? { NumEntities: 0, EntityHandles: [], EntityInfos: [] }
      : {}),
  };
  return { status: statuses.NO_ERROR, out };
}

function verdictOf(name: (typeof profiles)[number], history: RecordedHistory): string {
  return judge(history, createContext({ profile: name })).verdict;
}

const cases = scenarios.flatMap((scenario) =>
  profiles
    .filter((name) => isForProfile(scenario, name))
    .map((name) => ({ scenario, name, title: `${scenario.id}, ${name}` })),
);

describe('the model permits each status that a scenario permits, and no other', () => {
  test.each(cases)('$title', ({ scenario, name }) => {
    for (const { step, history, call } of momentsOf(scenario, name)) {
      expect(verdictOf(name, history)).toBe('permitted');
      const wanted = step.expect?.status;
      if (wanted === undefined) continue;
      const errors =
        wanted === 'any error'
          ? [statuses.ERROR_INVALID_HANDLE]
          : [wanted].flat().flatMap((status) => (status === 'NO_ERROR' ? [] : statuses[status]));
      for (const status of errors) {
        const reply = { status, out: { NumEntities: 0 } };
        expect(verdictOf(name, withReply(history, reply))).toBe('permitted');
        if (step.expect?.countDefined !== true) continue;
        expect(verdictOf(name, withReply(history, { status }))).toBe('violation');
      }
      const success = withReply(history, inventedSuccess(call));
      if (errors.length > 0 && wanted !== 'any error' && [wanted].flat().includes('NO_ERROR'))
        continue;
      if (errors.length > 0) expect(verdictOf(name, success)).toBe('violation');
      else {
        const refused = withReply(history, { status: statuses.ERROR_INVALID_HANDLE });
        expect(verdictOf(name, refused)).toBe('violation');
      }
    }
  });
});

describe('the model misses the clients that a scenario expects in a list', () => {
  test.each(cases)('$title', ({ scenario, name }) => {
    for (const { step, history, call } of momentsOf(scenario, name)) {
      const lists = step.expect?.lists ?? [];
      if (lists.length === 0 || step.expect?.status !== 'NO_ERROR') continue;
      expect(verdictOf(name, withReply(history, inventedSuccess(call)))).toBe('violation');
    }
  });
});

describe('the model misses the events that a scenario expects', () => {
  test.each(cases)('$title', ({ scenario, name }) => {
    let recorded: RecordedHistory = [];
    const due = scenario.steps.findIndex((step) => (step.expect?.told ?? []).length > 0);
    if (due < 0) return;
    runScenario(
      scenario,
      name,
      { readings: oneReading },
      {
        expect: (_outcome, place, client) => {
          if (place.index === due) recorded = historyOf(client);
          return undefined;
        },
      },
    );
    if (recorded.length === 0) {
      // A value given out again during a call that carries it: nothing can be said from there on.
      expect(JSON.stringify(scenario.steps)).toContain('unlessGivenOutAgain');
      return;
    }
    const told = new Set<number>();
    for (const event of recorded)
      if (event.kind === 'invoke' && event.call.name === 'event') told.add(event.process);
    expect(told.size).toBeGreaterThan(0);
    expect(verdictOf(name, recorded)).toBe('permitted');
    const untold = recorded.filter((event) => !told.has(event.process));
    expect(verdictOf(name, untold)).toBe('violation');
  });
});
