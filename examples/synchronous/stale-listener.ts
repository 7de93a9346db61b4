/** Broken: an entity that has deregistered stays among the listeners and is told of events for ever. */
import { defineImplementation } from 'rtm-conformance';
import { createRtm } from './rtm.ts';

export default defineImplementation({
  name: 'example-stale-listener',
  version: '1.0.0',
  levels: ['core'],
  create: () => createRtm({ tellsTheDeparted: true }),
});
