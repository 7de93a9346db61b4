/** Sets of views, as bits of a number. */
import { constants } from '../../../spec/index.ts';

/** The views there are, in ascending order. */
export const supportedViews: readonly number[] = [
  constants.RTM_VIEW_ID_UCAST,
  constants.RTM_VIEW_ID_MCAST,
];

export const ALL_VIEWS: number = supportedViews.reduce((mask, view) => mask | (1 << view), 0);

/** Views asked for: those of them that there are, or `any` for RTM_VIEW_MASK_ANY. */
export type WantedViews = number | 'any';

export function wantedViews(mask: number): WantedViews {
  return mask === constants.RTM_VIEW_MASK_ANY ? 'any' : mask & ALL_VIEWS;
}

/** RTM_VIEW_MASK_ALL stands for all there are. */
export function namesUnsupportedView(mask: number): boolean {
  return mask !== constants.RTM_VIEW_MASK_ALL && (mask & ~ALL_VIEWS) !== 0;
}

export function isInView(mask: number, view: number): boolean {
  return ((mask >>> view) & 1) === 1;
}
