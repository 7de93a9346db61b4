/** The contents that a route may have to be reckoned with. */
import type { Route, RouteContent } from './objects.ts';

/** What best routes may follow: also what is written and not committed, or was overwritten so (RTM-AMB-125). */
export function contentsOf({ content, written, former }: Route): readonly RouteContent[] {
  if (written === null && former === null) return [content];
  return [content, written, former].filter((each) => each !== null);
}
