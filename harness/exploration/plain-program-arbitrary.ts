/** For tests only: random plain programs, rich in synchronisation that makes sense and in some that does not. */
import fc from 'fast-check';
import type { Instruction, PlainProgram } from './plain-program.ts';

const THREADS_MAX = 4;
const INSTRUCTIONS_MAX = 12;

/** A few instructions that belong together. */
function snippets(threads: number, accesses: number): fc.Arbitrary<readonly Instruction[]> {
  const on = fc.nat({ max: 1 });
  const one = (...kinds: readonly (Instruction & { on: number })['kind'][]) =>
    fc
      .tuple(fc.constantFrom(...kinds), on)
      .map(([kind, on]) => [{ kind, on, expected: on, to: 1 } as Instruction]);
  const locked = fc
    .constantFrom<Instruction['kind'] & ('wait' | 'notify' | 'notifyAll' | 'add' | 'write')>(
      'wait',
      'notify',
      'notifyAll',
      'add',
      'write',
    )
    .map((kind): Instruction[] => [
      { kind: 'lock', on: 0 },
      { kind, on: 0 },
      { kind: 'unlock', on: 0 },
    ]);
  const guarded = fc
    .tuple(fc.constantFrom('Read', 'Write'), fc.constantFrom('read', 'write'), on)
    .map(([mode, access, on]) => [
      { kind: `lock${mode}`, on: 0 } as Instruction,
      { kind: access, on } as Instruction,
      { kind: `unlock${mode}`, on: 0 } as Instruction,
    ]);
  const threading = fc
    .tuple(fc.constantFrom('spawn', 'join'), fc.nat({ max: threads - 1 }))
    .map(([kind, thread]) => [{ kind, thread } as Instruction]);
  return fc.oneof(
    { weight: 2, arbitrary: one('load', 'add', 'swap') },
    { weight: accesses, arbitrary: one('read', 'write') },
    { weight: 2, arbitrary: one('set', 'reset', 'release', 'untilPositive') },
    { weight: 2, arbitrary: one('waitEvent', 'acquire', 'tryAcquire', 'tryLock') },
    { weight: 1, arbitrary: one('lock', 'unlock', 'lockRead', 'unlockRead', 'lockWrite') },
    { weight: 3, arbitrary: locked },
    { weight: 2, arbitrary: guarded },
    { weight: 2, arbitrary: threading },
  );
}

/** Programs of two to four threads, some of which others may have to start; `accesses` weighs those of cells. */
export function plainPrograms({
  instructionsMax = INSTRUCTIONS_MAX,
  accesses = 1,
}: {
  readonly instructionsMax?: number;
  readonly accesses?: number;
} = {}): fc.Arbitrary<PlainProgram> {
  return fc.integer({ min: 2, max: THREADS_MAX }).chain((threads) =>
    fc.record({
      threads: fc.array(
        fc
          .array(snippets(threads, accesses), {
            maxLength: Math.ceil(instructionsMax / 3),
            size: 'max',
          })
          .map((parts) => parts.flat().slice(0, Math.floor(instructionsMax / threads))),
        { minLength: threads, maxLength: threads },
      ),
      initial: fc.integer({ min: 1, max: threads }),
    }),
  );
}
