import type { ScalarTag } from 'yaml';
import { readsAsInYaml11 } from '../yaml-1-1.ts';

/**
 * How texts are written: plain only where every reader of YAML, old and new, takes them for the same text; several lines
 * as a block where nothing in them can be lost; else in double quotes, with everything that cannot be seen escaped.
 */
export const textTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string',
  resolve: (text) => text,
  stringify(item, context) {
    const text = String(item.value);
    if (isPlain(text)) return text;
    if (context.implicitKey !== true && !context.inFlow && isBlock(text)) return block(text, context.indent);
    return quoted(text);
  },
};

/** A text on one line, for everywhere that a scalar may stand: as a key, and inside of braces and brackets too. */
export function lineText(text: string): string {
  return isPlain(text) ? text : quoted(text);
}

/** The text in the quotes that another text has, where they can hold it on one line; else as {@link lineText}. */
export function textLike(text: string, quotes: 'double' | 'single' | null): string {
  if (quotes === 'double') return quoted(text);
  return quotes === 'single' && visible(text) === text ? `'${text.replaceAll("'", "''")}'` : lineText(text);
}

/** A list of names on one line, without the spaces inside the brackets that maps have. */
export class NameList {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
  }
}

export const nameListTag: ScalarTag = {
  tag: '!names',
  default: true,
  identify: (value) => value instanceof NameList,
  resolve: (text) => text,
  stringify({ value }) {
    const names = value instanceof NameList ? value.names : [];
    return `[${names.map((name) => (isPlain(name) ? name : quoted(name))).join(', ')}]`;
  },
};

const PLAIN = /^[A-Za-z_/](?:[\w./@+~%-]|:(?=[\w/.])| (?=[\w./@(]))*$/;
const CORE_WORDS = /^(?:null|true|false|nan|inf)$/i;

function isPlain(text: string): boolean {
  return PLAIN.test(text) && text.length <= 200 && !CORE_WORDS.test(text) && readsAsInYaml11(text) === null;
}

/** Several lines that can all be seen, no spaces where a block would need an indicator, and at most one newline at the end. */
const BLOCK =
  /^[^\s\p{C}](?:[^\p{C}\u2028\u2029]*[^\s\p{C}])?(?:\n+[^\s\p{C}](?:[^\p{C}\u2028\u2029]*[^\s\p{C}])?)+\n?$/u;

/** A line that a CI runner would take for a command. */
const RUNNER_COMMAND = /^(?:::|##)/m;

function isBlock(text: string): boolean {
  return text.includes('\n') && BLOCK.test(text) && !RUNNER_COMMAND.test(text);
}

function block(text: string, indent: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const written = lines.map((line) => (line === '' ? '' : `${indent === '' ? '  ' : indent}${line}`));
  return [text.endsWith('\n') ? '|' : '|-', ...written].join('\n');
}

/** A JSON text is one of YAML too, but for what is outside of the first plane, which YAML escapes in one. */
function quoted(text: string): string {
  return visible(JSON.stringify(text));
}

/** The text with everything that cannot be seen (control, format, unassigned, line separators) as an escape of YAML's. */
export function visible(text: string): string {
  return text.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
