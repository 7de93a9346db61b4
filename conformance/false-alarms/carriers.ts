/**
 * Four ways of getting events to their receivers in the background: a thread for each event, a daemon that
 * polls, one that sleeps, and one that is woken for a whole batch. Each also waits in its own way when a client
 * deregisters, and makes the open choices differently.
 */
import type { Implementation } from './kit.ts';
import { createLocked, type Letter, type Lock } from './locked.ts';
import type { Choices } from './registry.ts';
import { Pool } from './registry.ts';

/** Every event runs in a thread of its own, so events come in any order. */
export const threadPerEvent: Implementation = {
  name: 'thread-per-event',
  levels: ['core'],
  profile: 'notes',
  create: (host) => {
    const { rt } = host;
    const lock = rt.mutex('table');
    const ended = rt.condition(lock, 'ended');
    const choices: Choices = { mint: () => Symbol('handle'), describesDeparted: true };
    return createLocked(host, choices, (deliver) => ({
      lock,
      *post(letters) {
        for (const letter of letters) rt.spawn('event', () => deliver(letter));
      },
      *wait(until) {
        while (!until()) yield* ended.wait();
      },
      ended: () => ended.notifyAll(),
    }));
  },
};

/** A daemon that polls, and a lock that is tried again and again. */
export const polling: Implementation = {
  name: 'polling',
  levels: ['core'],
  profile: 'notes',
  create: (host) => {
    const { rt } = host;
    const mutex = rt.mutex('table');
    const letters: Letter[] = [];
    const posted = rt.atomic(0, 'posted');
    const lock: Lock = {
      *lock() {
        while (!(yield* mutex.tryLock())) yield* rt.yieldNow();
      },
      unlock: () => mutex.unlock(),
    };
    let last = 0n;
    const choices: Choices = { mint: () => (last += 16n), freshHandles: true, callerListed: true };
    return createLocked(host, choices, (deliver) => {
      rt.spawn('postman', function* () {
        for (let done = 0; ;) {
          if ((yield* posted.load()) === done) {
            yield* rt.yieldNow();
            continue;
          }
          const letter = letters[done];
          done += 1;
          if (letter !== undefined) yield* deliver(letter);
        }
      });
      return {
        lock,
        *post(more) {
          letters.push(...more);
          yield* posted.fetchAdd(more.length);
        },
        *wait(until) {
          while (!until()) {
            yield* mutex.unlock();
            yield* rt.yieldNow();
            yield* lock.lock();
          }
        },
        *ended() {},
      };
    });
  },
};

/** A daemon that looks every now and then, and values that are given out again at once. */
export const sleeping: Implementation = {
  name: 'sleeping',
  levels: ['core'],
  profile: 'notes',
  create: (host) => {
    const { rt } = host;
    const mutex = rt.mutex('table');
    const letters: Letter[] = [];
    const registrations = new Pool((n) => n - 1);
    const entities = new Pool((n) => 1000 + n);
    const choices: Choices = {
      mint: (role) => (role === 'entity' ? entities : registrations).take(),
      recycle: (handle) => {
        const value = handle as number;
        (value >= 1000 ? entities : registrations).give(value);
      },
      identityUntilFreed: true,
      overflow: 'nothing',
    };
    return createLocked(host, choices, (deliver) => {
      rt.spawn('round', function* () {
        for (;;) {
          yield* rt.sleep(50);
          yield* mutex.lock();
          const batch = letters.splice(0);
          yield* mutex.unlock();
          for (const letter of batch) yield* deliver(letter);
        }
      });
      return {
        lock: mutex,
        *post(more) {
          letters.push(...more);
        },
        *wait(until) {
          while (!until()) {
            yield* mutex.unlock();
            yield* rt.sleep(10);
            yield* mutex.lock();
          }
        },
        *ended() {},
      };
    });
  },
};

/** A daemon that is woken once for a whole batch; structures are counted, and what is left behind given back. */
export const batching: Implementation = {
  name: 'batching',
  levels: ['core'],
  profile: 'notes',
  create: (host) => {
    const { rt } = host;
    const mutex = rt.mutex('table');
    const letters: Letter[] = [];
    const wake = rt.event('wake');
    const ended = rt.event('ended');
    const choices: Choices = {
      mint: () => Object.freeze({}),
      oneHandle: true,
      callerListed: true,
      countsStructures: true,
      describesDeparted: true,
      givesBack: true,
    };
    return createLocked(host, choices, (deliver) => {
      rt.spawn('batches', function* () {
        for (;;) {
          yield* wake.wait();
          yield* mutex.lock();
          const batch = letters.splice(0);
          yield* wake.reset();
          yield* mutex.unlock();
          for (const letter of batch) yield* deliver(letter);
        }
      });
      return {
        lock: mutex,
        *post(more) {
          letters.push(...more);
          yield* wake.set();
        },
        *wait(until) {
          while (!until()) {
            yield* ended.reset();
            yield* mutex.unlock();
            yield* ended.wait();
            yield* mutex.lock();
          }
        },
        ended: () => ended.set(),
      };
    });
  },
};
