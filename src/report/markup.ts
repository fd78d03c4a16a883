import { sanitize } from './sanitize.ts';

/**
 * A string from outside as text of an HTML page, safe between tags and in quoted attributes. What a terminal would
 * choke on (controls, bidi) is visible as an escape, as everywhere.
 */
export function htmlText(text: string): string {
  return sanitize(text).replace(/[&<>"'`]/g, entity);
}

/**
 * A string from outside as it is, in one line of Markdown or one cell of a table: `<code>` with every character that
 * means something as a number. CommonMark takes no numeric reference for syntax, and GitHub and GitLab look for
 * mentions, issue numbers, emoji and links only outside of code.
 */
export function markdownCode(text: string): string {
  return `<code>${sanitize(text).replace(/[^A-Za-z0-9 ,;()=/-]/gu, entity)}</code>`;
}

/**
 * A sentence that may hold strings from outside, in one line of Markdown or one cell of a table. Nothing in it is
 * syntax, and `@`, `#`, `:` and `www.` are kept from what follows by an invisible word joiner, since mentions, issue numbers,
 * emoji and links are looked for in the text that a reader sees.
 */
export function markdownText(text: string): string {
  return sanitize(text)
    .replace(/([@#:])(?=[\p{L}\p{N}_/+-])|(?<=\bwww)(?=\.)/giu, `$1${WORD_JOINER}`)
    .replace(/(?<=\bGH)(?=-\d)/g, WORD_JOINER)
    .replace(/(?<=^ *)[-+=]|[^A-Za-z0-9 ,;()/%?.:"'@\p{L}\p{N}…→\u2060-]/gu, entity)
    .replace(/(?<=^ *\d+)[.)]/, entity);
}

/** Stands in front of nothing that a browser or a diff would show. */
const WORD_JOINER = '\u2060';

function entity(char: string): string {
  return `&#${char.codePointAt(0) ?? 0};`;
}

const LONGEST = 300;

/** Longer strings are cut, and say so: one name may not take the place of all others. */
export function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
