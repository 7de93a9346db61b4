/**
 * Wakeup trees: what is left to explore from a point on, as sequences of steps that share beginnings.
 *
 * Optimal DPOR puts in a sequence only if nothing explored (the sleep set) and nothing to be explored (the
 * tree) leads to the same traces, and so visits each trace once. Source-DPOR keeps one step only, enough to
 * see every trace, and may find out later that all of what follows has been seen.
 * Source: Abdulla, Aronis, Jonsson and Sagonas, "Optimal dynamic partial order reduction" (POPL 2014).
 */
import type { Footprint } from './dpor-dependence.ts';
import { DEPENDENT, type WakeupSequence } from './wakeup-sequence.ts';

export interface WakeupNode {
  readonly step: Footprint;
  readonly children: WakeupNode[];
}

/**
 * Makes `roots` lead to what `sequence` leads to, unless they do or one of `steps`, explored already, has led
 * there. Uses the sequence up.
 */
export function insertSequence(
  sequence: WakeupSequence,
  roots: WakeupNode[],
  steps: readonly Footprint[],
): void {
  for (const step of steps) if (sequence.admits(step) !== DEPENDENT) return;
  let nodes = roots;
  while (sequence.length > 0) {
    const node = firstAdmitted(sequence, nodes);
    if (node === undefined) {
      append(sequence, nodes);
      return;
    }
    if (node.children.length === 0) return;
    nodes = node.children;
  }
}

/**
 * Makes `roots` contain a first step of the `sequence`, unless they do or one of `steps`, explored already,
 * is such. A step outside the sequence does not count here: the sequence may stem from an
 * execution that has been given up, and what would have come later may depend on that step.
 */
export function insertStep(
  sequence: WakeupSequence,
  roots: WakeupNode[],
  steps: readonly Footprint[],
): void {
  for (const step of steps) if (sequence.admits(step) >= 0) return;
  for (const node of roots) if (sequence.admits(node.step) >= 0) return;
  roots.push({ step: sequence.footprint(0), children: [] });
}

function firstAdmitted(
  sequence: WakeupSequence,
  nodes: readonly WakeupNode[],
): WakeupNode | undefined {
  for (const node of nodes) {
    const position = sequence.admits(node.step);
    if (position === DEPENDENT) continue;
    if (position >= 0) sequence.remove(position);
    return node;
  }
  return undefined;
}

function append(sequence: WakeupSequence, nodes: WakeupNode[]): void {
  let list = nodes;
  for (let position = 0; position < sequence.length; position += 1) {
    const children: WakeupNode[] = [];
    list.push({ step: sequence.footprint(position), children });
    list = children;
  }
}
