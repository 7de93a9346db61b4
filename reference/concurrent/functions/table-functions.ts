/** All functions beyond level `core`, each one stay in the monitor. */
import type { Task } from '../../../harness/index.ts';
import type { ArgumentsOf, TableFunctionName } from '../../../spec/index.ts';
import type { Caller, Handle } from '../rtm.ts';
import { enumerationFunctions } from './enumeration-functions.ts';
import { listFunctions } from './list-functions.ts';
import { lookupFunctions } from './lookup-functions.ts';
import { methodFunctions } from './method-functions.ts';
import { nextHopFunctions } from './next-hop-functions.ts';
import { notificationFunctions } from './notification-functions.ts';
import { opaqueFunctions } from './opaque-functions.ts';
import type { Answer, Procedure, Procedures, TableFunctions } from './procedure.ts';
import { routeFunctions } from './route-functions.ts';
import type { TableDesk } from './table-desk.ts';

/** Running methods takes more than one stay: it is the only function that is not among these. */
const procedures: Procedures<Exclude<TableFunctionName, 'RtmInvokeMethod'>> = {
  ...routeFunctions,
  ...lookupFunctions,
  ...nextHopFunctions,
  ...enumerationFunctions,
  ...notificationFunctions,
  ...listFunctions,
  ...methodFunctions,
  ...opaqueFunctions,
};

export function tableFunctions(desk: TableDesk): TableFunctions {
  const functions: Partial<Record<TableFunctionName, unknown>> = {
    RtmInvokeMethod: (_thread: Caller, args: ArgumentsOf<'RtmInvokeMethod', Handle>) =>
      desk.methods.invoke(args),
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
  desk: TableDesk,
  procedure: Procedure<Name>,
): (thread: Caller, args: ArgumentsOf<Name, Handle>) => Task<Answer<Name>> {
  return (_thread, args) => desk.serve(procedure, args);
}
