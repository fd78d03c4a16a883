import { stripVTControlCharacters } from 'node:util';

/**
 * Control characters, invisible and direction-changing characters, line and paragraph separators: what could repaint
 * a terminal, break a log line or make a text read as another.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** Foreign text as one harmless line of at most `limit` characters. */
export function printable(text: string, limit: number): string {
  // Escape sequences go whole, so that no `[31m` stays behind.
  const line = stripVTControlCharacters(text.toWellFormed()).replace(UNPRINTABLE, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}
