/** What implementations are written against. */
export type {
  EventCallback,
  Handle,
  Implementation,
  Reply,
  Rtm,
  RtmEntityInfo,
  RtmHost,
} from '../../harness/adapters/index.ts';
export type {
  Atomic,
  Block,
  Condition,
  ManualEvent,
  Mutex,
  RwLock,
  Semaphore,
  Task,
} from '../../harness/index.ts';
