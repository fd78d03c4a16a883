import { isMap, isScalar, isSeq, type CST, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** Anything that stands in a map or a list, and where. Offsets into the text; `end` is behind the last character. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

type Item = CST.CollectionItem;

/** The members of a map or a list with all that belongs to them: `-`, `?`, anchors and tags before, the whole value behind. */
export function extentsOf(collection: YAMLMap | YAMLSeq, text: string): readonly Extent[] {
  if (isMap(collection))
    return (collection.items as Pair<Node, Node | null>[]).map((pair) => {
      const item = tokensOf(pair);
      return { start: firstOf(item?.start ?? [], startOf(pair.key)), end: endOfPair(pair, text) };
    });
  const tokens = (collection.srcToken as { readonly items?: readonly Item[] } | undefined)?.items ?? [];
  const written = tokens.filter(
    (item) => item.value !== undefined || item.start.some(({ type }) => type === 'seq-item-ind'),
  );
  return (collection.items as Node[]).map((node, index) => ({
    start: firstOf(written[index]?.start ?? [], startOf(node)),
    end: endOf(node, text),
  }));
}

/** Behind the last character of a node; of what is empty, its own place. */
export function endOf(node: Node, text: string): number {
  const [start = 0, end = 0] = node.range ?? [];
  if ((isMap(node) || isSeq(node)) && node.flow !== true) return extentsOf(node, text).at(-1)?.end ?? end;
  if (isScalar(node) && isBlock(node)) {
    const header = /^[^\n]*/.exec(text.slice(start, end))?.[0] ?? '';
    // With `+` the empty lines at the end are part of the value.
    if (/^[|>]\d?\+/.test(header) || header.includes('+')) return end;
    return start + text.slice(start, end).trimEnd().length;
  }
  return end;
}

export function endOfPair(pair: Pair<Node, Node | null>, text: string): number {
  const { value } = pair;
  if (value !== null && !isNothing(value)) return endOf(value, text);
  return behindColon(pair, text);
}

/** Behind the `:` of a member, and behind the anchor and tag of its value. */
export function behindColon(pair: Pair<Node, Node | null>, text: string): number {
  const sep = (tokensOf(pair)?.sep ?? []).filter(({ type }) => ['map-value-ind', 'anchor', 'tag'].includes(type));
  const last = sep.at(-1);
  return last === undefined ? endOf(pair.key, text) : last.offset + last.source.length;
}

/** Nothing is written. */
export function isNothing(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

export function isBlock(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function tokensOf(pair: Pair<Node, Node | null>): Item | undefined {
  return (pair as { readonly srcToken?: Item }).srcToken;
}

/** The first token that is more than space, comment or comma. */
function firstOf(tokens: readonly CST.SourceToken[], otherwise: number): number {
  const first = tokens.find(({ type }) => !['space', 'newline', 'comment', 'comma'].includes(type));
  return first?.offset ?? otherwise;
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The beginning of the next line; the end of the text where there is none. */
export function nextLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

/** As the lines around are ended. */
export function lineEnding(text: string): string {
  const newline = text.indexOf('\n');
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}
