/**
 * Watches what a program uses that no schedule decides: clocks, random numbers, timers and promises.
 *
 * The globals behind them are replaced for the time of one execution, which is run only to explain why another one
 * could not be repeated; so nothing is touched in the ordinary course. What was called, in which thread and from which
 * line, is taken down when the code of a thread, the set-up or a final check is running, and everything goes on to the
 * real thing. Nobody can see so what was looked up before, state that outlives an execution, or the order of a `Set`.
 */
import type { Engine } from '../runtime/engine.ts';
import type { Program } from '../runtime/types.ts';
import type { RunRequest, Runs } from './run.ts';

export interface Use {
  /** As it is called: `Math.random()`. */
  readonly what: string;
  /** The thread's name; empty for the set-up and the final checks. */
  readonly thread: string;
  /** Index of the step that was to come next. */
  readonly step: number;
  /** File and line; empty if the platform does not tell. */
  readonly at: string;
}

type Holder = Record<string, unknown>;
type Callable = (...args: unknown[]) => unknown;
type OnUse = (what: string) => void;

/** What is watched: an object by its global name, or the global one itself, and its functions. */
const WATCHED: readonly (readonly [string, readonly string[]])[] = [
  ['Math', ['random']],
  ['Date', ['now']],
  ['performance', ['now']],
  ['crypto', ['getRandomValues', 'randomUUID']],
  ['process', ['hrtime', 'uptime', 'nextTick']],
  ['Promise', ['resolve', 'reject', 'all', 'allSettled', 'any', 'race']],
  ['', ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']],
];

/** What is watched as it is constructed; a `Date` only of the present moment. */
const CONSTRUCTED: readonly string[] = ['Date', 'Promise'];

const USES_MAX = 100;

/** Has an execution run under watch. What it uses is added to `uses`, each place once, also when it ends in an error. */
export function* watched(request: RunRequest, uses: Use[]): Runs<number> {
  const places = new Set<string>();
  const { engine } = request;
  let isInSetUp = false;
  const program: Program = (rt) => {
    isInSetUp = true;
    try {
      request.program(rt);
    } finally {
      isInSetUp = false;
    }
  };
  const release = watchAll((what) => {
    if (places.size >= USES_MAX || !(isInSetUp || isInProgram(engine))) return;
    const thread = engine.nameOfThread(engine.runningId);
    const use = { what, thread, step: engine.steps, at: callerOf(stackNow()) };
    const key = [what, thread, use.at].join('\n');
    if (!places.has(key)) uses.push(use);
    places.add(key);
  });
  try {
    return yield { ...request, program };
  } finally {
    release();
  }
}

/** What has been called, as sentences for an error message. */
export function describeUses(uses: readonly Use[]): string {
  const [first, ...others] = uses;
  if (first === undefined) {
    return 'No clock, no random number, no timer and no promise was used: look for state that outlives an execution, such as a variable outside the program, or for an unordered collection.';
  }
  const [second] = others;
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  return [
    `It depends on something besides the schedule: ${useText(first)}.`,
    ...(second === undefined ? [] : [`There is also ${useText(second)}${more}.`]),
  ].join(' ');
}

function useText({ what, thread, step, at }: Use): string {
  const who = thread === '' ? 'the program itself' : `thread ${thread}`;
  return `${who} called ${what} before step ${step}${at === '' ? '' : ` (at ${at})`}`;
}

/** The code of a thread is running, or a final check. */
function isInProgram(engine: Engine): boolean {
  return engine.runningId >= 0 || (engine.allDone && engine.steps > 0);
}

/** Returns what undoes it. */
function watchAll(onUse: OnUse): () => void {
  const world = globalThis as unknown as Holder;
  const undo: (() => void)[] = [];
  for (const [name, keys] of WATCHED) {
    const holder = name === '' ? world : (world[name] as Holder | undefined);
    if (holder === undefined || holder === null) continue;
    const prefix = name === '' ? '' : `${name}.`;
    for (const key of keys) {
      const handler = (): ProxyHandler<Callable> => ({
        apply: (target, self, args) => {
          onUse(`${prefix}${key}()`);
          return Reflect.apply(target, self, args);
        },
      });
      undo.push(replace(holder, key, handler()));
    }
  }
  for (const name of CONSTRUCTED) {
    undo.push(
      replace(world, name, {
        apply: (target, self, args) => {
          onUse(`${name}()`);
          return Reflect.apply(target, self, args);
        },
        construct: (target, args: unknown[], newTarget) => {
          if (name !== 'Date' || args.length === 0) onUse(`new ${name}()`);
          return Reflect.construct(target, args, newTarget) as object;
        },
      }),
    );
  }
  return () => {
    for (const restore of undo.toReversed()) restore();
  };
}

function replace(holder: Holder, key: string, handler: ProxyHandler<Callable>): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, key);
  const original = holder[key];
  if (typeof original !== 'function' || own?.configurable === false) return () => {};
  Object.defineProperty(holder, key, {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
    value: new Proxy(original as Callable, handler),
  });
  return () => {
    if (own === undefined) delete holder[key];
    else Object.defineProperty(holder, key, own);
  };
}

function stackNow(): string {
  return new Error('where').stack ?? '';
}

const FRAME = /(?:\(|at |@)((?:file:\/\/|[a-z]:[\\/]|\/)[^()\s]*?):(\d+):\d+\)?$/i;

/** The innermost place in a stack that is not in this file, as file and line. */
function callerOf(stack: string): string {
  const places = stack.split('\n').flatMap((line) => {
    const match = FRAME.exec(line.trim());
    return match === null ? [] : [{ file: match[1] ?? '', line: match[2] ?? '' }];
  });
  const own = places[0]?.file;
  const caller = places.find(({ file }) => file !== own);
  return caller === undefined ? '' : `${caller.file.replace(/^file:\/\//, '')}:${caller.line}`;
}
