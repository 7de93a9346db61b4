/** Replies, and what callbacks are given, in words. */
import { show } from '../../harness/index.ts';
import type { Reply, Token } from '../../reference/model/index.ts';
import { type FunctionName, functions } from '../../spec/index.ts';
import { describeOut } from './describe-call.ts';
import { isRecord } from './is-record.ts';
import { statusText } from './recorder.ts';
import { TABLES } from './rtm-program.ts';

export function describeReply(
  name: FunctionName,
  reply: Reply,
  nameOf: (token: Token) => string,
): string {
  const { out } = reply;
  const status = statusText(reply.status);
  if (out === undefined) return status;
  if (functions[name].level !== 'core') {
    const text = describeOut(name, out, (token) => nameOf(Number(token)));
    return text === '' ? status : `${status}, ${text}`;
  }
  const parts: string[] = [];
  const handle = out['RtmRegHandle'];
  if (typeof handle === 'number') parts.push(nameOf(handle));
  const count = out['NumEntities'];
  if (typeof count === 'number') parts.push(`${count} listed`);
  const handles = out['EntityHandles'];
  const infos = out['EntityInfos'];
  if (Array.isArray(infos)) {
    parts.push(
      infos
        .map((info, index) => {
          const token: unknown = Array.isArray(handles) ? handles[index] : undefined;
          return `${typeof token === 'number' ? `${nameOf(token)} ` : ''}${describeInfo(info)}`;
        })
        .join(', '),
    );
  }
  const info = out['EntityInfo'];
  if (info !== undefined) parts.push(describeInfo(info));
  return [status, ...parts].join(', ');
}

export function describeInfo(info: unknown): string {
  if (info === null) return 'NULL';
  if (!isRecord(info)) return show(info);
  const id = info['EntityId'];
  const protocol = isRecord(id) ? Number(id['EntityProtocolId']) : Number.NaN;
  const instance = isRecord(id) ? id['EntityInstanceId'] : undefined;
  const number = `${protocol - 100}${instance === 1 ? '' : `.${String(instance)}`}`;
  const name = Number.isInteger(protocol) ? `identity ${number}` : 'no identity';
  const place = TABLES.findIndex(
    (table) =>
      table.RtmInstanceId === info['RtmInstanceId'] &&
      table.AddressFamily === info['AddressFamily'],
  );
  return place === 0
    ? name
    : `${name} of instance ${String(info['RtmInstanceId'])}, family ${String(info['AddressFamily'])}`;
}

export function describeContext(context: unknown): string {
  return isRecord(context) ? `, ${describeInfo(context)}` : '';
}

export { isRecord } from './is-record.ts';
