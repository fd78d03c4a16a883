import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from 'yaml';
import type { AnyKind } from '../../model/kinds.ts';
import type { DumpCollection, DumpEntry, DumpSet } from './dump-tree.ts';
import type { Reference } from './name-references.ts';
import { NameList, nameListTag, textTag, visible } from './yaml-scalar.ts';

/** How references are written. */
export interface PrintOptions {
  readonly referenceOf: ReadonlyMap<DumpEntry, Reference>;
  /** The SOPS file that references lead to, as the document names it; null: variables of the environment. */
  readonly sopsFile: string | null;
}

/** One document's parts, in their order; what is empty is left out. */
export interface Parts {
  /** Comment lines at the top. The first may be a directive for editors. */
  readonly header: readonly string[];
  readonly fields: readonly (readonly [string, unknown])[];
  readonly defaults: ReadonlyMap<string, unknown>;
  readonly sets: readonly DumpSet[];
  readonly collections: readonly DumpCollection[];
}

/** Parts → the text of a document. Comments cannot become anything else, whatever is in names and messages. */
export function print(parts: Parts, options: PrintOptions): string {
  const root = new YAMLMap();
  for (const [name, value] of parts.fields) put(root, name, scalar(value));
  if (parts.defaults.size > 0) put(root, 'defaults', mapOf(parts.defaults), { apart: true });
  for (const [key, sets] of Map.groupBy(parts.sets, setsKey)) {
    const all = new YAMLMap();
    for (const { name, members } of sets) put(all, name, membersMap(members, options));
    put(root, key, all, { apart: true });
  }
  putCollections(root, parts.collections, options, true);
  const document = new Document(root, {
    version: '1.2',
    customTags: (tags) => [
      textTag,
      nameListTag,
      ...tags.filter((tag) => typeof tag === 'string' || tag.tag !== textTag.tag),
    ],
  });
  const header = parts.header.map((line) => `#${line === '' ? '' : ` ${visible(line)}`}\n`).join('');
  return header + document.toString({ lineWidth: 0, indentSeq: true });
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => ` ${visible(line)}`).join('\n');
}

function setsKey({ kind: { form } }: DumpSet): string {
  return form.shape === 'map' ? (form.bulk?.sets ?? '') : '';
}

function putCollections(
  into: YAMLMap,
  collections: readonly DumpCollection[],
  options: PrintOptions,
  atTop = false,
): void {
  const behind: string[] = [];
  for (const { kind, members, sets, placeholders, evenEmpty, notes } of collections) {
    const bulk = kind.form.shape === 'map' ? kind.form.bulk?.key : undefined;
    const open = placeholders.map((entry) => placeholderLine(entry, options));
    if (bulk !== undefined && sets.length > 0) put(into, bulk, new Scalar(new NameList(sets)));
    if (members.length > 0 || (evenEmpty && sets.length === 0)) {
      const node = kind.form.shape === 'list' ? listOf(members, options, atTop) : membersMap(members, options);
      if (members.length > 0 && open.length > 0) node.comment = comment(open);
      else behind.push(...(open.length > 0 ? [`${kind.collection}:`, ...open.map((line) => `  ${line}`)] : []));
      put(into, kind.collection, node, { apart: atTop, before: notes });
    } else {
      behind.push(...notes);
      if (open.length > 0) behind.push(`${kind.collection}:`, ...open.map((line) => `  ${line}`));
    }
  }
  if (behind.length > 0) into.comment = comment(behind);
}

function placeholderLine(entry: DumpEntry, { referenceOf }: PrintOptions): string {
  return `${entry.key}: { fromEnv: ${referenceOf.get(entry)?.name ?? entry.key} }`;
}

function listOf(members: readonly DumpEntry[], options: PrintOptions, apart: boolean): YAMLSeq {
  const list = new YAMLSeq();
  for (const [index, entry] of members.entries()) {
    const map = mapOf(entry.fields);
    putCollections(map, entry.collections, options);
    if (entry.notes.length > 0) map.commentBefore = comment(entry.notes.map((note) => `Not declared, ${note}`));
    if (apart && index > 0) map.spaceBefore = true;
    list.add(map);
  }
  if (members.length === 0) list.flow = true;
  return list;
}

function membersMap(members: readonly DumpEntry[], options: PrintOptions): YAMLMap {
  const map = new YAMLMap();
  for (const entry of members) put(map, entry.key, memberNode(entry, options));
  if (members.length === 0) map.flow = true;
  return map;
}

function memberNode(entry: DumpEntry, { referenceOf, sopsFile }: PrintOptions): Node {
  const { value } = entry;
  if (value === null) return longOrShort(entry.kind, entry.fields);
  if (value.how === 'clear') return scalar(value.text);
  const name = referenceOf.get(entry)?.name ?? entry.key;
  const source: readonly (readonly [string, unknown])[] =
    sopsFile === null
      ? [['fromEnv', name]]
      : [['fromSops', sopsFile], ['key', name], ...(value.finalNewline ? [['keepNewline', true] as const] : [])];
  const map = mapOf(new Map(source));
  map.flow = true;
  return map;
}

/** The shorthand where it says all. */
function longOrShort(kind: AnyKind, fields: ReadonlyMap<string, unknown>): Node {
  if (kind.form.shape !== 'map') throw new Error(`${kind.name} is not written as a map`);
  const [, ...rest] = fields;
  const short = kind.form.shorthand;
  return rest.length === 1 && rest[0]?.[0] === short ? scalar(fields.get(short)) : mapOf(new Map(rest));
}

function mapOf(fields: ReadonlyMap<string, unknown>): YAMLMap {
  const map = new YAMLMap();
  for (const [name, value] of fields) put(map, name, scalar(value));
  return map;
}

function scalar(value: unknown): Node {
  if (!Array.isArray(value)) return new Scalar(value);
  const list = new YAMLSeq();
  list.flow = true;
  for (const item of value) list.add(scalar(item));
  return list;
}

function put(
  map: YAMLMap,
  name: string,
  value: Node,
  { apart = false, before = [] }: { readonly apart?: boolean; readonly before?: readonly string[] } = {},
): void {
  const key = new Scalar(name);
  if (apart) key.spaceBefore = true;
  if (before.length > 0) key.commentBefore = comment(before);
  // Not `set`, which looks for an equal key among all before it.
  map.items.push(new Pair(key, value));
}
