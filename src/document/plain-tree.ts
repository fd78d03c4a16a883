import { isAlias, isMap as isMapNode, isScalar, isSeq, type Alias, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import { MAX_DEPTH } from './parse.ts';
import type { MemberPosition, PositionRecorder } from './positions.ts';
import { didYouMean, show, showKey } from './show.ts';
import type { SourceText } from './source-text.ts';
import { isMap, type Tree, type TreeMap } from './tree.ts';

/** How many values the aliases of one file may expand to, all together. */
const MAX_EXPANDED = 1_000_000;

/** What all documents of one file share. */
export interface FileContext {
  readonly source: SourceText;
  readonly positions: PositionRecorder;
  readonly diagnostics: Diagnostic[];
  /** Values that aliases have expanded to so far. */
  expanded: number;
}

/** The walk over one document. Aliases are resolved in reading order, as YAML defines them. */
interface Walk {
  readonly file: FileContext;
  readonly anchors: Map<string, Node>;
  /** What each alias meant where it was first read; an anchor's name may be given again further down. */
  readonly targets: Map<Alias, Node | null>;
  /** The nodes that something was reported of. */
  readonly reported: Set<Node>;
  /** The nodes being converted, to see an alias inside its own anchor. */
  readonly open: Set<Node>;
  /** Inside how many aliases the walk is: problems are reported where they are written, once. */
  within: number;
}

/**
 * Syntax tree → fresh plain data with positions. Aliases and merge keys are expanded into copies; every key is text.
 * Where something is wrong it is reported and left out (null), so that the rest can still be checked.
 */
export function plainTree(root: Node, file: FileContext): Tree {
  return convert(root, {
    file,
    anchors: new Map(),
    targets: new Map(),
    reported: new Set(),
    open: new Set(),
    within: 0,
  });
}

function convert(node: Node, walk: Walk): Tree {
  if (walk.within > 0 && ++walk.file.expanded > MAX_EXPANDED) return null;
  if (isAlias(node)) return throughAlias(node, walk, (target) => convert(target, walk));
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (anchor !== undefined && walk.within === 0) walk.anchors.set(anchor, node);
  if (isScalar(node)) return scalar(node, walk);
  if (walk.open.size > MAX_DEPTH) {
    report(walk, node, { code: 'CVG111', summary: `nested more than ${MAX_DEPTH} deep` });
    return null;
  }
  walk.open.add(node);
  const tree = isMapNode(node) ? map(node, walk) : isSeq(node) ? list(node.items, { node, walk }) : null;
  walk.open.delete(node);
  return tree;
}

function scalar(node: Node & { value: unknown }, walk: Walk): Tree {
  const { value } = node;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  if (value.isWellFormed() && !value.includes('\0')) return value;
  if (walk.within === 0)
    report(walk, node, { code: 'CVG105', summary: 'the text holds a NUL or half of a surrogate pair' });
  return '';
}

function list(items: readonly unknown[], { node, walk }: { node: Node; walk: Walk }): Tree {
  const tree: Tree[] = [];
  const positions = walk.file.positions.record(tree, { source: walk.file.source, start: startOf(node) });
  for (const item of items as readonly Node[]) {
    const value = convert(item, walk);
    positions.set(String(tree.length), memberPosition(item, item, walk));
    tree.push(value);
  }
  return tree;
}

function map(node: YAMLMap, walk: Walk): TreeMap {
  const tree = emptyMap();
  const positions = walk.file.positions.record(tree, { source: walk.file.source, start: startOf(node) });
  const merges: Node[] = [];
  let merged: Node | null = null;
  for (const pair of node.items as readonly Pair<Node, Node | null>[]) {
    if (isMergeKey(pair.key)) {
      if (merged !== null) duplicate(walk, { key: '<<', node: pair.key, first: merged });
      merged = pair.key;
      if (pair.value !== null) merges.push(pair.value);
      continue;
    }
    const key = textKey(pair.key, walk);
    const value = pair.value === null ? null : convert(pair.value, walk);
    if (key === null) continue;
    const first = positions.get(key);
    if (first !== undefined) {
      duplicate(walk, { key, node: pair.key, first: first.keyAt });
      continue;
    }
    positions.set(key, memberPosition(pair.key, pair.value, walk));
    tree[key] = value;
  }
  // A map's own keys win over merged ones, and an earlier merged map over a later one.
  for (const source of merges) merge({ tree, positions, source, walk });
  return tree;
}

interface Merge {
  readonly tree: Record<string, Tree>;
  readonly positions: Map<string, MemberPosition>;
  readonly source: Node;
  readonly walk: Walk;
}

function merge({ tree, positions, source, walk }: Merge): void {
  const found = convert(source, walk);
  const list: readonly Tree[] = Array.isArray(found) ? found : [found];
  for (const item of list) {
    if (!isMap(item)) {
      walk.file.positions.setIncomplete(tree);
      // Null is also what a reported alias or an exhausted budget leaves.
      if (walk.within === 0 && !(isAlias(source) && item === null))
        report(walk, source, { code: 'CVG202', summary: '`<<` merges a map or a list of maps, and nothing else' });
      return;
    }
    for (const [key, value] of Object.entries(item)) {
      if (key in tree) continue;
      tree[key] = value;
      const position = walk.file.positions.memberOf(item, key);
      if (position !== undefined) positions.set(key, position);
    }
  }
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function textKey(node: Node, walk: Walk): string | null {
  const key = isAlias(node)
    ? throughAlias(node, walk, (target) => (isScalar(target) ? scalar(target, walk) : null))
    : isScalar(node)
      ? convert(node, walk)
      : null;
  if (typeof key === 'string') return key;
  if (walk.within > 0 || walk.reported.has(node)) return null;
  const written = isScalar(node) ? (node.source ?? '') : null;
  if (written === '') {
    // Nothing has no place: the `:` has one.
    const { source, diagnostics } = walk.file;
    const start = startOf(node);
    const where = source.placeAt(start + Math.max(0, source.text.slice(start, start + 1_000).search(/\S/)));
    diagnostics.push({ severity: 'error', code: 'CVG112', summary: 'there is no key before this `:`', where });
  } else if (written === null)
    report(walk, node, { code: 'CVG112', summary: 'a key must be text, not a map or a list' });
  else
    report(walk, node, { code: 'CVG112', summary: `a key must be text: write ${JSON.stringify(written)} with quotes` });
  return null;
}

/** Hands the node that an alias stands for to `use`; null where it stands for nothing or for something around it. */
function throughAlias(alias: Alias, walk: Walk, use: (target: Node) => Tree): Tree {
  let target = walk.targets.get(alias);
  if (target === undefined) {
    target = walk.anchors.get(alias.source) ?? null;
    walk.targets.set(alias, target);
    if (target === null) noAnchor(walk, alias);
  }
  if (target === null) return null;
  if (walk.open.has(target)) {
    report(walk, alias, { code: 'CVG109', summary: `the alias ${show(alias.source)} stands inside what it refers to` });
    walk.targets.set(alias, null);
    return null;
  }
  const before = walk.file.expanded;
  walk.within += 1;
  const tree = use(target);
  walk.within -= 1;
  if (walk.file.expanded > MAX_EXPANDED && before <= MAX_EXPANDED && walk.within === 0) {
    report(walk, alias, {
      code: 'CVG110',
      summary: `the aliases of this file expand to more than ${MAX_EXPANDED} values`,
    });
  }
  return tree;
}

/** The name is not repeated: a value that begins with `*` and has no quotes is an alias to YAML. */
function noAnchor(walk: Walk, alias: Alias): void {
  const near = didYouMean(alias.source, [...walk.anchors.keys()]);
  const hint = near ?? 'Define the anchor first. Text that begins with `*` needs quotes.';
  report(walk, alias, { code: 'CVG109', summary: 'no anchor of this name stands before this alias', hint });
}

function duplicate(walk: Walk, found: { key: string; node: Node; first: Node | number }): void {
  if (walk.within > 0) return;
  const also = walk.file.source.placeAt(typeof found.first === 'number' ? found.first : startOf(found.first));
  const where = walk.file.source.placeAt(startOf(found.node));
  const summary = `the key ${showKey(found.key)} stands twice in one map`;
  walk.file.diagnostics.push({ severity: 'error', code: 'CVG106', summary, where, also });
}

function report(walk: Walk, node: Node, said: Pick<Diagnostic, 'code' | 'summary' | 'hint'>): void {
  walk.reported.add(node);
  walk.file.diagnostics.push({ severity: 'error', ...said, where: walk.file.source.placeAt(startOf(node)) });
}

function memberPosition(key: Node, value: Node | null, walk: Walk): MemberPosition {
  const plain = isScalar(value) && value.type === 'PLAIN' && value.tag === undefined;
  return {
    keyAt: startOf(key),
    valueAt: startOf(value ?? key),
    plain: value === null ? '' : plain ? (value.source ?? null) : null,
    bare: value === null,
    reported: value !== null && (walk.reported.has(value) || isLeftOut(value, walk)),
  };
}

/** Not expanded, after the error that says so. */
function isLeftOut(value: Node, { file, within }: Walk): boolean {
  return file.expanded > MAX_EXPANDED && (within > 0 || isAlias(value));
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function emptyMap(): Record<string, Tree> {
  return Object.create(null) as Record<string, Tree>;
}
