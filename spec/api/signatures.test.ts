/** The signatures against the tables: same functions, same parameters, same fields. */
import { describe, expectTypeOf, it } from 'vitest';
import type { Structure } from './c-types.ts';
import type { functions, FunctionName } from './functions.ts';
import type {
  DestInfoShape,
  DestInfoViewShape,
  NextHopInfoShape,
  PrefInfoShape,
  RouteInfoShape,
} from './shapes.ts';
import type { ArgumentsOf, OutOf, TableFunctionName } from './signatures.ts';

type ParameterOf<Name extends FunctionName> = (typeof functions)[Name]['parameters'][number];

type NameOf<Parameter, Direction extends string> = Parameter extends {
  readonly name: infer Name;
  readonly direction: Direction;
}
  ? Name
  : never;

/** Whether input and output together name the parameters of the table, each on its side. */
type Agrees = {
  [Name in TableFunctionName]: [
    Exclude<NameOf<ParameterOf<Name>, 'in' | 'inout'>, keyof ArgumentsOf<Name, unknown>>,
    Exclude<keyof ArgumentsOf<Name, unknown>, ParameterOf<Name>['name']>,
    Exclude<NameOf<ParameterOf<Name>, 'out' | 'inout'>, keyof OutOf<Name, unknown>>,
    Exclude<keyof OutOf<Name, unknown>, NameOf<ParameterOf<Name>, 'out' | 'inout'>>,
  ];
};

type CoreFunctionName = {
  [Name in FunctionName]: (typeof functions)[Name]['level'] extends 'core' ? Name : never;
}[FunctionName];

describe('signatures', () => {
  it('cover all functions but those of core', () => {
    expectTypeOf<TableFunctionName>().toEqualTypeOf<Exclude<FunctionName, CoreFunctionName>>();
  });

  it('have the parameters of the tables', () => {
    expectTypeOf<Agrees[TableFunctionName][number]>().toEqualTypeOf<never>();
  });

  it('have the fields of the structures', () => {
    expectTypeOf<keyof RouteInfoShape<unknown>>().toEqualTypeOf<
      keyof Structure<'RTM_ROUTE_INFO'>
    >();
    expectTypeOf<keyof NextHopInfoShape<unknown>>().toEqualTypeOf<
      keyof Structure<'RTM_NEXTHOP_INFO'>
    >();
    expectTypeOf<keyof DestInfoShape<unknown>>().toEqualTypeOf<keyof Structure<'RTM_DEST_INFO'>>();
    expectTypeOf<keyof DestInfoViewShape<unknown>>().toEqualTypeOf<
      keyof Structure<'RTM_DEST_INFO_VIEW'>
    >();
    expectTypeOf<keyof PrefInfoShape>().toEqualTypeOf<keyof Structure<'RTM_PREF_INFO'>>();
  });
});
