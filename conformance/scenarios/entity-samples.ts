/** The flows of the samples that are about clients: registering, and going through those that are registered. */
import type { Scenario } from './scenario.ts';
import { deregister, getInfo, list, register, releaseAll, releaseInfo } from './steps.ts';

export const entitySampleScenarios: readonly Scenario[] = [
  {
    id: 'core/registration/sample-register-and-leave',
    title: 'A client without callback and methods registers and leaves, as in the sample',
    area: 'registration',
    rules: ['RTM-REG-002', 'RTM-DEREG-001'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR', handle: 'distinct', profile: 'usable' } },
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/lists/sample-ask-for-room-and-list',
    title: 'The clients are listed as in the sample: without room, with room, compared, given back',
    area: 'lists',
    rules: ['RTM-LIST-006', 'RTM-LIST-007', 'RTM-REF-005'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      {
        do: list(0, { capacity: 0, infos: false }),
        expect: { status: 'ERROR_INSUFFICIENT_BUFFER' },
      },
      { do: list(0, { capacity: 2 }), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: 'as listed' } },
      { do: releaseInfo(0), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
    ],
  },
];
