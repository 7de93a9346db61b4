/** Colour for those who asked for it, and nothing at all for the others. */

/** What a piece of text is, rather than what it looks like. */
export type Style = 'good' | 'bad' | 'warning' | 'strong' | 'faint' | 'name' | 'critical';

export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, string>> = {
  good: '32',
  bad: '31;1',
  warning: '33',
  strong: '1',
  faint: '2',
  name: '36',
  critical: '31',
};

/** Text must be harmless and measured before it is painted: colours have no width. */
export function painter(color: boolean): Paint {
  return color
    ? (style, text) => (text === '' ? '' : `\u001B[${codes[style]}m${text}\u001B[0m`)
    : (_style, text) => text;
}
