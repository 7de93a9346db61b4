/** Connects the suite with an implementation in another process. */
import { driveAsync, type Implementation } from '../../harness/adapters/index.ts';
import {
  AdapterFault,
  type AdapterLink,
  type Channel,
  RemoteRtm,
  startAdapter,
  type StartOptions,
} from '../../harness/adapters/process/index.ts';
import type { Runs } from '../../harness/index.ts';
import type { Level, Profile } from '../../spec/index.ts';
import type { Connector } from '../programs/harness-program.ts';
import { VERSION } from '../version.ts';
import type { Rung, Subject } from './subject.ts';

export interface ProcessOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly channel?: Channel;
  /** Milliseconds of silence after which a call has not returned. */
  readonly opMs?: number;
  readonly seed?: number;
  readonly profile?: Profile;
  /** How often programs of several threads are run free, on rung B. */
  readonly freeRuns?: number;
  readonly transcript?: StartOptions['transcript'];
  /** Adapters that may be lost before the run is given up. */
  readonly lossesMax?: number;
}

export const OP_MS_DEFAULT = 10_000;
export const FREE_RUNS_DEFAULT = 60;
/** Starting a process is given longer: it may have to load a run-time system first. */
const START_MS_LEAST = 10_000;
/**
 * Adapters that may be lost in one run. One that crashes in every check is found out all the same; one that
 * is silent costs the whole time limit each time.
 */
const DEATHS_MAX = 400;
const SILENCES_MAX = 20;

/** Rejects with an `AdapterFault` when there is nothing to be judged. */
export async function connectProcess(options: ProcessOptions): Promise<Subject> {
  const starts = new Starts(options);
  const link = await starts.start();
  const { implementation: facts, levels, profile, capabilities } = link.description;
  const { lanes, points } = capabilities;
  const remote = new RemoteRtm(link, () => starts.again(remote));
  const rung: Rung = points ? 'points' : lanes ? 'lanes' : 'calls';
  return {
    implementation: implementationOf({ ...facts, levels, ...(profile && { profile }) }),
    adapter: commandText(options.command),
    distance: 'process',
    profile: options.profile ?? profile ?? 'documented',
    connector: connectorFor(remote),
    drive: async <T>(runs: Runs<T>): Promise<T> => driveAsync(runs, { outside: remote }),
    remote: {
      rung,
      freeRuns: options.freeRuns ?? FREE_RUNS_DEFAULT,
      hasCensus: capabilities.census === true,
      configure: (execution) => {
        remote.configure(execution);
      },
      takeFaults: () => remote.takeFaults(),
      discard: () => remote.discard(),
      close: () => remote.close(),
    },
  };
}

/** As it is typed after `rtm-conformance replay TOKEN`. */
export function commandText(command: readonly string[]): string {
  const quoted = command.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
  );
  return ['--', ...quoted].join(' ');
}

interface Facts {
  readonly name: string;
  readonly version: string;
  readonly levels: readonly Level[];
  readonly profile?: Profile;
}

function implementationOf(facts: Facts): Implementation {
  return {
    ...facts,
    create: () => {
      throw new TypeError('an implementation in another process is reached by its connector');
    },
  };
}

/** Starts adapters until too many of them have been lost. */
class Starts {
  private readonly options: StartOptions;
  private deaths = 0;
  private silences = 0;
  private readonly lossesMax: number;

  constructor(options: ProcessOptions) {
    const { command, cwd, channel, opMs = OP_MS_DEFAULT, seed, transcript } = options;
    this.lossesMax = options.lossesMax ?? DEATHS_MAX;
    this.options = {
      command,
      cwd,
      startMs: Math.max(START_MS_LEAST, opMs),
      opMs,
      suiteVersion: VERSION,
      ...(channel === undefined ? {} : { channel }),
      ...(seed === undefined ? {} : { seed }),
      ...(transcript === undefined ? {} : { transcript }),
    };
  }

  async start(): Promise<AdapterLink> {
    return startAdapter(this.options);
  }

  async again(remote: RemoteRtm): Promise<AdapterLink> {
    const { last } = remote;
    if (last !== undefined) this.deaths += 1;
    if (last?.kind === 'timeout') this.silences += 1;
    if (this.deaths > this.lossesMax || this.silences > SILENCES_MAX) {
      const cause = last === undefined ? '' : ` The last one: ${last.message}.`;
      throw new AdapterFault(
        'start',
        `The adapter has been lost ${this.deaths} times, ${this.silences} of them by silence, and is not started again.${cause}`,
      );
    }
    return this.start().catch((error: unknown) => {
      if (!(error instanceof AdapterFault) || last === undefined) throw error;
      // What ended the one before may well be why.
      const message = `${error.message}; the one before it: ${last.message}`;
      throw new AdapterFault(error.kind, message, error.details);
    });
  }
}

function connectorFor(remote: RemoteRtm): Connector {
  return {
    *create(rt) {
      const session = yield* remote.open(rt);
      // Callbacks and methods only stand for what the session calls by number.
      const standIn = (): never => {
        throw new TypeError(
          'callbacks of an implementation in another process are not called here',
        );
      };
      return {
        rtm: {
          census: () => session.census(),
          close: () => {},
        } as never,
        connection: {
          call: (name, args, started) => session.call(name, args, started),
          close: () => session.close(),
          sleep: (ms) => session.sleep(ms),
          pointers: {
            write: (pointer, fields) => session.writePointer(pointer, fields),
            read: (pointer) => session.readPointer(pointer),
          },
          callback: (body) => {
            const entry = (): never => standIn();
            session.addCallback(entry, body);
            return entry;
          },
          method: (body) => {
            const entry = (): never => standIn();
            session.addMethod(entry, body);
            return entry;
          },
        },
      };
    },
  };
}
