/** One place of a text that gets other words: `start`..`end` becomes `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Of two insertions at one place the deeper one comes first. */
  readonly depth: number;
}

/** In the order of the text; null where two of them overlap. */
export function ordered(splices: readonly Splice[]): readonly Splice[] | null {
  const sorted = splices.toSorted((a, b) => a.start - b.start || a.end - b.end || b.depth - a.depth);
  let at = 0;
  for (const { start, end } of sorted) {
    if (start < at) return null;
    at = end;
  }
  return sorted;
}

/** The text with the splices made; they are {@link ordered}. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const splice of splices) {
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return parts.join('') + text.slice(at);
}
