/** Compares the callbacks that have begun with those that an expectation wants. */
import { eventTypeName, events as eventTypes } from '../../spec/index.ts';
import type { Mismatch } from './mismatch.ts';
import {
  isClient,
  type ObservedCall,
  type ObservedEvent,
  type ObservedRun,
} from './observed-run.ts';
import type { Expectation, ExpectedEvent } from './scenario.ts';

type CheckReply = (expectation: Expectation, call: ObservedCall) => Mismatch | undefined;

export function mismatchOfEvents(
  expectation: Expectation,
  run: ObservedRun,
  checkReply: CheckReply,
): Mismatch | undefined {
  // Where a registration was refused, nobody was to be told, and nobody of it.
  const told = (expectation.told ?? []).filter(
    ({ to, about }) =>
      run.clients.get(to)?.handle !== undefined && run.clients.get(about)?.handle !== undefined,
  );
  for (const expected of told) {
    const found =
      checkTimes(expected, run) ??
      checkReceiver(expected, run) ??
      checkReplies(expected, run, checkReply);
    if (found !== undefined) return found;
  }
  return (
    (expectation.toldNothingElse === true ? checkOthers(told, run) : undefined) ??
    (expectation.toldInOrder === true ? checkOrder(told, run) : undefined) ??
    (expectation.departedToldNothing === true ? checkDeparted(run) : undefined)
  );
}

function eventsLike(expected: ExpectedEvent, run: ObservedRun): readonly ObservedEvent[] {
  const receiver = run.clients.get(expected.to);
  const subject = run.clients.get(expected.about);
  return run.events.filter(
    (event) =>
      event.callback === receiver?.callback &&
      event.type === eventTypes[expected.type] &&
      isClient(event.about, subject),
  );
}

function checkTimes(expected: ExpectedEvent, run: ObservedRun): Mismatch | undefined {
  const times = expected.times ?? [1];
  const came = eventsLike(expected, run).length;
  if (times.includes(came)) return undefined;
  const least = Math.min(...times);
  return {
    message: came < least ? 'an event has not come' : 'an event has come too often',
    observed: `${describe(expected)} came ${came} times; ${heardBy(expected.to, run)}`,
    permitted: times.map((number) => `${describe(expected)}, ${number} times`),
  };
}

function checkReceiver(expected: ExpectedEvent, run: ObservedRun): Mismatch | undefined {
  if (expected.addressed !== true) return undefined;
  const handle = run.clients.get(expected.to)?.handle;
  if (eventsLike(expected, run).every((event) => event.handle === handle)) return undefined;
  return {
    message: 'RtmRegHandle of a callback is not the handle that its client registered with',
    observed: `${describe(expected)} with another handle`,
    permitted: [`the registration handle of the client of slot ${expected.to}`],
  };
}

function checkReplies(
  expected: ExpectedEvent,
  run: ObservedRun,
  checkReply: CheckReply,
): Mismatch | undefined {
  for (const event of eventsLike(expected, run)) {
    for (const [index, reply] of (expected.replies ?? []).entries()) {
      const call = event.calls[index];
      // Its references may have named nothing, where a registration was refused.
      if (call === undefined) continue;
      if (call.reply === undefined) {
        return {
          message: 'a call made in a callback has not returned',
          observed: `call ${index + 1} of the callback for ${describe(expected)} is not over`,
          permitted: ['a call returns'],
        };
      }
      const found = checkReply(reply, call);
      if (found !== undefined)
        return { ...found, message: `${call.call.name} in a callback: ${found.message}` };
    }
  }
  return undefined;
}

/** An event about its own receiver may come or not (RTM-AMB-032). */
function checkOthers(told: readonly ExpectedEvent[], run: ObservedRun): Mismatch | undefined {
  const wanted = new Set(told.flatMap((expected) => eventsLike(expected, run)));
  const other = run.events.find((event) => !wanted.has(event) && !isOwn(event, run));
  if (other === undefined) return undefined;
  return {
    message: 'an event has come that tells nothing true to its client',
    observed: describeObserved(other, run),
    permitted: told.length === 0 ? ['no event'] : told.map(describe),
  };
}

function checkOrder(told: readonly ExpectedEvent[], run: ObservedRun): Mismatch | undefined {
  const places = told.map((expected) => eventsLike(expected, run)[0]?.at ?? -1);
  if (places.every((at, index) => index === 0 || at > (places[index - 1] ?? -1))) return undefined;
  return {
    message: 'events have come in the wrong order',
    observed: run.events.map((event) => describeObserved(event, run)).join(', then '),
    permitted: [told.map(describe).join(', then ')],
  };
}

function checkDeparted(run: ObservedRun): Mismatch | undefined {
  for (const [slot, client] of run.clients) {
    const { leftAt: left } = client;
    if (left === undefined || client.callback === null) continue;
    const late = run.events.find((event) => event.callback === client.callback && event.at > left);
    if (late === undefined) continue;
    return {
      message: 'a callback began after the deregistration of its client had returned',
      observed: describeObserved(late, run),
      permitted: [`no event to the client of slot ${slot} any more`],
    };
  }
  return undefined;
}

function isOwn(event: ObservedEvent, run: ObservedRun): boolean {
  return [...run.clients.values()].some(
    (client) => client.callback === event.callback && isClient(event.about, client),
  );
}

function describe(expected: ExpectedEvent): string {
  return `${expected.type} about slot ${expected.about} to slot ${expected.to}`;
}

function describeObserved(event: ObservedEvent, run: ObservedRun): string {
  const slots = [...run.clients];
  const to = slots.find(([, client]) => client.callback === event.callback)?.[0];
  const about = slots.find(([, client]) => isClient(event.about, client))?.[0];
  const subject = about === undefined ? 'about a client that is not known' : `about slot ${about}`;
  return `${eventTypeName(event.type) ?? `event ${event.type}`} ${subject} to slot ${String(to)}`;
}

function heardBy(slot: number, run: ObservedRun): string {
  const callback = run.clients.get(slot)?.callback;
  const heard = run.events.filter((event) => event.callback === callback);
  if (heard.length === 0) return 'it was told nothing';
  return `it was told ${heard.map((event) => describeObserved(event, run)).join(', ')}`;
}
