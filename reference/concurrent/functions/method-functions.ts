/** The methods that clients export: listing and blocking them. Running them is in `method-calls.ts`. */
import { constants, statuses } from '../../../spec/index.ts';
import { isSameTable } from '../entity-info.ts';
import { refuse } from '../table/refusal.ts';
import { DONE, done, type Procedures } from './procedure.ts';

const { ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;

export const methodFunctions: Procedures<'RtmGetEntityMethods' | 'RtmBlockMethods'> = {
  *RtmGetEntityMethods(visit, { EntityHandle, NumMethods, ExptMethods }) {
    const entity = yield* visit.entities.findPresent(EntityHandle);
    if (entity === undefined || !isSameTable(entity.identity, visit.entity.identity)) {
      return refuse(ERROR_INVALID_HANDLE);
    }
    const methods = visit.membership.methodsOf(entity);
    const out = { NumMethods: methods.length };
    if (NumMethods === 0 || ExptMethods === null) return done(out);
    if (NumMethods < methods.length) return { status: ERROR_INSUFFICIENT_BUFFER, out };
    return done({ ...out, ExptMethods: methods });
  },

  /** Blocks are not counted, do not wait for what is running, and are of all methods at once. */
  RtmBlockMethods(visit, { TargetHandle, BlockingFlag }) {
    if (TargetHandle !== null) refuse(ERROR_INVALID_HANDLE);
    const { RTM_BLOCK_METHODS, RTM_RESUME_METHODS } = constants;
    if (BlockingFlag !== RTM_BLOCK_METHODS && BlockingFlag !== RTM_RESUME_METHODS) {
      refuse(ERROR_INVALID_PARAMETER);
    }
    visit.membership.blockMethods(visit.entity, BlockingFlag === RTM_BLOCK_METHODS);
    return DONE;
  },
};
