/** Runs all checks on a correct implementation, and tells of those that do not pass. */
import type { Implementation } from '../../harness/adapters/index.ts';
import type { Profile } from '../../spec/index.ts';
import { checks } from '../catalogue.ts';
import { implementationLitmus } from '../litmus/index.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import { type Check, isFor } from '../runner/check.ts';
import { connect } from '../runner/connect.ts';
import { examine } from '../runner/examine.ts';
import { outcomeOf } from '../runner/fixed-check.ts';
import { programOf, scenarios } from '../scenarios/index.ts';

export interface Thoroughness {
  readonly profile: Profile;
  readonly seed: number;
  /** Multiplies what a property does: 1 is the default run. */
  readonly effort: number;
  /** Random executions of each scenario and litmus program: all of them may take minutes. */
  readonly executions: number;
  /** Which checks are run. Default all. */
  readonly only?: (check: Check) => boolean;
}

const programs: ReadonlyMap<string, RtmProgram> = new Map([
  ...implementationLitmus.map(({ id, program }) => [id, program] as const),
  ...scenarios.map((scenario) => [scenario.id, programOf(scenario)] as const),
]);

/** One line for each check that does not pass. */
export async function accusations(
  implementation: Implementation,
  { profile, seed, effort, executions, only = () => true }: Thoroughness,
): Promise<readonly string[]> {
  const subject = await connect(implementation, { adapter: 'fixture', profile });
  const budget = { seed, effort, explain: false, interrupted: () => false };
  const options = { strategy: 'random', executions, seed } as const;
  const accused: string[] = [];
  for (const check of checks) {
    if (!isFor(check, subject) || !only(check)) continue;
    const { id } = check;
    const program = programs.get(id);
    const lens = check.lens();
    const { status, message } =
      program === undefined
        ? await check.run(subject, budget)
        : await outcomeOf(
            subject,
            { id, program, lens, explain: false },
            await examine(subject, program, lens, options),
          );
    if (status !== 'pass') accused.push(`${id} ${status}: ${message ?? ''}`);
  }
  return accused;
}
