import { Secret } from '../model/secret.ts';
import { UnknownValue } from '../model/unknown-value.ts';
import { UNPRINTABLE } from './sanitize.ts';

/** A value as plain JSON data. Secrets keep their stand-in, values not known are null, and so is what JSON cannot say. */
export function plainJson(value: unknown, depth = 0): unknown {
  if (value instanceof Secret) return value.toJSON();
  if (value === null || value instanceof UnknownValue || depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map((item) => plainJson(item, depth + 1));
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'object':
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner, depth + 1)]));
    default:
      return null;
  }
}

/**
 * The bytes of a document: two spaces, a final newline, and every character that could act on a terminal or a CI
 * console as a JSON escape, so nothing is lost and nothing is executed by who prints it.
 */
export function jsonText(document: unknown): string {
  const text = JSON.stringify(document, null, 2)
    .replace(UNPRINTABLE, (char) => (char === '\n' ? char : escapeUnits(char)))
    .replace(/##(?=\w*\[)/g, String.raw`#\u0023`);
  return `${text}\n`;
}

function escapeUnits(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

const DEEPEST = 16;
