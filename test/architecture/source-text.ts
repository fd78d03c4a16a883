/**
 * A source file taken apart just far enough for the architecture rules: TypeScript 7 has no compiler API. Comments and
 * the contents of strings are blanked in `code`, so that patterns match code only; offsets and lines stay.
 */
export interface SourceText {
  /** `src/diff/plan.ts`, with `/`. */
  readonly path: string;
  /** First folder under `src`, or the name of a file that lies in `src` itself. */
  readonly floor: string;
  readonly code: string;
  readonly strings: readonly StringLiteral[];
  readonly imports: readonly Import[];
  readonly lines: number;
}

export interface StringLiteral {
  readonly text: string;
  readonly line: number;
}

export interface Import {
  readonly specifier: string;
  readonly how: 'static' | 'dynamic' | 'reexport';
  readonly line: number;
}

export function sourceText(path: string, text: string): SourceText {
  const { code, strings } = scan(text);
  return {
    path,
    floor: (path.split('/')[1] ?? '').replace(/\.ts$/, ''),
    code,
    strings: strings.map(({ text, start }) => ({ text, line: lineAt(code, start) })),
    imports: strings.flatMap((literal) => importOf(code, literal)),
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
  };
}

/** Counts from 1. */
export function lineAt(code: string, offset: number): number {
  return code.slice(0, offset).split('\n').length;
}

interface Found {
  readonly text: string;
  readonly start: number;
}

function importOf(code: string, literal: Found): Import[] {
  const before = code.slice(0, literal.start);
  const line = lineAt(code, literal.start);
  if (/\bimport\s*\(\s*$/.test(before)) return [{ specifier: literal.text, how: 'dynamic', line }];
  if (/\bimport\s*$/.test(before)) return [{ specifier: literal.text, how: 'static', line }];
  const statement = /\b(import|export)\b[^;'"()=]*\bfrom\s*$/.exec(before);
  if (statement === null) return [];
  return [{ specifier: literal.text, how: statement[1] === 'export' ? 'reexport' : 'static', line }];
}

/** Blanks comments and string contents; collects the strings (templates: the text between substitutions). */
function scan(text: string): { readonly code: string; readonly strings: readonly Found[] } {
  const out = text.split('');
  const strings: Found[] = [];
  /** Depth of braces at which each open template substitution ends. */
  const substitutions: number[] = [];
  let braces = 0;
  let at = 0;

  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' ';
  };
  const find = (pattern: RegExp, from: number): number => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.index ?? text.length;
  };
  const take = (from: number, to: number): void => {
    strings.push({ text: text.slice(from, to), start: from - 1 });
    blank(from, to);
  };
  const template = (from: number): number => {
    const end = find(/(?<!(?<!\\)(?:\\\\)*\\)(?:`|\$\{)/g, from);
    take(from, end);
    if (text[end] !== '$') return end + 1;
    substitutions.push(braces);
    braces += 1;
    return end + 2;
  };

  while (at < text.length) {
    const char = text[at];
    const two = text.slice(at, at + 2);
    if (two === '//' || two === '/*') {
      const end = two === '//' ? find(/\n/g, at) : Math.min(find(/\*\//g, at + 2) + 2, text.length);
      blank(at, end);
      at = end;
    } else if (char === "'" || char === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== char && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      take(at + 1, end);
      at = end + 1;
    } else if (char === '`') at = template(at + 1);
    else if (char === '/' && startsRegExp(out.slice(Math.max(0, at - 80), at).join(''))) {
      const end = endOfRegExp(text, at);
      blank(at + 1, end);
      at = end + 1;
    } else if (char === '}' && substitutions.at(-1) === braces - 1) {
      substitutions.pop();
      braces -= 1;
      at = template(at + 1);
    } else {
      if (char === '{') braces += 1;
      if (char === '}') braces -= 1;
      at += 1;
    }
  }
  return { code: out.join(''), strings };
}

/** A slash divides after a value and starts a regular expression elsewhere. */
function startsRegExp(before: string): boolean {
  const trimmed = before.trimEnd();
  if (/\b(?:return|typeof|case|of|in|do|else|void|delete|await|yield)$/.test(trimmed)) return true;
  return !/[\w$)\]}'"`]$/.test(trimmed);
}

function endOfRegExp(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '[') inClass = true;
    else if (text[at] === ']') inClass = false;
    else if (text[at] === '/' && !inClass) return at;
  }
  return start + 1;
}
