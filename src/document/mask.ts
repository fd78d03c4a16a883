import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type ParsedNode } from 'yaml';
import type { AnyKind } from '../model/kinds.ts';
import { fieldsOf } from '../model/schema.ts';

/**
 * Makes a file's text fit for code frames: every text that could be the value of a variable becomes asterisks, line
 * and column unchanged. Errs towards masking; keys, and the values of keys that are known to be harmless, stay.
 */
export type Masker = (text: string, documents: readonly ParsedNode[] | null) => string;

/** Keys whose texts are names, wherever the document's structure is known. */
const NAMES = 'version team renamedFrom prune protect unprotect ignore visible file'.split(' ');

/** Keys of a long-form value whose texts say where the value comes from. */
const SOURCES: ReadonlySet<string> = new Set(['fromEnv', 'fromFile']);

/**
 * What a node is, from where it stands: part of the document's structure, harmless text, a map of variables, a map of
 * such maps, or anything else, which may hold a value.
 */
type Standing = 'structure' | 'names' | 'members' | 'sets' | 'other';

/** What a key of the structure says of its value; other keys say nothing. */
type Meanings = ReadonlyMap<string, Standing>;

export function masker(kinds: readonly AnyKind[]): Masker {
  const meanings = meaningsOf(kinds);
  return (text, documents) => {
    if (documents === null) return maskLines(text, meanings);
    const ranges: [number, number][] = [];
    for (const node of documents) collect(node, 'structure', { meanings, ranges });
    return maskRanges(text, ranges);
  };
}

function meaningsOf(kinds: readonly AnyKind[]): Meanings {
  const meanings = new Map<string, Standing>(NAMES.map((name) => [name, 'names']));
  meanings.set('policy', 'structure').set('defaults', 'structure');
  for (const kind of kinds) {
    const secretive = fieldsOf(kind.schema).some(([, field]) => field.sensitive === true);
    meanings.set(kind.collection, secretive ? 'members' : 'structure');
    if (kind.form.shape === 'list') for (const name of Object.keys(kind.schema)) meanings.set(name, 'names');
    if (kind.form.shape !== 'map' || kind.form.bulk === undefined) continue;
    meanings.set(kind.form.bulk.key, 'names').set(kind.form.bulk.sets, 'sets');
  }
  return meanings;
}

interface Collecting {
  readonly meanings: Meanings;
  readonly ranges: [number, number][];
}

/** The ranges of the scalars to mask. Recursion is as deep as the parser allows. */
function collect(node: Node | null, standing: Standing, into: Collecting): void {
  if (node === null || isAlias(node)) return;
  if (isScalar(node)) {
    if (standing === 'names' || typeof node.value !== 'string' || !node.range) return;
    into.ranges.push([node.range[0], node.range[1]]);
  } else if (isSeq(node)) {
    const inside = standing === 'structure' || standing === 'names' ? standing : 'other';
    for (const item of node.items as readonly Node[]) collect(item, inside, into);
  } else if (isMap(node)) {
    for (const { key, value } of node.items as readonly Pair<Node, Node | null>[]) {
      collect(value, standingUnder(key, standing, into.meanings), into);
    }
  }
}

function standingUnder(key: Node, standing: Standing, meanings: Meanings): Standing {
  const name = isScalar(key) ? String(key.value) : '';
  switch (standing) {
    case 'structure':
    case 'names':
      return meanings.get(name) ?? 'other';
    case 'sets':
      return 'members';
    case 'members':
      return 'other';
    case 'other':
      return SOURCES.has(name) ? 'names' : 'other';
    default:
      return standing satisfies never;
  }
}

function maskRanges(text: string, ranges: readonly [number, number][]): string {
  const parts: string[] = [];
  let at = 0;
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    if (start < at) continue;
    parts.push(text.slice(at, start), text.slice(start, end).replace(/\S/g, '*'));
    at = end;
  }
  return parts.join('') + text.slice(at);
}

/** For a file whose syntax is wrong: keeps indentation, keys and punctuation, and lines of harmless keys. */
function maskLines(text: string, meanings: Meanings): string {
  // The column of the last key whose value is not structure: lines further in belong to it.
  let closed = Infinity;
  return text
    .split('\n')
    .map((line) => {
      const found = /^(?<lead>[\s-]*)(?:(?<key>[\w.~"'-]+)(?<colon>\s*:(?=\s|$)))?(?<rest>.*)$/s.exec(line)?.groups;
      const { lead = '', key, colon = '', rest = line } = found ?? {};
      const inside = lead.length > closed;
      const meaning = key === undefined ? undefined : meanings.get(key.replace(/["']/g, ''));
      if (!inside && key !== undefined)
        closed = meaning === 'structure' || meaning === 'names' ? Infinity : lead.length;
      const harmless = !inside && meaning === 'names' && !/[{[]/.test(rest);
      return `${lead}${key ?? ''}${colon}${harmless ? rest : rest.replace(/[^\s{}[\],:"'#&*|>]/g, '*')}`;
    })
    .join('\n');
}
