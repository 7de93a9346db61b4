/** Much at once. */
import { LINE_BYTES_MAX } from '../../harness/adapters/process/index.ts';
import { grouped } from '../../reports/index.ts';
import type { Drill, Observation } from './drill.ts';
import { NO_FUNCTION } from './conversation.ts';
import type { Patient } from './patient.ts';

const MANY = 5_000;
const LARGE_BYTES: number = LINE_BYTES_MAX / 2;
const LANES = 16;
const CALLS_PER_LANE = 50;

const HINT_READER =
  'Read lines of any length up to 8 MiB, answer every request exactly once, and flush after each line.';

export const pressureDrills: readonly Drill[] = [
  {
    id: 'many-requests',
    title: `answers ${grouped(MANY)} requests sent at once`,
    rung: 'A',
    hint: HINT_READER,
    observe: async (patient) => {
      const nonces = Array.from({ length: MANY }, (_, index) => `n${index}`);
      return echoes(patient, nonces);
    },
  },
  {
    id: 'large-lines',
    title: `reads and writes lines of ${LARGE_BYTES / 2 ** 20} MiB`,
    rung: 'A',
    hint: HINT_READER,
    observe: async (patient) => echoes(patient, ['x'.repeat(LARGE_BYTES)]),
  },
  {
    id: 'any-text',
    title: 'keeps every character of a text',
    rung: 'A',
    hint: 'Text is UTF-8; quotes, backslashes and control characters are escaped as JSON wants it, and read in any spelling.',
    observe: async (patient) => echoes(patient, ['a"\\/\t\u0001é\u2028😀']),
  },
  {
    id: 'many-lanes',
    title: `serves ${LANES} lanes beside one another`,
    rung: 'A',
    hint: 'Keep a queue of calls for each lane, and answer each under the id of its own request.',
    observe: async (patient) => {
      const conversation = await patient.open('sequential');
      await Promise.all(
        Array.from({ length: LANES }, async (_, lane) => {
          for (let call = 0; call < CALLS_PER_LANE; call += 1) {
            await conversation.call(lane, NO_FUNCTION, {});
          }
        }),
      );
      await conversation.close();
      return undefined;
    },
  },
];

/** All are on their way before the first answer is awaited. */
async function echoes(patient: Patient, nonces: readonly string[]): Promise<Observation> {
  const link = await patient.link();
  const asked = nonces.map(async (nonce) => link.request('ping', { nonce }));
  const answers = await Promise.all(asked);
  const wrong = answers.findIndex(({ nonce }, index) => nonce !== nonces[index]);
  if (wrong < 0) return undefined;
  const came = answers[wrong]?.nonce ?? '';
  return nonces.length > 1
    ? `'ping' number ${wrong + 1} came back with ${JSON.stringify(came)}`
    : `'ping' with ${described(nonces[0] ?? '')} came back with ${described(came)}`;
}

/** In letters that cannot be mistaken for one another. */
function described(text: string): string {
  if (text.length >= 100) return `${grouped(text.length)} characters`;
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
