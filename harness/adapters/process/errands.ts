/**
 * Requests that no lane makes, but the session: rounds, and letting time pass. While callbacks are being served
 * they cannot end, and nobody waits for them.
 */
export interface Errand {
  isWaiting: boolean;
}

export class Errands {
  private readonly open = new Set<Errand>();

  get size(): number {
    return this.open.size;
  }

  begin(isWaiting: boolean): Errand {
    const errand = { isWaiting };
    this.open.add(errand);
    return errand;
  }

  end(errand: Errand | undefined): void {
    if (errand !== undefined) this.open.delete(errand);
  }

  /** Whether there is one to be waited for. */
  get isAwaited(): boolean {
    for (const { isWaiting } of this.open) if (!isWaiting) return true;
    return false;
  }

  setWaiting(isWaiting: boolean): void {
    for (const errand of this.open) errand.isWaiting = isWaiting;
  }
}
