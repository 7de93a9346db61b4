/**
 * The implementations beside this file are judged as strictly as any: a bug planted in one of them is found by the
 * checks of its level.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import type { Implementation } from '../../../harness/adapters/index.ts';
import type { RtmProgram } from '../../programs/rtm-program.ts';
import { getRouteInfo, named } from '../../programs/table-steps.ts';
import { connect } from '../../runner/connect.ts';
import { examine } from '../../runner/examine.ts';
import {
  exporter,
  invokeMethods,
  lockDestination,
  other,
  unlockDestination,
} from '../../scenarios/tables/method-steps.ts';
import { accusations } from '../accusations.ts';
import { mean } from './mean.ts';

interface Bug {
  readonly what: string;
  readonly in: 'eager' | 'drifting' | 'mean';
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Where it is looked for: the beginnings of ids of checks, or a program of its own. */
  readonly by: readonly string[] | RtmProgram;
}

/** Client 0 leaves while it invokes a method of client 1 that takes its time. */
const leavingInvoker: RtmProgram = {
  setup: exporter({ id: 1, script: [{ call: 'sleep', ms: 100 }] }).map((step) => step.do),
  threads: [[{ call: 'deregister', by: 0 }], [invokeMethods(0, other, 1)]],
};

/** Two clients lock one destination. */
const twoLocks: RtmProgram = {
  setup: [...exporter().map((step) => step.do), getRouteInfo(1, named('its route'), 'info')],
  threads: [named('seen', 'DestHandle'), named('info', 'DestHandle')].map((dest, by) => [
    lockDestination(by, dest),
    { call: 'sleep', ms: 100 },
    unlockDestination(by, dest),
  ]),
};

const bugs: readonly Bug[] = [
  {
    what: 'the default route covers nothing',
    in: 'eager',
    file: 'prefixes.ts',
    find: 'return narrow.bits.startsWith(wide.bits);',
    replace: 'return wide.bits.length > 0 && narrow.bits.startsWith(wide.bits);',
    by: ['lookup/'],
  },
  {
    what: 'the higher metric wins',
    in: 'eager',
    file: 'choosing.ts',
    find: 'return left.Metric - right.Metric;',
    replace: 'return right.Metric - left.Metric;',
    by: ['routes/'],
  },
  {
    what: 'anybody changes any route',
    in: 'eager',
    file: 'route-calls.ts',
    find: "ownedBy === 'caller' && route.owner !== caller",
    replace: "ownedBy === 'nobody'",
    by: ['routes/'],
  },
  {
    what: 'next hops are told apart by their addresses alone',
    in: 'mean',
    file: 'hop-calls.ts',
    find: '&& hop.live.InterfaceIndex === info.InterfaceIndex',
    replace: '',
    by: ['nexthops/'],
  },
  {
    what: 'one route too many is counted',
    in: 'eager',
    file: 'pictures.ts',
    find: 'const count = routes.length + ',
    replace: 'const count = routes.length + 1 + ',
    by: ['views/'],
  },
  {
    what: 'the last item of a batch is forgotten',
    in: 'mean',
    file: 'walk-calls.ts',
    find: 'for (const item of batch) enumeration.delivered.add(item);',
    replace: 'for (const item of batch.slice(0, -1)) enumeration.delivered.add(item);',
    by: ['enumeration/'],
  },
  {
    what: 'a route stays on the list it leaves',
    in: 'eager',
    file: 'list-calls.ts',
    find: 'leaveList(route);\n  route.list = list;',
    replace: 'route.list = list;',
    by: ['lists/'],
  },
  {
    what: 'ignoring one destination ignores all',
    in: 'eager',
    file: 'notify-calls.ts',
    find: 'if (dest === undefined) continue;\n      subscription.pending.delete(dest);',
    replace: 'if (dest === undefined) continue;\n      subscription.pending.clear();',
    by: ['notification/'],
  },
  {
    what: 'nobody is told that the last route has gone',
    in: 'drifting',
    file: 'changes.ts',
    find: 'subscription.pending.set(dest, picture);',
    replace: 'if (dest.routes.length > 0) subscription.pending.set(dest, picture);',
    by: ['notification/'],
  },
  {
    what: 'what is given up stays',
    in: 'mean',
    file: 'expiry.ts',
    find: 'answer === statuses.ERROR_NOT_SUPPORTED',
    replace: 'answer === statuses.ERROR_NOT_FOUND',
    by: ['hold-aging/'],
  },
  {
    what: 'holds never end',
    in: 'drifting',
    file: 'changes.ts',
    find: 'if (until > world.now()) continue;',
    replace: 'if (until > 0) continue;',
    by: ['hold-aging/'],
  },
  {
    what: 'methods are listed in the wrong order',
    in: 'mean',
    file: 'method-calls.ts',
    find: 'ExptMethods: [...methods]',
    replace: 'ExptMethods: methods.toReversed()',
    by: ['methods/'],
  },
  {
    what: 'the output of a method is lost',
    in: 'drifting',
    file: 'method-calls.ts',
    find: 'OutputData: data,',
    replace: 'OutputData: data.map(() => 0),',
    by: ['methods/'],
  },
  {
    what: 'who invokes a method may leave before it returns',
    in: 'mean',
    file: 'mean.ts',
    find: 'caller.busy += 1;\n      while (target.blocks > 0',
    replace: 'caller.busy += 0;\n      while (target.blocks > 0',
    by: leavingInvoker,
  },
  {
    what: 'locks keep nobody out',
    in: 'mean',
    file: 'in-place-calls.ts',
    find: '(exclusive || held.exclusive)',
    replace: 'exclusive && held.exclusive && thread < 0',
    by: twoLocks,
  },
];

async function plant({ in: name, file, find, replace }: Bug): Promise<Implementation> {
  const path = join(import.meta.dirname, file);
  const result = await build({
    entryPoints: [join(import.meta.dirname, 'index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'planting',
        setup(builder) {
          builder.onLoad({ filter: /\.ts$/ }, async (module) => {
            if (module.path !== path) return undefined;
            const parts = (await readFile(path, 'utf8')).split(find);
            if (parts.length !== 2) throw new Error(`'${find}' is not in ${file} once`);
            return { contents: parts.join(replace), loader: 'ts' };
          });
        },
      },
    ],
  });
  const code = result.outputFiles[0]?.text ?? '';
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const module = (await import(/* @vite-ignore */ url)) as {
    readonly tableImplementations: readonly Implementation[];
  };
  const found = module.tableImplementations.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** What is held against an implementation where the bug is looked for. */
async function foundIn(implementation: Implementation, { by }: Bug): Promise<readonly string[]> {
  const profile = implementation.profile ?? 'documented';
  if ('setup' in by) {
    const subject = await connect(implementation, { adapter: 'fixture', profile });
    const options = { strategy: 'random', executions: 20, seed: 1 } as const;
    const { failure } = await examine(subject, by, {}, options);
    return failure === undefined ? [] : [failure.message];
  }
  const only = ({ id, kind }: { readonly id: string; readonly kind: string }): boolean =>
    kind !== 'property' && by.some((beginning) => id.startsWith(beginning));
  return accusations(implementation, { profile, seed: 1, effort: 0, executions: 2, only });
}

test.each(bugs)('it is found that $what', async (bug) => {
  expect(await foundIn(await plant(bug), bug)).not.toEqual([]);
});

test.each(bugs.filter(({ by }) => 'setup' in by))('$what: else nothing is', async (bug) => {
  expect(await foundIn(mean, bug)).toEqual([]);
});
