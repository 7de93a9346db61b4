/** Compares OUT parameters and announcements beyond level `core` with what an expectation wants. */
import type { Reply, Token } from '../../reference/model/index.ts';
import { events as eventTypes, statuses } from '../../spec/index.ts';
import type { Client } from '../programs/client.ts';
import type { Mismatch } from './mismatch.ts';
import { mismatchOfPattern, type TokenLookup } from './pattern.ts';
import type { Expectation, ExpectedAnnouncement } from './scenario.ts';

export function mismatchOfTables(
  expectation: Expectation,
  reply: Reply | undefined,
  client: Client,
): Mismatch | undefined {
  const tokenOf: TokenLookup = (name, path) => client.tokenNamed(name, path);
  return (
    mismatchOfOut(expectation, reply, tokenOf) ??
    mismatchOfPointer(expectation, client, tokenOf) ??
    firstOf(expectation.announced ?? [], (one) => mismatchOfAnnouncement(one, client, tokenOf))
  );
}

function mismatchOfOut(
  { out }: Expectation,
  reply: Reply | undefined,
  tokenOf: TokenLookup,
): Mismatch | undefined {
  const isDelivered =
    reply?.status === statuses.NO_ERROR || reply?.status === statuses.ERROR_NO_MORE_ITEMS;
  if (out === undefined || reply === undefined || !isDelivered) return undefined;
  return firstOf(Object.entries(out), ([parameter, pattern]) => {
    const found = mismatchOfPattern(pattern, reply.out?.[parameter], parameter, tokenOf);
    if (found === undefined) return undefined;
    return {
      message: `${found.at} is not what it has to be`,
      observed: `${found.at} is ${found.observed}`,
      permitted: [`${found.at} is ${found.permitted}`],
    };
  });
}

function mismatchOfPointer(
  { pointsAt }: Expectation,
  client: Client,
  tokenOf: TokenLookup,
): Mismatch | undefined {
  if (pointsAt === undefined) return undefined;
  const { pointer, what } = pointsAt;
  const found = mismatchOfPattern(what, client.pointedAt(pointer), `*${pointer}`, tokenOf);
  if (found === undefined) return undefined;
  return {
    message: `${found.at}, behind a pointer returned before, is not what it has to be`,
    observed: `${found.at} is ${found.observed}`,
    permitted: [`${found.at} is ${found.permitted}`],
  };
}

interface Announcement {
  readonly Context1: Token;
  readonly Context2: unknown;
}

function mismatchOfAnnouncement(
  expected: ExpectedAnnouncement,
  client: Client,
  tokenOf: TokenLookup,
): Mismatch | undefined {
  const about = expected.about === undefined ? undefined : tokenOf(expected.about, undefined);
  const came = announcementsTo(expected, client).filter(
    ({ Context1 }) => about === undefined || Context1 === about,
  );
  const isRight =
    expected.times === undefined ? came.length > 0 : expected.times.includes(came.length);
  if (!isRight) {
    const wanted =
      expected.times === undefined ? 'at least once' : `${expected.times.join(' or ')} times`;
    const isMissing = came.length < Math.min(...(expected.times ?? [1]));
    return {
      message: `${expected.type} has ${isMissing ? 'not come' : 'come too often'}`,
      observed: `${expected.type} came ${came.length} times to the client of slot ${expected.to}`,
      permitted: [`${expected.type}, ${wanted}`],
    };
  }
  const pattern = expected.context2;
  if (pattern === undefined) return undefined;
  return firstOf(came, ({ Context2 }) => {
    const found = mismatchOfPattern(pattern, Context2, 'Context2', tokenOf);
    if (found === undefined) return undefined;
    return {
      message: `${found.at} of ${expected.type} is not what it has to be`,
      observed: `${found.at} is ${found.observed}`,
      permitted: [`${found.at} is ${found.permitted}`],
    };
  });
}

function announcementsTo(
  { type, to }: ExpectedAnnouncement,
  client: Client,
): readonly Announcement[] {
  const callback = client.slots.get(to)?.callback;
  return client.history.flatMap((event) => {
    if (event.kind !== 'invoke' || event.call.name !== 'event') return [];
    const { call } = event;
    const isMeant = call.EventCallback === callback && call.EventType === eventTypes[type];
    return isMeant ? [{ Context1: call.Context1, Context2: call.Context2 }] : [];
  });
}

function firstOf<T>(
  list: readonly T[],
  look: (element: T) => Mismatch | undefined,
): Mismatch | undefined {
  for (const element of list) {
    const found = look(element);
    if (found !== undefined) return found;
  }
  return undefined;
}
