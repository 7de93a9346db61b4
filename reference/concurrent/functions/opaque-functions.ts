/** Locks of destinations, and the pointer that a client may keep in each of them. */
import { statuses } from '../../../spec/index.ts';
import { refuse } from '../table/refusal.ts';
import { DONE, done, type Procedures } from './procedure.ts';

const { ERROR_INVALID_HANDLE, ERROR_NOT_FOUND } = statuses;

export const opaqueFunctions: Procedures<'RtmLockDestination' | 'RtmGetOpaqueInformationPointer'> =
  {
    /** Every client may lock every destination. */
    RtmLockDestination(visit, { DestHandle, Exclusive, LockDest }) {
      const destination = visit.find('destination', DestHandle);
      const { locks } = visit.tables;
      if (LockDest) locks.take(destination, visit.actor, Exclusive);
      else if (!locks.giveUp(destination, visit.actor, Exclusive)) refuse(ERROR_INVALID_HANDLE);
      return DONE;
    },

    /** The slot is made when it is asked for, and lasts as long as the destination and the client. */
    RtmGetOpaqueInformationPointer(visit, { DestHandle }) {
      const destination = visit.destination(DestHandle);
      if (!visit.membership.reservesPointer(visit.entity)) return refuse(ERROR_NOT_FOUND);
      const { pointers } = visit.member;
      const pointer = pointers.get(destination) ?? { value: null };
      pointers.set(destination, pointer);
      return done({ OpaqueInfoPointer: pointer });
    },
  };
