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
  /** One printable line of at most 500 characters without the secrets in plain, JSON, URL and base64 spelling. */
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
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  const base64 = Buffer.from(text).toString('base64');
  return [
    text,
    text.trim(),
    printable(text, INPUT_LIMIT),
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', String.raw`\/`),
    url,
    lowerHex(url),
    form,
    lowerHex(form),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(text).toString('base64url'),
  ].filter((spelling) => spelling.length >= SHORTEST);
}

function lowerHex(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}
