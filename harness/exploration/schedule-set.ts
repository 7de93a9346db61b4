/**
 * Counts distinct schedules by a 53-bit hash of each: among a million schedules two collide with a
 * probability of about one in 18,000, and a collision only makes the count one too small.
 */
export class ScheduleSet {
  private readonly hashes = new Set<number>();

  get size(): number {
    return this.hashes.size;
  }

  add(schedule: Int32Array, length: number): void {
    let low = 0x811c9dc5;
    let high = 0x9e3779b9;
    for (let i = 0; i < length; i += 1) {
      const thread = schedule[i] as number;
      low = Math.imul(low ^ thread, 0x01000193);
      high = Math.imul(high ^ (thread + i), 0x85ebca6b) ^ (high >>> 13);
    }
    this.hashes.add((high >>> 0) * 0x200000 + ((low >>> 0) & 0x1fffff));
  }
}
