/**
 * The measured offsets and sizes against the layout rules of C: a field lies at the next multiple of
 * its alignment, and a structure is padded to a multiple of the largest alignment in it.
 */
import { describe, expect, it } from 'vitest';
import { namesOf } from '../names.ts';
import { scalarTypes, type Layout, type ScalarTypeName } from './c-types.ts';
import { structures, type StructureName } from './structures.ts';

interface Shape {
  readonly size: number;
  readonly alignment: number;
}

function shapeOf(type: string, layout: Layout): Shape {
  const array = /^(.*)\[(\d+)\]$/.exec(type);
  if (array) {
    const element = shapeOf(array[1]!, layout);
    return { ...element, size: element.size * Number(array[2]) };
  }
  // Two 32-bit halves, aligned as such.
  if (type === 'FILETIME') return { size: 8, alignment: 4 };
  if (isStructure(type)) return layOut(type, layout).shape;
  if (!isScalar(type)) throw new Error(`${type} is no known type`);
  const size = scalarTypes[type].size[layout];
  return { size, alignment: size };
}

function layOut(name: StructureName, layout: Layout) {
  let end = 0;
  let alignment = 1;
  const offsets: number[] = [];
  for (const field of structures[name].fields) {
    const shape = shapeOf(field.type, layout);
    const offset = 'overlays' in field ? 0 : roundUp(end, shape.alignment);
    offsets.push(offset);
    end = Math.max(end, offset + shape.size);
    alignment = Math.max(alignment, shape.alignment);
  }
  return { offsets, shape: { size: roundUp(end, alignment), alignment } };
}

const isStructure = (type: string): type is StructureName => Object.hasOwn(structures, type);
const isScalar = (type: string): type is ScalarTypeName => Object.hasOwn(scalarTypes, type);
const roundUp = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

describe.each(['x64', 'x86'] as const)('structures on %s', (layout) => {
  it.each([...namesOf(structures)])('%s', (name) => {
    const { offsets, shape } = layOut(name, layout);
    expect(structures[name].fields.map(({ offset }) => offset[layout])).toEqual(offsets);
    expect(structures[name].size[layout]).toBe(shape.size);
  });
});
