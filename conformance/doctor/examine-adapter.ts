/**
 * Examines an adapter, before anything is judged: whether it can be believed, and what can be done with it.
 * Every drill is about the adapter and the protocol, none about whether its RTM is right.
 */
import {
  type AdapterDescription,
  AdapterFault,
  AdapterRefusal,
  canaryTexts,
  startAdapterProcess,
  type StartOptions,
} from '../../harness/adapters/process/index.ts';
import { callDrills } from './call-drills.ts';
import type { Drill, Finding, Observation, Rung } from './drill.ts';
import { endDrills } from './end-drills.ts';
import { Patient } from './patient.ts';
import { pressureDrills } from './pressure-drills.ts';
import { rungDrills } from './rung-drills.ts';

export interface Examination {
  /** Undefined if it did not start. */
  readonly description: AdapterDescription | undefined;
  readonly findings: readonly Finding[];
  /** The highest rung at and below which nothing has failed. */
  readonly rung: Rung | undefined;
  /** What it last wrote to standard error before something failed. */
  readonly stderr: string | undefined;
}

export interface ExamineOptions extends StartOptions {
  readonly onFinding?: (finding: Finding) => void;
  /** Default: all. */
  readonly drills?: readonly Drill[];
}

export const allDrills: readonly Drill[] = [
  ...callDrills,
  ...rungDrills,
  ...pressureDrills,
  ...endDrills,
];

export async function examineAdapter(options: ExamineOptions): Promise<Examination> {
  const findings: Finding[] = [];
  const add = (finding: Finding): void => {
    findings.push(finding);
    options.onFinding?.(finding);
  };
  const patient = new Patient(() => startAdapterProcess(options), options.opMs);
  let stderr: string | undefined;
  const note = (error: unknown): void => {
    if (error instanceof AdapterFault) stderr ??= error.details.stderr;
  };
  try {
    const description = await begin(patient, add).catch((error: unknown) => {
      note(error);
      return undefined;
    });
    if (description === undefined) return { description, findings, rung: undefined, stderr };
    for (const drill of options.drills ?? allDrills) {
      if (drill.isFor?.(description.capabilities) === false) continue;
      const observation = await drill.observe(patient).catch(async (error: unknown) => {
        note(error);
        await patient.dismiss();
        return problemIn(error);
      });
      add(findingOf(drill, observation));
    }
    return { description, findings, rung: rungOf(description, findings), stderr };
  } finally {
    await patient.dismiss();
  }
}

const START: Pick<Finding, 'id' | 'title' | 'rung'> = {
  id: 'starts',
  title: 'starts, and says who it is',
  rung: 'A',
};

/** Starts it for the first time, with a finding for each canary. Rejects with what keeps it from starting. */
async function begin(
  patient: Patient,
  add: (finding: Finding) => void,
): Promise<AdapterDescription> {
  try {
    const { description } = await patient.link();
    add({ ...START, status: 'ok' });
    for (const shows of canaryTexts) {
      const isTold = shows === OVERLAP && !description.capabilities.lanes;
      add({ ...canary(shows), status: 'ok', ...(isTold ? { title: NESTING } : {}) });
    }
    return description;
  } catch (error) {
    if (!(error instanceof AdapterFault)) throw error;
    const at = canaryTexts.findIndex((shows) => error.message.includes(`not shown that ${shows}`));
    const isCanary = error.kind === 'canary' && at >= 0;
    add({ ...START, ...(isCanary ? { status: 'ok' } : failed(error.message, START_HINT)) });
    if (!isCanary) throw error;
    for (const [index, shows] of canaryTexts.entries()) {
      if (index < at) add({ ...canary(shows), status: 'ok' });
      else if (index > at) add({ ...canary(shows), status: 'untried' });
      else {
        const why = error.message.slice(error.message.indexOf(shows) + shows.length + 2);
        add({ ...canary(shows), ...failed(why, CANARY_HINT) });
      }
    }
    throw error;
  }
}

/** What is shown where real threads are claimed, and what where they are not. */
const OVERLAP = canaryTexts.at(-1);
const NESTING = 'serves calls inside callbacks';

const START_HINT =
  "The first line it reads is 'initialize', to be answered on the same channel as one line of JSON, and flushed. See PROTOCOL.md.";
const CANARY_HINT =
  "Until it shows this none of its answers counts. See 'At the start' in PROTOCOL.md.";

function canary(shows: string): Pick<Finding, 'id' | 'title' | 'rung'> {
  const title = shows.replace(/^it /, '');
  return { id: title.replaceAll(/[^a-z]+/g, '-'), title, rung: 'A' };
}

function failed(seen: string, hint: string): Pick<Finding, 'status' | 'seen' | 'hint'> {
  return { status: 'failed', seen, hint };
}

function findingOf({ id, title, rung, hint }: Drill, observation: Observation): Finding {
  const about = { id, title, rung };
  if (observation === undefined) return { ...about, status: 'ok' };
  if (typeof observation === 'string') return { ...about, ...failed(observation, hint) };
  const isRemark = observation.status === 'remark';
  return { ...about, ...observation, ...(isRemark ? { hint } : {}) };
}

function problemIn(error: unknown): string {
  if (error instanceof AdapterRefusal) return `'${error.method}' was refused: ${error.message}`;
  if (error instanceof AdapterFault) return error.message;
  throw error;
}

function rungOf(
  { capabilities }: AdapterDescription,
  findings: readonly Finding[],
): Rung | undefined {
  const isGood = (rung: Rung): boolean =>
    findings.every((finding) => finding.rung !== rung || finding.status !== 'failed');
  if (!isGood('A')) return undefined;
  if (capabilities.points && isGood('B') && isGood('C')) return 'C';
  return capabilities.lanes && isGood('B') ? 'B' : 'A';
}
