import { sanitize } from './sanitize.ts';

/** `1 change`, `2 changes`. The noun must form its plural with an `s`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Milliseconds for people: `350 ms`, `1.2 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The first `limit` of a list, sanitized, then how many more there are. */
export function firstOf(items: readonly string[], limit: number): readonly string[] {
  const shown = items.slice(0, limit).map(sanitize);
  return items.length > limit ? [...shown, `… and ${items.length - limit} more`] : shown;
}

/**
 * `lead` and then all items, comma-separated, broken between items so that lines keep within `width` where they can;
 * later lines stand under the first item.
 */
export function wrapList(lead: string, items: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = lead;
  items.forEach((item, index) => {
    const piece = sanitize(item) + (index < items.length - 1 ? ',' : '');
    const fresh = line.length === lead.length;
    if (!fresh && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = `${' '.repeat(lead.length)}${piece}`;
    } else line += fresh ? piece : ` ${piece}`;
  });
  return [...lines, line];
}

/** A text of paragraphs with a blank line between; those without lines are left out. Ends with a newline. */
export function joinSections(sections: readonly (readonly string[])[]): string {
  const paragraphs = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${paragraphs.join('\n\n')}\n`;
}
