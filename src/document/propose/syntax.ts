import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Alias,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Place } from '../../model/place.ts';

/** A member of a map: what YAML calls a pair, with the map that it is written in. */
export interface WrittenPair {
  readonly map: YAMLMap;
  readonly pair: Pair<Node, Node | null>;
}

/** The syntax of one state file that was loaded without errors: where each thing is written. Offsets count UTF-16 units. */
export interface SyntaxFile {
  readonly path: string;
  readonly text: string;
  /** The maps of its documents. */
  readonly roots: readonly YAMLMap[];
  /** All members of all maps but of what `x-` keys hold, in reading order. */
  readonly pairs: readonly WrittenPair[];
  /** Also those. */
  readonly everyPair: readonly WrittenPair[];
  /** The member whose key stands at the place, wherever it is. */
  memberAt(place: Place): WrittenPair | null;
  /** What an alias stands for; the node itself where it is none. */
  resolve(node: Node | null): Node | null;
  /** It stands under an `x-` key, where nothing but aliases gives it a meaning. */
  isAside(written: WrittenPair): boolean;
  /** An anchor inside of a node, or its own, that aliases outside of it use; null: there is none. */
  neededAnchor(node: Node | null): string | null;
  /** The aliases that stand for a node. */
  aliasesOf(node: Node): readonly Alias[];
  /** The member of this key, of the map itself or of what it merges. */
  find(map: YAMLMap, key: string): WrittenPair | null;
  /** The maps that a map merges, strongest first. */
  merged(map: YAMLMap): readonly YAMLMap[];
  /** The member or list that holds a node directly. */
  holderOf(node: Node): WrittenPair | YAMLSeq | null;
}

/** Text → its syntax, tokens kept. The text must be one that loads without errors. */
export function parseSyntax(path: string, text: string): SyntaxFile {
  const documents = parseAllDocuments(text, {
    version: '1.2',
    uniqueKeys: false,
    resolveKnownTags: false,
    keepSourceTokens: true,
  });
  const targets = new Map<Alias, Node>();
  const aliases = new Map<Node, Alias[]>();
  const holders = new Map<Node, WrittenPair | YAMLSeq>();
  const byOffset = new Map<number, WrittenPair>();
  const pairs: WrittenPair[] = [];
  const roots: YAMLMap[] = [];
  for (const { contents } of Array.isArray(documents) ? documents : []) {
    const anchors = new Map<string, Node>();
    const visit = (node: Node | null, counts: boolean): void => {
      if (node === null) return;
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined) return;
        targets.set(node, target);
        const known = aliases.get(target);
        if (known === undefined) aliases.set(target, [node]);
        else known.push(node);
        return;
      }
      if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node);
      if (isSeq(node)) {
        for (const item of node.items as Node[]) {
          holders.set(item, node);
          visit(item, counts);
        }
      } else if (isMap(node)) {
        for (const pair of node.items as Pair<Node, Node | null>[]) {
          const member = { map: node, pair };
          const outside = node === contents && keyText(pair)?.startsWith('x-') === true;
          byOffset.set(pair.key.range?.[0] ?? -1, member);
          if (counts && !outside) pairs.push(member);
          visit(pair.key, counts && !outside);
          if (pair.value !== null) holders.set(pair.value, member);
          visit(pair.value, counts && !outside);
        }
      }
    };
    visit(contents, true);
    if (isMap(contents)) roots.push(contents);
  }
  const counted = new Set(pairs.map(({ pair }) => pair));
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const resolve = (node: Node | null): Node | null => (isAlias(node) ? (targets.get(node) ?? null) : node);
  const merged = (map: YAMLMap): readonly YAMLMap[] =>
    (map.items as Pair<Node, Node | null>[]).filter(isMerge).flatMap(({ value }) => {
      const source = resolve(value);
      const all = isSeq(source) ? (source.items as Node[]).map(resolve) : [source];
      return all.filter((one): one is YAMLMap => isMap(one));
    });
  const find = (map: YAMLMap, key: string): WrittenPair | null => {
    const pair = (map.items as Pair<Node, Node | null>[]).find(
      (one) => !isMerge(one) && textOfKey(one, resolve) === key,
    );
    if (pair !== undefined) return { map, pair };
    for (const source of merged(map)) {
      const found = find(source, key);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    path,
    text,
    roots,
    pairs,
    everyPair: [...byOffset.values()],
    memberAt: ({ line, column }) => byOffset.get((lineStarts[line - 1] ?? 0) + column - 1) ?? null,
    resolve,
    isAside: ({ pair }) => !counted.has(pair),
    neededAnchor(node) {
      const [start, , end] = node?.range ?? [0, 0, 0];
      for (const [target, all] of aliases) {
        const at = target.range?.[0] ?? -1;
        const isOutside = (alias: Alias): boolean =>
          (alias.range?.[0] ?? -1) < start || (alias.range?.[0] ?? -1) >= end;
        if (at >= start && at < Math.max(end, start + 1) && all.some(isOutside)) return all[0]?.source ?? null;
      }
      return null;
    },
    aliasesOf: (node) => aliases.get(node) ?? [],
    find,
    merged,
    holderOf: (node) => holders.get(node) ?? null,
  };
}

/** A merge key, `<<`. */
export function isMerge({ key }: Pair<Node, Node | null>): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

/** The text of a key that is written as a scalar. */
export function keyText({ key }: Pair<Node, Node | null>): string | null {
  return isScalar(key) && typeof key.value === 'string' ? key.value : null;
}

function textOfKey(pair: Pair<Node, Node | null>, resolve: (node: Node | null) => Node | null): string | null {
  const key = resolve(pair.key);
  return isScalar(key) && typeof key.value === 'string' ? key.value : null;
}
