import { looksLikeCredential } from '../model/credential.ts';
import { distance } from 'fastest-levenshtein';

const LONGEST_SHOWN = 80;

/** `production` was meant to be `prod`, and nothing was meant by a shorter beginning. */
const SHORTEST_BEGINNING = 3;

/** A name that the user wrote, for a message: in backticks, on one line, without control characters, cut when long. */
export function show(name: string): string {
  const short = name.length > LONGEST_SHOWN ? `${name.slice(0, LONGEST_SHOWN)}…` : name;
  return `\`${printable(short)}\``;
}

/** The text with everything that is not meant to be seen (control, format, unassigned) as an escape. */
export function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{C}\u2028\u2029`]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return char === '`' ? "'" : `\\u{${code.toString(16)}}`;
  });
}

/** A key of a map, for a message: only its beginning where it holds what no key has, as in `KEY=text` and `KEY:text`. */
export function showKey(key: string): string {
  const end = key.search(NO_NAME);
  return end === -1 ? show(key) : show(`${key.slice(0, end)}…`);
}

/** True for a key that holds more than a name can. */
export function isNoName(key: string): boolean {
  return NO_NAME.test(key);
}

const NO_NAME = /[=:\s]/;

/** True for what may be a name, and is no value in the wrong place. */
export function looksLikeName(text: string): boolean {
  return /^[\w.-]{1,64}$/.test(text) && !looksLikeCredential('', text);
}

/** That something is null; `written` is the plain scalar as the file has it, null where it is none. */
export function nullSummary(name: string, written: string | null): string {
  if (written === null || written === 'null') return `${name} is null`;
  return written === ''
    ? `${name} is empty, which is null in YAML`
    : `${name} is \`${written}\`, which is null in YAML`;
}

/** Names in a row: `a`, `b`, `c`. */
export function showAll(names: readonly string[]): string {
  return names.map(show).join(', ');
}

/** The known name that the written one was probably meant to be: a similar one, or one that it begins with. */
export function closestName(written: string, known: readonly string[]): string | null {
  const folded = fold(written);
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const name of known) {
    const edits = distance(folded, fold(name));
    if (best === null || edits < best.edits) best = { name, edits };
  }
  if (best === null || folded.length > 2 * LONGEST_SHOWN) return null;
  const allowed = Math.max(folded.length > 2 ? 2 : 1, Math.floor(folded.length / 3));
  if (best.edits <= allowed && best.edits < fold(best.name).length) return best.name;
  const beginnings = known.filter((name) => name.length >= SHORTEST_BEGINNING && folded.startsWith(fold(name)));
  return beginnings.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

/** `Did you mean …?`, or null. */
export function didYouMean(written: string, known: readonly string[]): string | null {
  const name = closestName(written, known);
  return name === null ? null : `Did you mean ${show(name)}?`;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}
