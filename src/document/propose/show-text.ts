import { isMap, isScalar, Lexer } from 'yaml';
import { looksLikeCredential, namesCredential } from '../../model/credential.ts';
import { isPlainValue } from '../../model/plain-value.ts';
import type { Masker } from '../mask.ts';
import { parseYaml } from '../parse.ts';
import { sourceText } from '../source-text.ts';
import { endOf, startOf } from './extent.ts';
import type { Shown } from './hunks.ts';
import { keyText, type SyntaxFile } from './syntax.ts';

/**
 * A file's text as a diff may show it: as code frames do, and beyond that the values that a dump would write in clear,
 * and comments in which nothing looks like a credential.
 */
export function shownText(file: SyntaxFile, mask: Masker): Shown {
  const { text } = file;
  // By UTF-16 units, which offsets count.
  const units = mask(text, parseYaml(sourceText(file.path, text))).split('');
  const open = (start: number, end: number): void => {
    for (let at = start; at < end; at += 1) units[at] = text[at] ?? '';
  };
  for (const { pair } of file.everyPair) {
    const name = keyText(pair);
    const long = isMap(pair.value) ? file.find(pair.value, 'value')?.pair.value : pair.value;
    if (name === null || !isScalar(long) || typeof long.value !== 'string' || !isPlainValue(name, long.value)) continue;
    open(startOf(long), endOf(long, text));
  }
  for (const [start, comment] of commentsIn(text)) if (isHarmless(comment)) open(start, start + comment.length);
  return { text, masked: units.join('') };
}

/** Control characters that the lexer puts between the parts of the text. */
const MARKS: ReadonlySet<string> = new Set(['\u{2}', '\u{18}', '\u{1f}']);

function commentsIn(text: string): readonly (readonly [number, string])[] {
  const found: (readonly [number, string])[] = [];
  let at = 0;
  let isScalarNext = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) {
      isScalarNext = lexeme === '\u{1f}';
      continue;
    }
    if (!isScalarNext && lexeme.startsWith('#')) found.push([at, lexeme]);
    isScalarNext = false;
    at += lexeme.length;
  }
  return found;
}

/** Comments are for people, and sometimes hold a value that was taken out of use. */
function isHarmless(comment: string): boolean {
  for (const [, name = '', value = ''] of comment.matchAll(/([A-Za-z_]\w*)["']?\s*[:=]\s*["']?([^\s"',}]+)/g))
    if ((namesCredential(name) || /^[A-Z]\w*_/.test(name)) && !isPlainValue(name, value)) return false;
  return comment.split(/[\s"'=:,;(){}[\]]+/).every((word) => !looksLikeCredential('', word));
}
