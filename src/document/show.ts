import { distance } from 'fastest-levenshtein';

const LONGEST_SHOWN = 80;

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

/** Names in a row: `a`, `b`, `c`. */
export function showAll(names: readonly string[]): string {
  return names.map(show).join(', ');
}

/** The known name that the written one was probably meant to be, or null. */
export function closestName(written: string, known: readonly string[]): string | null {
  const folded = fold(written);
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const name of known) {
    const edits = distance(folded, fold(name));
    if (best === null || edits < best.edits) best = { name, edits };
  }
  if (best === null || folded.length > 2 * LONGEST_SHOWN) return null;
  const allowed = Math.max(folded.length > 2 ? 2 : 1, Math.floor(folded.length / 3));
  return best.edits <= allowed && best.edits < fold(best.name).length ? best.name : null;
}

/** `Did you mean …?`, or null. */
export function didYouMean(written: string, known: readonly string[]): string | null {
  const name = closestName(written, known);
  return name === null ? null : `Did you mean ${show(name)}?`;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}
