import type { DiagnosticCode } from '../model/diagnostic-codes.ts';

/** What one of the parser's error codes means to a reader. */
export interface YamlProblem {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly hint?: string;
}

const QUOTE_IT = 'Text that holds `: ` or ` #`, or starts with one of `* & ! % @ { [`, needs quotes.';

/** The parser's own messages may quote the file, and with it a variable's value; these never do. */
const PROBLEMS: Readonly<Record<string, YamlProblem>> = {
  ALIAS_PROPS: { code: 'CVG104', summary: 'an alias cannot have an anchor or a tag' },
  BAD_ALIAS: { code: 'CVG104', summary: 'an anchor or alias needs a name, and the name cannot end in `:`' },
  BAD_COLLECTION_TYPE: { code: 'CVG107', summary: 'the tag does not fit what follows it' },
  BAD_DIRECTIVE: { code: 'CVG108', summary: 'YAML directives are not supported', hint: 'Take the line out.' },
  BAD_DQ_ESCAPE: {
    code: 'CVG104',
    summary: 'invalid escape sequence in double quotes',
    hint: 'Write a backslash as `\\\\`, or use single quotes.',
  },
  BAD_INDENT: { code: 'CVG104', summary: 'wrong indentation', hint: 'Items of one list or map start at one column.' },
  BAD_PROP_ORDER: { code: 'CVG104', summary: 'anchors and tags come after the `-`, `?` or `:`' },
  BAD_SCALAR_START: { code: 'CVG104', summary: 'unquoted text cannot start with this character', hint: QUOTE_IT },
  BLOCK_AS_IMPLICIT_KEY: { code: 'CVG104', summary: 'a map or list cannot start here', hint: QUOTE_IT },
  BLOCK_IN_FLOW: { code: 'CVG104', summary: 'an indented block cannot stand inside `{}` or `[]`' },
  KEY_OVER_1024_CHARS: { code: 'CVG104', summary: 'a key is longer than 1024 characters' },
  MISSING_CHAR: {
    code: 'CVG104',
    summary: 'something is missing here: a closing quote or bracket, a comma, a `:` or a space',
  },
  MULTILINE_IMPLICIT_KEY: { code: 'CVG104', summary: 'a key must stand on one line, followed by `:`' },
  MULTIPLE_ANCHORS: { code: 'CVG104', summary: 'a value has several anchors' },
  MULTIPLE_TAGS: { code: 'CVG104', summary: 'a value has several tags' },
  RESOURCE_EXHAUSTION: { code: 'CVG111', summary: 'nested too deeply' },
  TAB_AS_INDENT: { code: 'CVG104', summary: 'a tab is used as indentation', hint: 'YAML indents with spaces only.' },
  TAG_RESOLVE_FAILED: {
    code: 'CVG107',
    summary: 'unknown tag, or the value does not fit it',
    hint: 'Only the core tags (!!str, !!int, !!float, !!bool, !!null, !!map, !!seq) are known.',
  },
  TOO_LARGE: {
    code: 'CVG103',
    summary: 'the file holds more YAML than is read',
    hint: 'Split it into several files.',
  },
  UNCLOSED_QUOTE: { code: 'CVG104', summary: 'this quote is never closed' },
  UNEXPECTED_TOKEN: { code: 'CVG104', summary: 'this is not expected here', hint: QUOTE_IT },
};

export function yamlProblem(parserCode: string): YamlProblem {
  return PROBLEMS[parserCode] ?? { code: 'CVG104', summary: `not valid YAML (${parserCode})` };
}
