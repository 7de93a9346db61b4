/**
 * The smallest failing schedule of a program by breadth-first search: all schedules with no context switch, the
 * shorter ones first, then all with one, and so on. It shares nothing with `minimize`, which it is there to judge.
 */
import { engineOptions } from '../../exploration/replay.ts';
import type { DetectOptions, Program } from '../../index.ts';
import { Engine } from '../../runtime/engine.ts';
import { createRuntime } from '../../runtime/objects.ts';

export interface Size {
  readonly switches: number;
  readonly steps: number;
}

/** Undefined when it would take more than `prefixesMax` prefixes of schedules, or none fails so. */
export function smallestSchedule(
  program: Program,
  kind: string,
  { detect, prefixesMax }: { readonly detect?: DetectOptions; readonly prefixesMax: number },
): Size | undefined {
  const engine = new Engine(engineOptions(detect, kind === 'data-race'));
  const rt = createRuntime(engine);
  /** Prefixes with the present number of switches and with one more, by length. */
  let present: number[][][] = [[[]]];
  let prefixes = 0;
  for (let switches = 0; present.length > 0; switches += 1) {
    const next: number[][][] = [];
    for (let length = 0; length < present.length; length += 1) {
      for (const prefix of present[length] ?? []) {
        prefixes += 1;
        if (prefixes > prefixesMax) return undefined;
        if (follow(engine, () => engine.begin(program, rt), prefix)) {
          for (let i = 0; i < engine.enabledCount; i += 1) {
            const thread = engine.enabled[i] as number;
            const isSwitch = length > 0 && thread !== prefix.at(-1);
            const into = isSwitch ? next : present;
            (into[length + 1] ??= []).push([...prefix, thread]);
          }
          continue;
        }
        engine.finish();
        if (engine.fault?.kind === kind) return { switches, steps: length };
      }
    }
    present = next;
  }
  return undefined;
}

/** Whether the execution can go on after the prefix. */
function follow(engine: Engine, begin: () => void, prefix: readonly number[]): boolean {
  begin();
  let isAble = engine.computeEnabled();
  for (const thread of prefix) {
    engine.step(thread);
    isAble = engine.computeEnabled();
  }
  return isAble;
}
