import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { extentsOf, lineEnding, lineStart, nextLine, type Extent } from './extent.ts';
import type { Splice } from './splice.ts';

/** A new member as it is written in a block: its lines, the further ones indented beneath the first. */
export type BlockLines = readonly string[];

export interface BlockEdit {
  /** Indices of members that go. */
  readonly removed: ReadonlySet<number>;
  readonly added: readonly BlockLines[];
  /** The index of the member that new ones stand behind; null: the last one that stays. */
  readonly after: number | null;
  /** Behind what `{}` or `[]` is written when nothing is left; null: it must not become empty. */
  readonly emptyAt: number | null;
  readonly depth: number;
}

/**
 * Splices that take members out of a block collection, with their lines and their comments, and put new ones in. A text:
 * why it cannot be done.
 */
export function editBlock(text: string, node: YAMLMap | YAMLSeq, edit: BlockEdit): readonly Splice[] | string {
  const extents = extentsOf(node, text);
  const [first] = extents;
  if (first === undefined) return 'an empty collection is written in a way that is not edited';
  const column = columnOf(text, first.start);
  if (column === null) return 'its lines are indented in a way that is not edited';
  const eol = lineEnding(text);
  const lines = edit.added.flatMap((added) => added.map((line) => `${' '.repeat(column)}${line}`));
  const kept = [...extents.keys()].filter((index) => !edit.removed.has(index));
  const regions: { start: number; end: number }[] = [];
  for (const index of [...edit.removed].sort((a, b) => a - b)) {
    const extent = extents[index];
    if (extent === undefined) continue;
    if (text.slice(lineStart(text, extent.start), extent.start).trim() !== '')
      return 'it does not stand on lines of its own';
    const region = regionOf(text, extent, column);
    // A block of text that keeps its empty lines would take those that are left for its own.
    const above = extents[kept.findLast((other) => other < index) ?? -1];
    const isTaking = above !== undefined && text[above.end - 1] === '\n';
    regions.push(isTaking ? { ...region, end: pastEmptyLines(text, region.end) } : region);
  }
  const { depth } = edit;
  const deletions = merge(regions).map(({ start, end }) => ({ start: atEnd(text, start, end), end, text: '', depth }));
  if (kept.length === 0) {
    const [place] = deletions;
    if (place === undefined) return 'it has no lines';
    if (lines.length > 0) return [{ ...place, text: closed(text, place, lines.join(eol), eol) }, ...deletions.slice(1)];
    if (edit.emptyAt === null) return 'nothing would be left of the collection that holds it';
    const empty = isMap(node) ? ' {}' : ' []';
    return [{ start: edit.emptyAt, end: edit.emptyAt, text: empty, depth }, ...deletions];
  }
  if (lines.length === 0) return deletions;
  const wanted = edit.after !== null && kept.includes(edit.after) ? edit.after : (kept.at(-1) ?? 0);
  const behind = afterwards(text, extents[wanted] ?? first, column);
  // What goes at the end of the text has taken the newline before it.
  const at = deletions.find(({ start, end }) => start < behind && behind <= end)?.start ?? behind;
  const put = at === behind ? closed(text, { start: at, end: at }, lines.join(eol), eol) : eol + lines.join(eol);
  return [...deletions, { start: at, end: at, text: put, depth }];
}

/** Lines at a place between lines, which may be the end of a text without a newline. */
function closed(text: string, { start, end }: Extent, lines: string, eol: string): string {
  const isAtEnd = end === text.length && !text.endsWith('\n');
  return isAtEnd ? `${start === 0 ? '' : eol}${lines}` : `${lines}${eol}`;
}

/** What is taken from the end of a text that has no newline there takes the newline before it. */
function atEnd(text: string, start: number, end: number): number {
  if (end !== text.length || text.endsWith('\n') || start === 0) return start;
  return text[start - 2] === '\r' ? start - 2 : start - 1;
}

/** A member with its lines: the comment directly above it, and what is indented beneath it. */
function regionOf(text: string, extent: Extent, column: number): Extent {
  let start = lineStart(text, extent.start);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const line = text.slice(above, start);
    if (!/^ *#/.test(line) || line.indexOf('#') !== column) break;
    start = above;
  }
  return { start, end: afterwards(text, extent, column) };
}

function pastEmptyLines(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.slice(at, nextLine(text, at)).trim() === '') at = nextLine(text, at);
  return at;
}

/** The line behind a member and behind the comments that are indented deeper than it. */
function afterwards(text: string, { end }: Extent, column: number): number {
  let at = text[end - 1] === '\n' ? end : nextLine(text, end);
  for (let next = at; next < text.length;) {
    const after = nextLine(text, next);
    const line = text.slice(next, after);
    if (/^ *#/.test(line) && line.indexOf('#') > column) at = after;
    else if (line.trim() !== '') break;
    next = after;
  }
  return at;
}

/** How far in members stand; null where that is more than spaces and marks of lists and keys. */
function columnOf(text: string, at: number): number | null {
  const before = text.slice(lineStart(text, at), at);
  return /^[ \-?]*$/.test(before) ? before.length : null;
}

/** Neighbours as one. */
function merge(regions: readonly Extent[]): readonly Extent[] {
  const found: { start: number; end: number }[] = [];
  for (const region of regions) {
    const last = found.at(-1);
    if (last !== undefined && region.start <= last.end) last.end = Math.max(last.end, region.end);
    else found.push({ ...region });
  }
  return found;
}
