/** Broken: looks for the identity before it takes the lock, so that two registrations of one succeed. */
import { defineImplementation } from 'rtm-conformance';
import { createRtm } from './rtm.ts';

export default defineImplementation({
  name: 'example-check-then-insert',
  version: '1.0.0',
  levels: ['core'],
  create: () => createRtm({ looksBeforeLocking: true }),
});
