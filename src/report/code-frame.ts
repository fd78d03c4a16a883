import { looksLikeCredential } from '../model/credential.ts';
import { sanitize } from './sanitize.ts';

/**
 * What of a source line may be shown (law C). A line can hold the value of a variable, so a frame shows the key that a
 * line begins with and nothing after it; `…` stands for the rest. One thing more: the token under the caret, where the
 * diagnostic itself quotes it already. Lines inside block and quoted scalars show nothing.
 */
export interface FrameLine {
  readonly text: string;
  /** Offset in `text` of what stands at the column asked for, and its length there. */
  readonly caret: number;
  readonly length: number;
}

/** The lines of a YAML file with those left blank (null) that lie inside a scalar of several lines. */
export function frameSource(text: string): readonly (string | null)[] {
  const lines: (string | null)[] = [];
  let block: number | null = null;
  let quote: string | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const indent = line.length - line.trimStart().length;
    if (block !== null && (line.trim() === '' || indent > block)) {
      lines.push(null);
      continue;
    }
    block = null;
    lines.push(quote === null ? line : null);
    quote = openQuote(line, quote);
    if (quote === null && BLOCK_HEADER.test(line)) block = line.startsWith('---') ? -1 : indent;
  }
  return lines;
}

/** The frame of one line, or null where nothing of it may be shown. `column` counts from 1. */
export function frameLine(line: string | null, column: number, quoted: (token: string) => boolean): FrameLine | null {
  if (line === null) return null;
  const key = leadingKey(line);
  const at = column - 1;
  const prefix = key === null ? (LEAD.exec(line)?.[0] ?? '') : key.text;
  const shownPrefix = prefix.replace(/\t/g, ' ');
  const rest = line.slice(prefix.length);
  const token = at >= prefix.length ? (TOKEN.exec(line.slice(at))?.[0] ?? '') : '';
  if (token !== '' && quoted(token)) {
    const skipped =
      line.slice(prefix.length, at).trim() === '' ? line.slice(prefix.length, at).replace(/\t/g, ' ') : ' … ';
    const before = sanitize(shownPrefix + skipped);
    const after = line.slice(at + token.length).trim() === '' ? '' : ' …';
    return { text: before + sanitize(token) + after, caret: before.length, length: sanitize(token).length };
  }
  if (key === null && rest.trim() === '') return null;
  const text = sanitize(shownPrefix) + (rest.trim() === '' ? '' : `${key === null ? '' : ' '}…`);
  if (key !== null && at >= key.start && at < key.start + key.length)
    return { text, caret: at, length: key.length - (at - key.start) };
  const inside = at < prefix.trimEnd().length;
  return { text, caret: inside ? at : text.length - 1, length: 1 };
}

/** True where the line begins with a key that may be shown: only such a line helps as context. */
export function hasKey(line: string | null): line is string {
  return line !== null && leadingKey(line) !== null;
}

/** `text` runs to the colon; null where there is no key, or one that looks like a credential itself. */
function leadingKey(line: string): { readonly text: string; readonly start: number; readonly length: number } | null {
  const match = LEADING_KEY.exec(line);
  const [text, lead, key] = match ?? [];
  if (text === undefined || lead === undefined || key === undefined || looksLikeCredential('', key)) return null;
  return { text, start: lead.length, length: key.length };
}

/** The quote that is still open at the end of the line, given the one open at its start. */
function openQuote(line: string, open: string | null): string | null {
  let quote = open;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? '';
    if (quote !== null) {
      if (quote === '"' && char === '\\') i++;
      else if (char === quote) quote = null;
    } else if (char === '#' && (i === 0 || /\s/.test(line[i - 1] ?? ''))) return null;
    else if ((char === '"' || char === "'") && /^$|[\s[{,:(]/.test(line[i - 1] ?? '')) quote = char;
  }
  return quote;
}

const LEAD = /^\s*(?:- +)*/;
const LEADING_KEY = /^(\s*(?:- +)*)([A-Za-z_][\w.-]{0,99}|"[^"\\]{0,99}"|'[^']{0,99}')\s*:(?=\s|$)/;
const BLOCK_HEADER = /(?:^|[\s:-])[|>][-+0-9]{0,2}\s*(?:\s#.*)?$/;
/** Up to what ends a key or a plain scalar; a quoted one whole. */
const TOKEN = /^(?:"[^"\\]*"|'[^']*'|[^\s,:[\]{}"'#]+)/;
