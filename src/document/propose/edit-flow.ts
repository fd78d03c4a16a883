import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { endOf, extentsOf, lineEnding, lineStart, nextLine, startOf, type Extent } from './extent.ts';
import type { Splice } from './splice.ts';

export interface FlowEdit {
  /** Indices of members that go. */
  readonly removed: ReadonlySet<number>;
  /** New members, each on one line. */
  readonly added: readonly string[];
  readonly after: number | null;
  readonly depth: number;
}

/** As for a block, inside of braces or brackets. */
export function editFlow(text: string, node: YAMLMap | YAMLSeq, edit: FlowEdit): readonly Splice[] {
  const extents = extentsOf(node, text);
  const { depth, added } = edit;
  const kept = [...extents.keys()].filter((index) => !edit.removed.has(index));
  if (kept.length === 0) {
    const inside = { start: startOf(node) + 1, end: endOf(node, text) - 1, depth };
    if (added.length === 0) return [{ ...inside, text: '' }];
    const isBare = extents.length === 0 && text.slice(inside.start, inside.end).trim() !== '';
    // A comment between the braces stays.
    if (isBare) return [{ ...inside, end: inside.start, text: ` ${added.join(', ')}` }];
    return [{ ...inside, text: isMap(node) ? ` ${added.join(', ')} ` : added.join(', ') }];
  }
  const splices: Splice[] = [];
  for (const index of edit.removed) {
    const extent = extents[index];
    if (extent !== undefined)
      splices.push({ ...regionOf(text, { extents, index, removed: edit.removed }), text: '', depth });
  }
  if (added.length === 0) return splices;
  const wanted = edit.after !== null && kept.includes(edit.after) ? edit.after : (kept.at(-1) ?? 0);
  const { start, end } = extents[wanted] ?? { start: 0, end: 0 };
  const lead = text.slice(lineStart(text, start), start);
  const rest = text.slice(end, nextLine(text, end));
  // On lines of their own where the others are, unless a comment behind the last one would then be behind the new one.
  const isApart = lead.trim() === '' && extents.length > 1 && /^,?\s*$/.test(rest);
  const between = isApart ? `,${lineEnding(text)}${lead}` : ', ';
  splices.push({ start: end, end, text: added.map((one) => `${between}${one}`).join(''), depth });
  return splices;
}

interface Removal {
  readonly extents: readonly Extent[];
  readonly index: number;
  readonly removed: ReadonlySet<number>;
}

/** A member with the comma behind it; the last one of a line with the comma before it. */
function regionOf(text: string, { extents, index, removed }: Removal): Extent {
  const { start, end } = extents[index] ?? { start: 0, end: 0 };
  const comma = commaBehind(text, end);
  const from = lineStart(text, start);
  const behind = comma ?? end;
  const isOwnLine = text.slice(from, start).trim() === '' && /^[ \t]*(?:#.*)?\r?$/.test(restOfLine(text, behind));
  if (isOwnLine) {
    let top = from;
    while (top > 0 && /^[ \t]*#/.test(text.slice(lineStart(text, top - 1), top))) top = lineStart(text, top - 1);
    return { start: top, end: nextLine(text, behind) };
  }
  const hasNext = extents.some((_, other) => other > index && !removed.has(other));
  if (comma !== null && hasNext) return { start, end: comma + (/^[ \t]*/.exec(text.slice(comma))?.[0].length ?? 0) };
  const before = extents[index - 1];
  if (before === undefined || text.slice(before.end, start).includes('\n')) return { start, end: comma ?? end };
  return { start: before.end, end };
}

function restOfLine(text: string, at: number): string {
  const newline = text.indexOf('\n', at);
  return text.slice(at, newline === -1 ? text.length : newline);
}

/** Behind the comma that follows, comments skipped; null: none follows. */
function commaBehind(text: string, at: number): number | null {
  const found = /^(?:\s|#[^\n]*\n)*,/.exec(text.slice(at));
  return found === null ? null : at + found[0].length;
}
