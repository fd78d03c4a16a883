/** Where a variable stands in a dotenv text. Counted from 1. */
export interface DotenvEntry {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

export interface DotenvScan {
  /** In order; a name may come again. */
  readonly entries: readonly DotenvEntry[];
  /** Lines that hold something that is no variable: the `dotenv` package passes over them in silence. */
  readonly unread: readonly number[];
}

/**
 * Finds the places of the variables that the `dotenv` package reads, which gives none. It follows that package's
 * grammar (names of `[\w.-]`, `=` or `: `, values in three sorts of quotes over several lines); a property test holds
 * the two together. Linear in the text.
 */
export function scanDotenv(written: string): DotenvScan {
  const text = written.replace(/\r\n?/g, '\n');
  const entries: DotenvEntry[] = [];
  const unread: number[] = [];
  let line = 1;
  let lineStart = 0;
  let counted = 0;
  const moveTo = (offset: number): void => {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
      line += 1;
      lineStart = at + 1;
    }
    counted = offset;
  };
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    moveTo(at);
    const start = text[at] === '#' ? null : assignmentAt(text, at);
    if (start !== null) {
      moveTo(start.nameAt);
      entries.push({ name: start.name, line, column: start.nameAt - lineStart + 1 });
      at = endOfValue(text, start.valueAt);
    } else {
      if (text[at] !== '#') unread.push(line);
      at = endOfLine(text, at);
    }
  }
  return { entries, unread };
}

function assignmentAt(text: string, at: number) {
  const assignment = /(?:export\s+)?([\w.-]+)(?:\s*=|:\s)/y;
  assignment.lastIndex = at;
  const found = assignment.exec(text);
  const name = found?.[1];
  if (found === null || name === undefined) return null;
  return { name, nameAt: at + found[0].lastIndexOf(name), valueAt: at + found[0].length };
}

/** Past a quoted value and what follows on its last line; past an unquoted one and its comment. */
function endOfValue(text: string, valueAt: number): number {
  const open = skipSpace(text, valueAt);
  const quote = text[open];
  const nothingMore = /[^\S\n\u2028\u2029]*(?:[#\n\u2028\u2029]|$)/y;
  let end: number | null = null;
  if (quote === '"' || quote === "'" || quote === '`') {
    for (let close = text.indexOf(quote, open + 1); close !== -1; close = text.indexOf(quote, close + 1)) {
      nothingMore.lastIndex = close + 1;
      if (nothingMore.test(text)) end = close;
      if (text[close - 1] !== '\\') break;
    }
  }
  return endOfLine(text, end ?? firstOf(/[#\n]/g, text, valueAt));
}

/** The end of a line in the sense of regular expressions, which is that package's sense everywhere but in values. */
function endOfLine(text: string, from: number): number {
  return firstOf(/[\n\u2028\u2029]/g, text, from);
}

function firstOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function skipSpace(text: string, from: number): number {
  return firstOf(/\S/g, text, from);
}
