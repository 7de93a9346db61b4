/** Text of strangers, made fit for one line of a message. */
const LENGTH_MAX = 200;

export function shorten(text: string): string {
  const shown = Array.from(text.slice(0, LENGTH_MAX), visible).join('');
  return text.length <= LENGTH_MAX ? shown : `${shown}… (${text.length} characters)`;
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const isControl =
    code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
  return isControl ? `\\x${code.toString(16).padStart(2, '0')}` : character;
}
