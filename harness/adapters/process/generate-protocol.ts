/** `npm run protocol`: writes what is made from the table of the protocol. */
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { protocolDocument } from './protocol-document.ts';
import { protocolSchemaText } from './protocol-schema.ts';

/** The text of each generated file, by its path from this folder. */
export function generatedProtocolFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['protocol.schema.json', protocolSchemaText()],
    ['PROTOCOL.md', protocolDocument()],
  ]);
}

const [, script] = process.argv;
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  for (const [name, text] of generatedProtocolFiles()) {
    writeFileSync(new URL(name, import.meta.url), text);
    process.stdout.write(`written: ${name}\n`);
  }
}
