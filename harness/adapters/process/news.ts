/** Lets one party wait until anything happens at all. */
import { clearTimeout, setTimeout } from 'node:timers';

export class News {
  private wake: () => void = () => {};

  /** Something has happened. */
  tell(): void {
    this.wake();
  }

  /** Whether anything happens from now on, within `ms` if given. */
  async next(ms?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const late = (): void => {
        resolve(false);
      };
      const timer = ms === undefined ? undefined : setTimeout(late, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
