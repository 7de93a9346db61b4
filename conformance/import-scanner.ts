/**
 * Reads the imports from the text of a module, for the test that holds the rooms apart.
 *
 * A bundler's list would not do: it drops imports of types, and an arrow drawn by a type is an arrow all
 * the same. A parser would be a dependency. What must not be misread are comments, strings, regular
 * expressions and templates, and those take a few lines.
 */

export interface Scan {
  readonly specifiers: readonly Specifier[];
  /** The text without comments, strings and regular expressions. */
  readonly code: string;
  /** Behind the last character that was read. */
  readonly end: number;
}

export interface Specifier {
  readonly name: string;
  readonly isType: boolean;
}

/** A comment, a string, a regular expression (only where an operand may stand), a template's start, a brace. */
const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?<=[=(,:[!&|?{};>]\s*|\breturn\s+)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|[`{}]/g;

/** Reads from `start` to the end, or, from within a template, to the brace that closes what was opened. */
export function scanImports(text: string, start = 0): Scan {
  const specifiers: Specifier[] = [];
  const token = new RegExp(TOKEN);
  let code = '';
  let at = start;
  let depth = start === 0 ? Infinity : 1;
  token.lastIndex = start;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const found = match[0];
    code += text.slice(at, match.index);
    if (found === '`') {
      const template = scanTemplate(text, match.index + 1);
      code += `\`${template.code}\``;
      specifiers.push(...template.specifiers);
      token.lastIndex = template.end;
    } else if (found === '{' || found === '}') {
      depth += found === '{' ? 1 : -1;
      if (depth === 0) return { specifiers, code, end: token.lastIndex };
      code += found;
    } else if (found.startsWith("'") || found.startsWith('"')) {
      if (/\b(?:from|import|import\s*\()\s*$/.test(code)) {
        const isType = /\b(?:import|export)\s+type\b[^;]*$/.test(code);
        specifiers.push({ name: found.slice(1, -1), isType });
      }
      code += "''";
    } else {
      code += ' ';
    }
    at = token.lastIndex;
  }
  return { specifiers, code: code + text.slice(at), end: text.length };
}

/** Keeps the code inside `${}`; `start` is behind the opening backtick, `end` behind the closing one. */
function scanTemplate(text: string, start: number): Scan {
  const specifiers: Specifier[] = [];
  let code = '';
  let at = start;
  while (at < text.length && text[at] !== '`') {
    if (text.startsWith('${', at)) {
      const inner = scanImports(text, at + 2);
      specifiers.push(...inner.specifiers);
      code += `\${${inner.code}}`;
      at = inner.end;
    } else {
      at += text[at] === '\\' ? 2 : 1;
    }
  }
  return { specifiers, code, end: at + 1 };
}
