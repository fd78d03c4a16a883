import { reveal, type Secret } from '../../model/secret.ts';
import { printable } from './printable.ts';

/** Shorter values are everyday words: replacing them would garble the message and hide nothing. */
const SHORTEST = 6;
const MASK = '[secret]';
/** Stands for the mask while we search, so that the mask is never searched itself: a Unicode non-character. */
const MARK = '\uFDD0';
const MESSAGE_LIMIT = 500;
/** A message that is longer is not worth reading, and not worth searching. */
const INPUT_LIMIT = 64 * 1024;

/** The scope of what is secret everywhere: the token. */
export const EVERYWHERE = '';

/**
 * Cleans what a platform says, at birth (law C). Secrets are noted per scope (a deployment's address), and a message is
 * cleaned of those of its scope and of {@link EVERYWHERE}.
 */
export interface Scrubber {
  note(scope: string, secrets: readonly Secret[]): void;
  /** One printable line of at most 500 characters without the secrets, plain or as JSON, URL, HTML, hex or base64. */
  scrub(scope: string, text: string): string;
}

export function openScrubber(): Scrubber {
  const noted = new Map<string, Set<string>>();
  return {
    note(scope, secrets) {
      const values = noted.get(scope) ?? new Set();
      noted.set(scope, values);
      for (const secret of secrets) {
        const text = reveal(secret);
        if (text.length >= SHORTEST) values.add(text);
      }
    },
    scrub(scope, text) {
      if (text.length > INPUT_LIMIT) return '(a message too long to show)';
      const spellings = [...(noted.get(scope) ?? []), ...(noted.get(EVERYWHERE) ?? [])].flatMap(spellingsOf);
      // Longest first: a value that contains another must go whole.
      const ordered = [...new Set(spellings)].sort((a, b) => b.length - a.length);
      const marked = mark(text.replaceAll(MARK, ''), ordered);
      // Again after control characters are gone, for a value that they had split.
      const twice = mark(printable(marked, INPUT_LIMIT), ordered);
      return printable(twice.replaceAll(MARK, MASK), MESSAGE_LIMIT);
    },
  };
}

function mark(text: string, spellings: readonly string[]): string {
  return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, MARK), text);
}

/** How a text may look inside a message. */
function spellingsOf(secret: string): readonly string[] {
  const text = secret.toWellFormed();
  const bytes = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  const hex = bytes.toString('hex');
  return [
    text,
    text.trim(),
    printable(text, INPUT_LIMIT),
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', String.raw`\/`),
    asciiJson(json),
    url,
    lowerHex(url),
    form,
    lowerHex(form),
    html(text),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((before) => base64Within(bytes, before)),
  ].filter((spelling) => spelling.length >= SHORTEST);
}

/** JSON as writers do that keep to ASCII. */
function asciiJson(json: string): string {
  return json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/**
 * Base64 of a text with so many bytes before it (`user:` and the like), both alphabets: what does not depend on the
 * bytes around it. Three bytes are four digits, so only the remainder by three matters.
 */
function base64Within(bytes: Buffer, before: number): readonly string[] {
  const from = before === 0 ? 0 : before + 1;
  const to = Math.floor(((before + bytes.length) * 4) / 3);
  const padded = Buffer.concat([Buffer.alloc(before), bytes]);
  return [padded.toString('base64').slice(from, to), padded.toString('base64url').slice(from, to)];
}

function lowerHex(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}
