/**
 * The Win32 status codes that RTMv2 functions and callbacks return, with the values of winerror.h.
 */
import { namesOf } from '../names.ts';

export const statuses = {
  NO_ERROR: 0,
  ERROR_FILE_NOT_FOUND: 2,
  ERROR_ACCESS_DENIED: 5,
  ERROR_INVALID_HANDLE: 6,
  ERROR_NOT_ENOUGH_MEMORY: 8,
  ERROR_INVALID_DATA: 13,
  ERROR_NOT_SUPPORTED: 50,
  ERROR_INVALID_PARAMETER: 87,
  ERROR_INSUFFICIENT_BUFFER: 122,
  ERROR_ALREADY_EXISTS: 183,
  ERROR_NO_MORE_ITEMS: 259,
  ERROR_NOT_FOUND: 1168,
  ERROR_NO_SYSTEM_RESOURCES: 1450,
  ERROR_BAD_CONFIGURATION: 1610,
} as const;

export type StatusName = keyof typeof statuses;
export type StatusCode = (typeof statuses)[StatusName];

const namesByCode: ReadonlyMap<number, StatusName> = new Map(
  namesOf(statuses).map((name) => [statuses[name], name]),
);

/** The name of a status code, or undefined for a number that RTMv2 does not document. */
export function statusName(code: number): StatusName | undefined {
  return namesByCode.get(code);
}
