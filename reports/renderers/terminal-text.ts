/**
 * Text for a terminal that strangers had a hand in: made harmless, measured, wrapped and cut.
 *
 * Whatever could move the cursor, change colours, reorder or hide text (control and format
 * characters, lone surrogates) is shown as an escape such as `\x1b`. What is left has the width a
 * terminal gives it: 0 for combining marks, 2 for East Asian wide characters and emoji, else 1.
 */

/** Controls, format characters (bidirectional overrides, joiners, tags), separators, lone surrogates, invisible and noncharacters. */
const unsafe =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const mark = /^\p{M}$/u;

/** Ranges of wide characters, from Unicode's East Asian Width and Emoji_Presentation, in whole blocks where that is near enough. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x23f0, 0x23f0],
  [0x23f3, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x267f, 0x267f],
  [0x2693, 0x2693],
  [0x26a1, 0x26a1],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x26ce, 0x26ce],
  [0x26d4, 0x26d4],
  [0x26ea, 0x26ea],
  [0x26f2, 0x26f3],
  [0x26f5, 0x26f5],
  [0x26fa, 0x26fa],
  [0x26fd, 0x26fd],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x274e, 0x274e],
  [0x2753, 0x2755],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x27b0, 0x27b0],
  [0x27bf, 0x27bf],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2b55, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f1e6, 0x1f202],
  [0x1f210, 0x1f23b],
  [0x1f240, 0x1f248],
  [0x1f250, 0x1f251],
  [0x1f260, 0x1f265],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f7f0, 0x1f7f0],
  [0x1f90c, 0x1faff],
  [0x20000, 0x3fffd],
];

/** One line of harmless text: line breaks and tabs become spaces, other unsafe characters escapes. */
export function plainLine(text: string): string {
  return text.replace(/\r\n|[\n\r\t]/g, ' ').replace(unsafe, escaped);
}

/** As `plainLine`, line by line. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|[\n\r]/).map(plainLine);
}

/** Columns a terminal uses for harmless text. */
export function widthOf(text: string): number {
  // Nearly all text is ASCII, and this is asked of every cell of every table.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Harmless text cut to a width, with `…` for what is missing. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width < 1 ? '' : takeWidth(text, width - 1) + '…';
}

/** Filled up with spaces to a width, never cut. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Filled up with spaces on the left, as numbers are. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

export interface WrapOptions {
  /** At least 2, so that every character fits. */
  readonly width: number;
  /** The most lines; the last one then ends in `…`. */
  readonly lines?: number;
}

/** Breaks harmless text at spaces, and within words that are longer than a line. At least one line. */
export function wrap(text: string, options: WrapOptions): string[] {
  const { width, lines: most = Infinity } = options;
  const lines: string[] = [];
  let rest = text.trimEnd();
  while (widthOf(rest) > width) {
    if (lines.length + 1 >= most) break;
    const taken = takeWidth(rest, width);
    const space = rest[taken.length] === ' ' ? taken.length : taken.lastIndexOf(' ');
    const isBreak = space > 0 && taken.slice(0, space).trim() !== '';
    const end = isBreak ? space : taken.length;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  lines.push(truncate(rest, width));
  return lines;
}

/** `1234567` as `1,234,567`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 check`, `2 checks`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The longest prefix that fits; the marks that combine with its last character stay with it. */
function takeWidth(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  // Vowels and final consonants of Korean combine with the consonant before them.
  if ((code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff)) return 0;
  if (mark.test(character)) return 0;
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}
