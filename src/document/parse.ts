import { Composer, Lexer, Parser, type CST, type Document, type ParsedNode } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SourceText } from './source-text.ts';
import { yamlProblem } from './yaml-errors.ts';

/** The YAML documents of one file as syntax trees; empty ones are left out. */
export interface ParsedFile {
  readonly documents: readonly ParsedNode[];
  /**
   * Where the syntax is first wrong, as an offset: the trees may not be what was meant, and nothing should be read from
   * them. Null: nowhere.
   */
  readonly brokenAt: number | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Deeper than anyone writes, and far from where a recursive walk would overflow the stack. */
export const MAX_DEPTH = 100;

/** About what {@link MAX_FILE_BYTES} of ordinary YAML have; bounds the memory that extraordinary YAML can take. */
const MAX_LEXEMES = 5_000_000;

/** A file with this many errors is not read on: one mistake early on can make every later character one. */
const MAX_ERRORS = 1_000;

type ErrorSource = number | readonly number[] | { readonly offset: number };
type Report = (at: ErrorSource, parserCode: string, message?: string, warning?: boolean) => void;

/** Text → syntax trees, with everything that the parser throws, reports or warns of as diagnostics. Never throws. */
export function parseYaml(source: SourceText): ParsedFile {
  const diagnostics: Diagnostic[] = [];
  const lastVisible = source.text.trimEnd().length;
  let brokenAt: number | null = null;
  // The parser often has several things to say about one place; the first is the closest to the cause.
  let lastOffset = -1;
  const report: Report = (at, parserCode, _message, warning) => {
    const offset = offsetOf(at);
    const severity = warning === true && !parserCode.startsWith('TAG') ? 'warning' : 'error';
    const problem = yamlProblem(parserCode);
    if (severity === 'error' && spoils(problem.code))
      brokenAt = Math.min(brokenAt ?? offset, parserCode === 'RESOURCE_EXHAUSTION' ? 0 : offset);
    if (diagnostics.length >= MAX_ERRORS || offset === lastOffset) return;
    lastOffset = offset;
    // What is missing at the end of the file is missing behind the last thing that is there.
    diagnostics.push({ severity, ...problem, where: source.placeAt(Math.min(offset, lastVisible)) });
  };
  try {
    const documents: ParsedNode[] = [];
    for (const { contents } of composed(source.text, report)) {
      if (contents !== null && !isEmpty(contents)) documents.push(contents);
    }
    return { documents, diagnostics, brokenAt };
  } catch {
    report(0, 'IMPOSSIBLE');
    return { documents: [], diagnostics, brokenAt: 0 };
  }
}

/** Lexer, parser and composer by hand, to stop early and to see directives, which a stream without documents hides. */
function* composed(text: string, report: Report): Generator<Document.Parsed> {
  const parser = new Parser();
  const composer = new Composer({ version: '1.2', uniqueKeys: false, resolveKnownTags: false });
  let composing: CST.Token | null = null;
  // Private, and the only way not to have an Error with a stack made for each of a million mistakes.
  (composer as unknown as { onError: Report }).onError = (at, code, message, warning) => {
    const unclosed = typeof at === 'number' && message?.startsWith('Missing closing') === true;
    const quote = unclosed && composing !== null ? quotedUpTo(composing, at) : null;
    if (quote === null) report(at, code, message, warning);
    else report(quote, 'UNCLOSED_QUOTE');
  };

  let lexemes = 0;
  const lexed = new Lexer().lex(text);
  function* tokens(): Generator<CST.Token> {
    for (const lexeme of lexed) {
      if (++lexemes > MAX_LEXEMES) return;
      yield* parser.next(lexeme);
    }
    yield* parser.end();
  }

  for (const token of tokens()) {
    if (token.type === 'directive') report(token, 'BAD_DIRECTIVE');
    else if (token.type === 'error') report(token, 'UNEXPECTED_TOKEN');
    else {
      const deep = token.type === 'document' ? tooDeep(token) : null;
      composing = token;
      if (deep !== null) report(deep, 'RESOURCE_EXHAUSTION');
      else yield* composer.next(token);
    }
  }
  yield* composer.end();
  if (lexemes > MAX_LEXEMES) report(0, 'TOO_LARGE');
}

/** Tags and directives are refused, and what they stand at can still be read. */
function spoils(code: Diagnostic['code']): boolean {
  return code !== 'CVG107' && code !== 'CVG108';
}

function offsetOf(source: ErrorSource): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : (source[0] ?? 0);
}

/** `---` with nothing, or only comments, after it. */
function isEmpty(contents: ParsedNode): boolean {
  return 'value' in contents && contents.value === null && contents.source === '' && contents.tag === undefined;
}

/** The first token nested deeper than {@link MAX_DEPTH}; found without recursion, since composing recurses. */
function tooDeep(document: CST.Document): CST.Token | null {
  let level: CST.Token[] = document.value === undefined ? [] : [document.value];
  for (let depth = 0; level.length > 0; depth++) {
    const [first] = level;
    if (depth > MAX_DEPTH && first !== undefined) return first;
    level = level.flatMap(membersOf).filter((token) => 'items' in token);
  }
  return null;
}

/** The quoted scalar that ends at `end`. */
function quotedUpTo(token: CST.Token, end: number): CST.Token | null {
  const open: CST.Token[] = [token];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === 'document') {
      if (next.value !== undefined) open.push(next.value);
    } else if (next.type === 'single-quoted-scalar' || next.type === 'double-quoted-scalar') {
      if (next.offset + next.source.length === end) return next;
    } else for (const member of membersOf(next)) open.push(member);
  }
  return null;
}

function membersOf(token: CST.Token): CST.Token[] {
  switch (token.type) {
    case 'block-map':
    case 'block-seq':
    case 'flow-collection': {
      const members: CST.Token[] = [];
      for (const item of token.items) {
        if (item.key !== undefined && item.key !== null) members.push(item.key);
        if (item.value !== undefined) members.push(item.value);
      }
      return members;
    }
    default:
      return [];
  }
}
