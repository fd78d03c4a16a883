import type { IgnoredThings } from '../model/change.ts';
import type { Paint } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { count, firstOf } from './words.ts';

/** What the document ignores and says why: a tool that ignores in silence is wrong when it says that nothing differs. */
export function ignoredLines(ignored: readonly IgnoredThings[] = [], paint: Paint): string[] {
  if (ignored.length === 0) return [];
  return [
    paint('bold', 'Ignored, as the document says:'),
    ...ignored.flatMap((rule) => [
      `  ${ignoredTitle(rule)}`,
      `    ${ignoredCount(rule)}`,
      ...firstOf(rule.differing, MOST_NAMED).map((address) => `      ${address}`),
    ]),
  ];
}

/** `project:shop (name) until 2026-12-01T00:00:00Z: the shop's owner renames it`, sanitized. */
export function ignoredTitle({ address, fields, reason, expires }: IgnoredThings): string {
  const what = fields.length === 0 ? '' : ` (${fields.map(sanitize).join(', ')})`;
  return `${sanitize(address)}${what} until ${sanitize(expires)}: ${sanitize(reason)}`;
}

/** `2 things, 1 differs`. */
export function ignoredCount({ fields, things, differing }: IgnoredThings): string {
  const all = count(things.length, 'thing');
  if (fields.length === 0) return `${all}, not compared`;
  return `${all}, ${String(differing.length)} ${differing.length === 1 ? 'differs' : 'differ'}`;
}

/** How many things are ignored that differ or are not compared. */
export function ignoredNumber(ignored: readonly IgnoredThings[] = []): number {
  return new Set(ignored.flatMap((rule) => (rule.fields.length === 0 ? rule.things : rule.differing))).size;
}

/** `, apart from 2 things that are ignored`; nothing where nothing is. */
export function exceptIgnored(ignored: readonly IgnoredThings[] = []): string {
  const n = ignoredNumber(ignored);
  return n === 0 ? '' : `, apart from ${count(n, 'thing')} that ${n === 1 ? 'is' : 'are'} ignored`;
}

const MOST_NAMED = 20;
