/** Sets of views, as bits of a number. */
import { constants } from '../../../spec/index.ts';
import { registrationProfile } from '../entity-info.ts';

const { RTM_VIEW_ID_UCAST, RTM_VIEW_ID_MCAST } = constants;

/** The views there are, in ascending order. */
export const VIEWS: readonly number[] = [RTM_VIEW_ID_UCAST, RTM_VIEW_ID_MCAST];

export const SUPPORTED_VIEWS: number = registrationProfile.ViewsSupported;

export function hasView(mask: number, view: number): boolean {
  return ((mask >>> view) & 1) === 1;
}

/** Whether the mask names a view that there is not. */
export function hasUnsupportedView(mask: number): boolean {
  return (mask & ~SUPPORTED_VIEWS) !== 0;
}
