/**
 * The tables of this folder against the real rtmv2.h, the one that Debian ships with mingw-w64: what
 * its C compilers make of the header for x86-64 and x86 has to be what stands here.
 *
 * Nothing is run, so no Windows is needed. Each question is an `asm` statement with the answer as an
 * immediate operand, in the way in which kernels hand structure offsets to assembly: the compiler
 * folds the answer to a constant and prints it into its assembly output, where it is read.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namesOf } from '../names.ts';
import { scalarTypes, type Layout } from './c-types.ts';
import { constants } from './constants.ts';
import { events } from './events.ts';
import { functionNames, functions } from './functions.ts';
import {
  getIpv4AddressAndLength,
  getIpv4AddressAndMask,
  ipv4FromOctets,
  ipv4LengthFromMask,
  ipv4MaskFromLength,
  makeIpv4NetAddress,
  protocolId,
  setIpv4AddressAndLength,
  setIpv4AddressAndMask,
  sizeOfDestInfo,
  sizeOfRouteInfo,
  type NetAddress,
} from './macros.ts';
import { statuses } from './statuses.ts';
import { structures, type StructureName } from './structures.ts';

const compilers = { x64: 'x86_64-w64-mingw32-gcc', x86: 'i686-w64-mingw32-gcc' } as const;

/** Something that the compiler is asked, and what the tables here answer. */
interface Question {
  readonly name: string;
  /** C statements that come before the expression, in a scope of their own. */
  readonly before?: string;
  readonly expression: string;
  readonly answer: number;
}

const prelude = `
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#include <stddef.h>
/* It asks for the version of a router, which matters for nothing here. */
#define MPR50 1
#include <routprot.h>
/* Functions of a library, which the compiler cannot see into; both swap the bytes of a long. */
#define htonl __builtin_bswap32
#define ntohl __builtin_bswap32
#include <rtmv2.h>
/* Two groups of flags name it, and nothing defines it (entry DEF-127 of the facts on routes). */
#define RTM_ROUTE_FLAGS_ONES_SUBNET_BC RTM_ROUTE_FLAGS_ONES_SUBNETBC
#define ANSWER(number, value) __asm__ volatile("\\n@@ " #number " %c0" : : "i"((int)(value)))
`;

const old: NetAddress = {
  AddressFamily: 23,
  NumBits: 64,
  AddrBits: Array.from({ length: 16 }, (_, index) => 100 + index),
};
const declareOld = `RTM_NET_ADDRESS a = { 23, 64, { ${old.AddrBits.join(', ')} } };`;

function valueQuestions(): Question[] {
  const tables = { ...constants, ...statuses, ...events };
  return namesOf(tables).map((name) => ({ name, expression: name, answer: tables[name] }));
}

/** The header gives the element of ViewInfo no name of its own. */
function inC(structure: StructureName): { readonly type: string; readonly within: string } {
  return structure === 'RTM_DEST_INFO_VIEW'
    ? { type: 'RTM_DEST_INFO', within: 'ViewInfo[0]' }
    : { type: structure, within: '' };
}

function structureQuestions(structure: StructureName, layout: Layout): Question[] {
  const { type, within } = inC(structure);
  const whole = within === '' ? type : `((${type} *)0)->${within}`;
  const start = within === '' ? '0' : `offsetof(${type}, ${within})`;
  const dot = within === '' ? '' : `${within}.`;
  return [
    {
      name: `sizeof ${structure}`,
      expression: `sizeof(${whole})`,
      answer: structures[structure].size[layout],
    },
    ...structures[structure].fields.flatMap((field) => [
      {
        name: `offset of ${structure}.${field.name}`,
        expression: `offsetof(${type}, ${dot}${field.name}) - ${start}`,
        answer: field.offset[layout],
      },
      {
        name: `${structure}.${field.name} is ${field.type}`,
        expression: field.type.startsWith('RTM_DEST_INFO_VIEW')
          ? '1'
          : `__builtin_types_compatible_p(typeof(((${type} *)0)->${dot}${field.name}), ${field.type})`,
        answer: 1,
      },
    ]),
  ];
}

function scalarQuestions(layout: Layout): Question[] {
  return namesOf(scalarTypes).map((name) => ({
    name: `sizeof ${name}`,
    expression: `sizeof(${name})`,
    answer: scalarTypes[name].size[layout],
  }));
}

function functionQuestions(): Question[] {
  return functionNames.map((name) => {
    const types = functions[name].parameters.map(({ type }) => type).join(', ');
    return {
      name: `${name}(${types})`,
      expression: `__builtin_types_compatible_p(typeof(&${name}), DWORD (WINAPI *)(${types}))`,
      answer: 1,
    };
  });
}

function macroQuestions(layout: Layout): Question[] {
  const counts = [0, 1, 2, 3, 32];
  const lengths = Array.from({ length: 33 }, (_, length) => length);
  const odd = ipv4FromOctets([255, 0, 255, 0]);
  const mask = (value: number) => ({
    name: `RTM_IPV4_LEN_FROM_MASK(${value})`,
    before: `unsigned length; RTM_IPV4_LEN_FROM_MASK(length, ${value}u)`,
    expression: 'length',
    answer: ipv4LengthFromMask(value),
  });
  return [
    ...counts.map((count) => ({
      name: `RTM_SIZE_OF_DEST_INFO(${count})`,
      expression: `RTM_SIZE_OF_DEST_INFO(${count})`,
      answer: sizeOfDestInfo(count, layout),
    })),
    ...counts.map((count) => ({
      name: `RTM_SIZE_OF_ROUTE_INFO(${count})`,
      expression: `RTM_SIZE_OF_ROUTE_INFO(${count})`,
      answer: sizeOfRouteInfo(count, layout),
    })),
    ...lengths.map((length) => ({
      name: `RTM_IPV4_MASK_FROM_LEN(${length})`,
      before: `unsigned mask = RTM_IPV4_MASK_FROM_LEN(${length})`,
      expression: 'mask',
      answer: ipv4MaskFromLength(length),
    })),
    ...lengths.map((length) => mask(ipv4MaskFromLength(length))),
    ...[odd, ipv4FromOctets([0, 0, 0, 1])].map(mask),
    ...netAddressQuestions(),
    {
      name: 'PROTOCOL_ID',
      expression: 'PROTOCOL_ID(PROTO_TYPE_MS1, PROTO_VENDOR_MS1, PROTO_IP_OSPF)',
      answer: protocolId({ type: 3, vendor: 0x0137, protocol: 13 }),
    },
  ];
}

/** Each macro that fills or reads an RTM_NET_ADDRESS, on one that held something else before. */
function netAddressQuestions(): Question[] {
  const address = ipv4FromOctets([10, 10, 10, 24]);
  const mask = ipv4FromOctets([255, 255, 240, 0]);
  const zeroed = 'RTM_NET_ADDRESS a = { 0 };';
  const filled = [
    {
      before: `${declareOld} RTM_IPV4_SET_ADDR_AND_LEN(&a, ${address}u, 0x10118)`,
      net: setIpv4AddressAndLength(old, { address, length: 0x10118 }),
    },
    {
      before: `${declareOld} RTM_IPV4_SET_ADDR_AND_MASK(&a, ${address}u, ${mask}u)`,
      net: setIpv4AddressAndMask(old, { address, mask }),
    },
    {
      before: `${zeroed} RTM_IPV4_MAKE_NET_ADDRESS(&a, ${address}u, 20)`,
      net: makeIpv4NetAddress(address, 20),
    },
  ];
  const made = makeIpv4NetAddress(address, 20);
  const make = `${zeroed} RTM_IPV4_MAKE_NET_ADDRESS(&a, ${address}u, 20) unsigned x, y;`;
  const byLength = `${make} RTM_IPV4_GET_ADDR_AND_LEN(x, y, &a)`;
  const byMask = `${make} RTM_IPV4_GET_ADDR_AND_MASK(x, y, &a)`;
  const read = (before: string, expression: string, answer: number): Question => ({
    name: `${before}: ${expression}`,
    before,
    expression,
    answer,
  });
  return [
    ...filled.flatMap(({ before, net }) => [
      read(before, 'a.AddressFamily', net.AddressFamily),
      read(before, 'a.NumBits', net.NumBits),
      ...net.AddrBits.map((octet, index) => read(before, `a.AddrBits[${index}]`, octet)),
    ]),
    read(byLength, 'x', getIpv4AddressAndLength(made).address),
    read(byLength, 'y', getIpv4AddressAndLength(made).length),
    read(byMask, 'x', getIpv4AddressAndMask(made).address),
    read(byMask, 'y', getIpv4AddressAndMask(made).mask),
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'rtm-header-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler writes when it is given C, by way of files; it must have nothing to say. */
function compile(
  layout: Layout,
  { code, flags }: { code: string; flags: readonly string[] },
): string {
  const source = join(folder, `${layout}.c`);
  const output = join(folder, `${layout}.out`);
  writeFileSync(source, code);
  const args = ['-std=gnu17', '-w', ...flags, source, '-o', output];
  const { status, stderr } = spawnSync(compilers[layout], args, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readFileSync(output, 'utf8');
}

/** What the compiler answers, by the names of the questions. */
function ask(layout: Layout, questions: readonly Question[]): ReadonlyMap<string, number> {
  const scopes = questions.map(
    ({ before, expression }, index) =>
      `void question${index}(void) { ${before ?? ''}; ANSWER(${index}, ${expression}); }`,
  );
  const assembly = compile(layout, {
    code: [prelude, ...scopes, ''].join('\n'),
    // -O2 folds what macros compute, and they read bytes as longs, which needs the other.
    flags: ['-S', '-O2', '-fno-strict-aliasing'],
  });
  return new Map(
    Array.from(assembly.matchAll(/^@@ (\d+) (-?\d+)$/gm), ([, index, value]) => [
      questions[Number(index)]!.name,
      Number(value) >>> 0,
    ]),
  );
}

/** The constants and functions that the header itself defines, by the line markers of its text. */
function namesInHeader(layout: Layout): {
  readonly constants: string[];
  readonly functions: string[];
} {
  const text = compile(layout, { code: prelude, flags: ['-E', '-dD'] })
    .split(/^(?=# \d+ ")/m)
    .filter((part) => /^# \d+ ".*\/rtmv2\.h"/.test(part))
    .join('');
  const found = (pattern: RegExp) => Array.from(text.matchAll(pattern), ([, name]) => name!);
  return {
    constants: found(/^#define ((?:RTM|METHOD)_\w+) /gm),
    functions: found(/\b(Rtm\w+)\s*\(/g),
  };
}

/** Why a layout cannot be looked at here; undefined when it can. */
function obstacle(layout: Layout): string | undefined {
  const { error } = spawnSync(compilers[layout], ['--version']);
  return error && `needs ${compilers[layout]}: apt-get install gcc-mingw-w64`;
}

describe.each(['x64', 'x86'] as const)('rtmv2.h on %s', (layout) => {
  const groups = {
    'constants, statuses and events': valueQuestions(),
    'scalar types': scalarQuestions(layout),
    structures: namesOf(structures).flatMap((name) => structureQuestions(name, layout)),
    functions: functionQuestions(),
    macros: macroQuestions(layout),
  };
  const reason = obstacle(layout);
  let answers: ReadonlyMap<string, number> = new Map();

  /** Where everything has to be shown, a missing compiler is a failure. */
  const needCompiler = (skip: (note: string) => void) => {
    if (reason === undefined) return;
    if (process.env['CI'] === 'true') throw new Error(reason);
    skip(reason);
  };

  beforeAll(() => {
    if (reason === undefined) answers = ask(layout, Object.values(groups).flat());
  });

  it.for(namesOf(groups))('has the %s of the tables', (group, { skip }) => {
    needCompiler(skip);
    const wrong = groups[group].filter(({ name, answer }) => answers.get(name) !== answer);
    expect(wrong.map(({ name, answer }) => `${name}: ${answers.get(name)}, not ${answer}`)).toEqual(
      [],
    );
  });

  it('defines no other functions and constants', ({ skip }) => {
    needCompiler(skip);
    const names = namesInHeader(layout);
    expect(names.functions.toSorted()).toEqual(functionNames.toSorted());
    // Steps towards the sizes that RTM_SIZE_OF_DEST_INFO and RTM_SIZE_OF_ROUTE_INFO give.
    const steps = /^RTM_(BASIC_\w+|DEST_VIEW)_INFO_SIZE$/;
    expect(names.constants.filter((name) => !(name in constants) && !steps.test(name))).toEqual([]);
    expect(names.constants).toContain('RTM_NOTIFY_ONLY_MARKED_DESTS');
  });
});
