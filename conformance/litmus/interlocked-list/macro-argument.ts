/** The notes' push is a macro: its argument is not evaluated once, but wherever the text has it. */
import type { AlgorithmLitmus } from '../litmus.ts';
import { type Entry, freeEntry, loadNext, newHeapEntry, newList, storeNext } from './entries.ts';
import { popUntagged } from './macros.ts';

export const pushArgument: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/push-argument',
  title: 'An argument that is evaluated four times',
  about:
    'InterlockedPushEntryList(&List, NewEntry()) makes an entry for each of the four places where the ' +
    'macro has its argument. One gets the link, another one is published, two are only looked at, and ' +
    'three are lost. It takes one thread to see that.',
  rules: ['RTM-SAFE-009'],
  program: (rt) => {
    const list = newList(rt, null);
    let made = 0;
    const argument = (): Entry => {
      made += 1;
      return newHeapEntry(rt, `entry ${made}`);
    };
    rt.spawn('pusher', function* () {
      for (;;) {
        yield* storeNext(rt, argument(), yield* list.head.load());
        const published = argument();
        const comparand = yield* loadNext(rt, argument());
        const seen = yield* list.head.compareExchange(comparand, published);
        if (seen === (yield* loadNext(rt, argument()))) break;
      }
    });
    rt.finally(function* () {
      const entry = yield* popUntagged(rt, list);
      if (entry !== null) yield* freeEntry(rt, entry);
    });
  },
  expected: { verdict: 'fails', kind: 'leak', defect: 'macro argument evaluated four times' },
};
