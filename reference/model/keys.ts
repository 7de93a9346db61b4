/**
 * Two keys of a state. `exactKey` keeps the spelling of handles, which is what a search needs that
 * still has replies with those handles before it. `canonicalKey` forgets it: states have equal
 * canonical keys if and only if renaming handles and callbacks makes them equal.
 *
 * The canonical key is that of a coloured graph: entities, tokens and lists in progress are vertices,
 * every relation between them an edge. Colours are refined by those of the neighbours until nothing
 * changes; vertices that still look alike are told apart by trying each first and keeping the least.
 */
import type { EntityInfo } from './calls.ts';
import type { Entity, State } from './state.ts';
import { BY_STRUCTURE } from './state.ts';
import { drawTables, showCircumstances } from './table/table-graph.ts';
import { tablesKey } from './table/table-keys.ts';

/** Equal keys mean equal states. */
export function exactKey(state: State): string {
  const entities = state.entities.map((entity) => `${entity.key}=${showEntity(entity)}`);
  const bindings = state.bindings.map((bound) => `${bound.token}${bound.role[0]}${bound.entity}`);
  const holdings = state.holdings.map(
    (held) => `${held.holder},${held.token},${held.subject},${held.least},${held.most}`,
  );
  const debts = state.debts.map(
    (debt) => `${debt.receiver},${debt.subject},${debt.type},${debt.kind}`,
  );
  const listings = state.listings
    .map((open) => `${open.op},${open.caller}:${open.must.join()}:${open.may.join()}`)
    .toSorted();
  const callbacks = state.callbacks
    .map(({ op, receiver, subject, token }) => `${op},${receiver},${subject},${token}`)
    .toSorted();
  const tables = [entities, bindings, holdings, debts, listings, callbacks].map((rows) =>
    rows.join(';'),
  );
  return `${tables.join('|')}|${String(state.selfListed)}|${tablesKey(state.tables)}`;
}

/** Equal keys mean states that are equal up to renaming of handles, callbacks and operations. */
export function canonicalKey(state: State): string {
  const graph = graphOf(state);
  const form = canonicalForm(graph, rank(graph.colours));
  return `${form}|${String(state.selfListed)}|${showCircumstances(state.tables)}`;
}

function showEntity(entity: Entity): string {
  return `${entity.callback ?? '-'} ${showFlags(entity)} ${entity.leaving.join()}`;
}

function showFlags(entity: Entity): string {
  const flags = [entity.announcing, entity.refused, entity.left, entity.leaked, entity.entangled];
  const bits = flags.map((flag) => (flag ? '1' : '0')).join('');
  return `${showInfo(entity.info)} ${entity.stage} ${bits}`;
}

function showInfo(info: EntityInfo): string {
  const { EntityProtocolId, EntityInstanceId } = info.EntityId;
  return `${info.RtmInstanceId}.${info.AddressFamily}.${EntityProtocolId}.${EntityInstanceId}`;
}

interface Graph {
  readonly colours: readonly string[];
  readonly edges: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

function graphOf(state: State): Graph {
  const colours: string[] = [];
  const edges: { from: number; to: number; label: string }[] = [];
  const index = new Map<string, number>();
  const vertex = (name: string, colour: string): void => {
    index.set(name, colours.length);
    colours.push(colour);
  };
  const edge = (from: string, to: string, label: string): void => {
    const [a, b] = [index.get(from), index.get(to)];
    if (a !== undefined && b !== undefined) edges.push({ from: a, to: b, label });
  };
  for (const entity of state.entities) {
    const { callback, leaving, key } = entity;
    vertex(`e${key}`, `${showFlags(entity)} ${callback === null ? '-' : 'told'} ${leaving.length}`);
  }
  for (const callback of new Set(state.entities.map((entity) => entity.callback)))
    vertex(`c${String(callback)}`, 'callback');
  for (const entity of state.entities)
    edge(`e${entity.key}`, `c${String(entity.callback)}`, 'told');
  for (const { token, role, entity } of state.bindings) {
    vertex(`t${token}`, `token ${role}`);
    edge(`t${token}`, `e${entity}`, role);
  }
  for (const { holder, token, subject, least, most } of state.holdings) {
    // What a token stands for is an edge of the token, so a holding by handle need not repeat it.
    const held = token === BY_STRUCTURE ? `e${subject}` : `t${token}`;
    edge(`e${holder}`, held, `holds ${least} ${most}`);
  }
  for (const { receiver, subject, type, kind } of state.debts)
    edge(`e${receiver}`, `e${subject}`, `${type} ${kind}`);
  for (const [at, open] of state.listings.entries()) {
    vertex(`l${at}`, 'listing');
    edge(`l${at}`, `e${open.caller}`, 'caller');
    for (const key of open.must) edge(`l${at}`, `e${key}`, 'must');
    for (const key of open.may) edge(`l${at}`, `e${key}`, 'may');
  }
  for (const [at, running] of state.callbacks.entries()) {
    vertex(`r${at}`, 'callback running');
    edge(`r${at}`, `e${running.receiver}`, 'receiver');
    edge(`r${at}`, `e${running.subject}`, 'subject');
    edge(`r${at}`, `t${running.token}`, 'lends');
  }
  drawTables(state.tables, { vertex, edge });
  return { colours, edges };
}

function canonicalForm(graph: Graph, coarse: readonly number[]): string {
  const ranks = refine(graph, coarse);
  const tied = firstTie(ranks);
  if (tied === undefined) return write(graph, ranks);
  const candidates = areTwins(graph, tied) ? tied.slice(0, 1) : tied;
  const forms = candidates.map((first) =>
    canonicalForm(graph, rank(ranks.map((value, at) => `${pad(value)}${at === first ? '' : '+'}`))),
  );
  return forms.toSorted()[0] ?? '';
}

/** Whether vertices have the same neighbours, so that it does not matter which of them is first. */
function areTwins(graph: Graph, vertices: readonly number[]): boolean {
  const neighbourhoods = vertices.map((vertex) =>
    graph.edges
      .filter(({ from, to }) => from === vertex || to === vertex)
      .map(({ from, to, label }) => (from === vertex ? `>${label} ${to}` : `<${label} ${from}`))
      .toSorted()
      .join(),
  );
  return new Set(neighbourhoods).size === 1;
}

/** Numbers the different colours in their order. */
function rank(colours: readonly string[]): readonly number[] {
  const order = [...new Set(colours)].toSorted();
  const places = new Map(order.map((colour, place) => [colour, place]));
  return colours.map((colour) => places.get(colour) ?? 0);
}

function refine(graph: Graph, ranks: readonly number[]): readonly number[] {
  const neighbours: string[][] = ranks.map(() => []);
  for (const { from, to, label } of graph.edges) {
    neighbours[from]?.push(`>${label} ${pad(ranks[to] ?? 0)}`);
    neighbours[to]?.push(`<${label} ${pad(ranks[from] ?? 0)}`);
  }
  const finer = rank(
    ranks.map((value, at) => `${pad(value)}:${(neighbours[at] ?? []).toSorted().join()}`),
  );
  return new Set(finer).size === new Set(ranks).size ? ranks : refine(graph, finer);
}

/** The vertices of the lowest rank that several share; undefined when all ranks differ. */
function firstTie(ranks: readonly number[]): readonly number[] | undefined {
  const shared = ranks.filter((value, at) => ranks.indexOf(value) !== at);
  if (shared.length === 0) return undefined;
  const lowest = Math.min(...shared);
  return [...ranks.keys()].filter((at) => ranks[at] === lowest);
}

function write(graph: Graph, ranks: readonly number[]): string {
  const vertices = graph.colours.map((colour, at) => `${pad(ranks[at] ?? 0)} ${colour}`);
  const edges = graph.edges.map(
    ({ from, to, label }) => `${pad(ranks[from] ?? 0)} ${label} ${pad(ranks[to] ?? 0)}`,
  );
  return [...vertices.toSorted(), ...edges.toSorted()].join(';');
}

/** Order as text is order as number. */
function pad(value: number): string {
  return String(value).padStart(4, '0');
}
