/**
 * The tables as part of the coloured graph from which `canonicalKey` is made: objects and tokens are
 * vertices, whatever refers to an entity, an object or a token is an edge, and the rest is colour.
 */
import type { TableState } from './state.ts';
import type { TableObject } from './store.ts';
import { showValueKey } from './values.ts';

export interface GraphBuilder {
  vertex(name: string, colour: string): void;
  edge(from: string, to: string, label: string): void;
}

/** Members that name entities, and those that name objects. Their order means nothing, but that of `ordered`. */
const entityFields = new Set(['owner', 'entity', 'holder', 'told']);
const objectFields = new Set([
  'destination',
  'routes',
  'among',
  'neighbours',
  'neighbour',
  'hops',
  'list',
  'remote',
  'plan',
  'delivered',
  'stirred',
  'fetched',
  'doubtful',
]);
const ordered = new Set(['hops', 'plan']);

/** What is neither colour nor edge: names of objects, of which only those of destinations mean something. */
const unwritten = new Set(['key', 'pins']);

/** Entities have vertices `e…` already. */
export function drawTables(tables: TableState, graph: GraphBuilder): void {
  const objects: readonly TableObject[] = [
    ...tables.destinations.values(),
    ...tables.routes.values(),
    ...tables.hops.values(),
    ...tables.enumerations.values(),
    ...tables.lists.values(),
    ...tables.subscriptions.values(),
  ];
  const known = new Set(objects.map(({ key }) => key));
  const drawn = objects.map((object) => ({ object, ...split(object, '') }));
  for (const { object, colour } of drawn) graph.vertex(`o${object.key}`, colour);
  for (const { object, references } of drawn)
    for (const { to, label } of references) graph.edge(`o${object.key}`, to, label);
  for (const { token, kind, key, others, generation } of tables.names.values()) {
    const isStale = kind !== 'owner' && !known.has(key);
    graph.vertex(`t${token}`, isStale ? `token stale ${kind}` : `token ${kind} ${generation}`);
    for (const each of [key, ...others])
      graph.edge(`t${token}`, kind === 'owner' ? `e${each}` : `o${each}`, 'names');
  }
  for (const { holder, token, least, most, lent } of tables.grips.values())
    graph.edge(`e${holder}`, `t${token}`, `grips ${least} ${most} ${String(lent)}`);
  for (const [entity, profile] of tables.profiles)
    graph.edge(`e${entity}`, `e${entity}`, `profile ${showValueKey(profile)}`);
  drawOffers(tables, graph);
  for (const [key, locks] of tables.destinationLocks)
    for (const { entity, exclusive, process } of locks)
      graph.edge(`o${key}`, `e${entity}`, `locked ${String(exclusive)} ${String(process)}`);
}

/** What entities export, whether they block it, and who is invoking it. */
function drawOffers({ offers, blocks, invocations }: TableState, graph: GraphBuilder): void {
  for (const [entity, offer] of offers)
    graph.edge(`e${entity}`, `e${entity}`, `offers ${showValueKey(offer)}`);
  for (const [entity, block] of blocks)
    graph.edge(`e${entity}`, `e${entity}`, `blocks ${showValueKey(block)}`);
  for (const { caller, callee, ...rest } of invocations.values()) {
    graph.vertex(`i${rest.op}`, `invocation ${showValueKey(rest)}`);
    graph.edge(`i${rest.op}`, `e${caller}`, 'caller');
    graph.edge(`i${rest.op}`, `e${callee}`, 'callee');
  }
}

/** What of the tables belongs to no object. */
export function showCircumstances({ now, leaky, preferences }: TableState): string {
  return `${now} ${String(leaky)} ${showValueKey(preferences)}`;
}

interface Split {
  readonly colour: string;
  readonly references: readonly { readonly to: string; readonly label: string }[];
}

/** Parts a value into what is colour and what refers to something. */
function split(value: object, path: string): Split {
  const plain: string[] = [];
  const references: { to: string; label: string }[] = [];
  const refer = (field: string, target: unknown, at: number): void => {
    const isEntity = entityFields.has(field);
    const place = ordered.has(field) ? ` ${at}` : '';
    if (typeof target === 'string' || typeof target === 'number')
      references.push({ to: `${isEntity ? 'e' : 'o'}${target}`, label: `${path}${field}${place}` });
    else plain.push(`${field}=${showValueKey(target)}`);
  };
  for (const [field, inner] of Object.entries(value)) {
    const member: unknown = inner;
    if (unwritten.has(field)) continue;
    if (entityFields.has(field) || objectFields.has(field)) {
      const targets: readonly unknown[] = Array.isArray(member) ? member : [member];
      for (const [at, target] of targets.entries()) refer(field, target, at);
    } else if (typeof member === 'object' && member !== null && field !== 'specific') {
      const parts = (Array.isArray(member) ? member : [member]).map((part: unknown) =>
        typeof part === 'object' && part !== null
          ? splitPart(part, `${path}${field}.`)
          : { colour: showValueKey(part), references: [] },
      );
      plain.push(
        `${field}=[${parts
          .map(({ colour }) => colour)
          .toSorted()
          .join()}]`,
      );
      references.push(...parts.flatMap((part) => part.references));
    } else plain.push(`${field}=${showValueKey(member)}`);
  }
  return { colour: plain.toSorted().join(), references };
}

/** As `split`, with what is colour told by every edge, so that parts of one whole are told apart. */
function splitPart(part: object, path: string): Split {
  const { colour, references } = split(part, path);
  const told = references.map(({ to, label }) => ({ to, label: `${label}{${colour}}` }));
  return { colour, references: told };
}
