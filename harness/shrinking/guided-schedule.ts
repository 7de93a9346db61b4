/**
 * Follows a schedule as far as it can: a segment ends early when its thread can go no further, and after the last one
 * the thread that ran goes on, then the others in order, those first that the schedule knows.
 */
import type { ScheduleSegment } from '../exploration/types.ts';
import type { Engine } from '../runtime/engine.ts';
import { isEnabled } from '../scheduling/round-robin.ts';
import type { Strategy } from '../scheduling/strategy.ts';

export class GuidedSchedule implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly segments: readonly ScheduleSegment[];
  private index = 0;
  private used = 0;

  constructor(segments: readonly ScheduleSegment[]) {
    this.segments = segments;
  }

  begin(): boolean {
    this.index = 0;
    this.used = 0;
    return true;
  }

  pick(engine: Engine): number {
    for (;;) {
      const segment = this.segments[this.index];
      if (segment === undefined) break;
      if (this.used < segment.steps && engine.canStep(segment.thread)) {
        this.used += 1;
        return segment.thread;
      }
      this.index += 1;
      this.used = 0;
    }
    if (isEnabled(engine, engine.last)) return engine.last;
    for (let i = 0; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      if (this.segments.some(({ thread }) => thread === id)) return id;
    }
    return engine.enabled[0] as number;
  }

  end(): void {}
}
