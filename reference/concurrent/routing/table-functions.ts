/** All functions beyond level `core`. */
import type { Task } from '../../../harness/index.ts';
import type { ArgumentsOf, TableFunctionName } from '../../../spec/index.ts';
import type { Caller, Handle } from '../rtm.ts';
import type { Desk } from './desk.ts';
import { enumerationProcedures } from './enumeration-procedures.ts';
import { listProcedures } from './list-procedures.ts';
import { lockProcedures } from './lock-procedures.ts';
import { lookupProcedures } from './lookup-procedures.ts';
import { nextHopProcedures } from './next-hop-procedures.ts';
import { notificationProcedures } from './notification-procedures.ts';
import type { Answer, Procedure, Procedures, TableFunctions } from './procedure.ts';
import { routeProcedures } from './route-procedures.ts';

type MethodFunctionName = 'RtmGetEntityMethods' | 'RtmInvokeMethod' | 'RtmBlockMethods';

/** Those about methods need no table. */
const procedures: Procedures<Exclude<TableFunctionName, MethodFunctionName>> = {
  ...routeProcedures,
  ...lookupProcedures,
  ...nextHopProcedures,
  ...enumerationProcedures,
  ...notificationProcedures,
  ...listProcedures,
  ...lockProcedures,
};

export function tableFunctions(desk: Desk): TableFunctions {
  const functions: Partial<Record<TableFunctionName, unknown>> = {
    RtmGetEntityMethods: (_: Caller, args: ArgumentsOf<'RtmGetEntityMethods', Handle>) =>
      desk.listMethods(args),
    RtmInvokeMethod: (_: Caller, args: ArgumentsOf<'RtmInvokeMethod', Handle>) =>
      desk.invokeMethods(args),
    RtmBlockMethods: (_: Caller, args: ArgumentsOf<'RtmBlockMethods', Handle>) =>
      desk.blockMethods(args),
  };
  for (const [name, procedure] of Object.entries(procedures)) {
    functions[name as TableFunctionName] = asFunction(
      desk,
      procedure as Procedure<TableFunctionName>,
    );
  }
  // The procedures have the names and types of the functions.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return functions as unknown as TableFunctions;
}

function asFunction<Name extends TableFunctionName>(
  desk: Desk,
  procedure: Procedure<Name>,
): (thread: Caller, args: ArgumentsOf<Name, Handle>) => Task<Answer<Name>> {
  return (_thread, args) => desk.serve(procedure, args);
}
