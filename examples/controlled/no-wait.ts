/** Broken: deregistration frees the entity without waiting for the calls that are still using it. */
import { defineImplementation } from 'rtm-conformance';
import { createRtm } from './rtm.ts';

export default defineImplementation({
  name: 'example-no-wait',
  version: '1.0.0',
  levels: ['core'],
  profile: 'notes',
  create: (host) => createRtm(host, { doesNotWait: true }),
});
