/** The reporters there are. Adding one is adding its file and its line here. */
import { json } from './json.ts';
import { junit } from './junit.ts';
import { list } from './list.ts';
import { markdown } from './markdown.ts';
import type { Renderer } from './options.ts';

export const renderers: readonly Renderer[] = [list, junit, json, markdown];

/** The reporter of that name, if there is one. */
export function rendererByName(name: string): Renderer | undefined {
  return renderers.find((renderer) => renderer.name === name);
}
