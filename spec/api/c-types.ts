/**
 * The C types of rtmv2.h in bytes and in TypeScript. TypeScript types of structures and function
 * arguments follow from the tables by way of `ValueOf`, so the two cannot drift apart.
 */
import type { structures, StructureName } from './structures.ts';

/** Size and kind of value of each scalar type. A handle or pointer has the size of an address. */
export const scalarTypes = {
  UCHAR: { size: { x64: 1, x86: 1 }, value: 'number' },
  USHORT: { size: { x64: 2, x86: 2 }, value: 'number' },
  INT: { size: { x64: 4, x86: 4 }, value: 'number' },
  UINT: { size: { x64: 4, x86: 4 }, value: 'number' },
  ULONG: { size: { x64: 4, x86: 4 }, value: 'number' },
  DWORD: { size: { x64: 4, x86: 4 }, value: 'number' },
  BOOL: { size: { x64: 4, x86: 4 }, value: 'boolean' },
  ULONGLONG: { size: { x64: 8, x86: 8 }, value: 'bigint' },
  FILETIME: { size: { x64: 8, x86: 8 }, value: 'bigint' },
  RTM_VIEW_ID: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_VIEW_SET: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_MATCH_FLAGS: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_ENUM_FLAGS: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_NOTIFY_FLAGS: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_ROUTE_CHANGE_FLAGS: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_NEXTHOP_CHANGE_FLAGS: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_ENTITY_METHOD_TYPE: { size: { x64: 4, x86: 4 }, value: 'number' },
  RTM_EVENT_TYPE: { size: { x64: 4, x86: 4 }, value: 'number' },
  HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  PVOID: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_ENTITY_HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_DEST_HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_ROUTE_HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_NEXTHOP_HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_ENUM_HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_ROUTE_LIST_HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_NOTIFY_HANDLE: { size: { x64: 8, x86: 4 }, value: 'handle' },
  RTM_ENTITY_EXPORT_METHOD: { size: { x64: 8, x86: 4 }, value: 'function' },
  RTM_EVENT_CALLBACK: { size: { x64: 8, x86: 4 }, value: 'function' },
} as const;

export type ScalarTypeName = keyof typeof scalarTypes;

interface ValuesByKind {
  readonly number: number;
  readonly boolean: boolean;
  readonly bigint: bigint;
  /** Opaque, compared with `Object.is`. */
  readonly handle: unknown;
  readonly function: unknown;
}

/** The TypeScript type of a C type that a structure may contain. */
export type ValueOf<CType extends string> = CType extends ScalarTypeName
  ? ValuesByKind[(typeof scalarTypes)[CType]['value']]
  : CType extends StructureName
    ? Structure<CType>
    : CType extends `${infer Element}[${number}]`
      ? readonly ValueOf<Element>[]
      : unknown;

type FieldOf<Name extends StructureName> = (typeof structures)[Name]['fields'][number];

/** The TypeScript type of a structure; a union member that overlays others is left out. */
export type Structure<Name extends StructureName> = {
  readonly [
    Field in FieldOf<Name> as Field extends { readonly overlays: true } ? never : Field['name']
  ]: ValueOf<Field['type']>;
};

/** Bytes of an address in each of the two layouts that were measured. */
export type Layout = 'x64' | 'x86';
