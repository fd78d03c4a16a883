import { isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { addressOf, type Address } from '../../model/address.ts';
import type { Change } from '../../model/change.ts';
import { keyField, type AnyKind, type Kinds } from '../../model/kinds.ts';
import type { Place } from '../../model/place.ts';
import type { DesiredResource, DesiredState, LiveResource } from '../../model/resource.ts';
import type { Resolution } from '../../model/source.ts';
import { collectionsUnder } from '../layers.ts';
import type { SourceFile } from '../load.ts';
import { bulkReader } from '../resolve.ts';
import { readText } from '../source-text.ts';
import type { Collection, Member, StateDocument, WrittenSelector } from '../state-document.ts';
import { parseSyntax, type SyntaxFile, type WrittenPair } from './syntax.ts';

/** Everything a proposal is a function of. */
export interface ProposeInput {
  /** The state files, which load without errors. */
  readonly files: readonly SourceFile[];
  readonly state: StateDocument;
  /** With what selectors asked for. */
  readonly desired: DesiredState;
  readonly live: ReadonlyMap<Address, LiveResource>;
  readonly kinds: Kinds;
  /** What drifted, with all that is to be accepted; sorted by address. */
  readonly changes: readonly Change[];
  /** What may be touched. */
  readonly inScope: (address: Address) => boolean;
  readonly resolution: Resolution;
  /** Names that no reference may have. */
  readonly isRefusedName: (name: string) => boolean;
}

/** An entry of a list, where it is written. */
export interface Entry {
  readonly address: Address;
  readonly member: Member;
  readonly file: SyntaxFile;
  readonly list: YAMLSeq;
  /** Of the list, as written: a map or an alias. */
  readonly item: Node;
  readonly map: YAMLMap;
}

/** The document's meaning and its syntax, side by side. */
export interface Ground {
  readonly input: ProposeInput;
  readonly files: ReadonlyMap<string, SyntaxFile>;
  /** Those that could be found in the syntax. */
  readonly entries: ReadonlyMap<Address, Entry>;
  /** The member that asks for the thing, by its place; null: no state file holds it. */
  memberOf(resource: Pick<DesiredResource, 'where' | 'kind'>): Member | null;
  /** Where the field of an entry or a selector is written. */
  placeOfField(resource: DesiredResource, field: string): Place | null;
  /** How many layers say something of this key under a parent. */
  layersOf(parent: Address | null, kind: AnyKind, key: string): number;
  /** Where the collection of a declared parent is written; also in what its entry merges. Null: nowhere. */
  collectionOf(
    parent: Address | null,
    kind: AnyKind,
  ): { readonly file: SyntaxFile; readonly written: WrittenPair } | null;
}

export function groundOf(input: ProposeInput): Ground {
  const { state, kinds } = input;
  const files = new Map<string, SyntaxFile>();
  for (const file of input.files) {
    const source = readText(file);
    if ('text' in source) files.set(file.path, parseSyntax(file.path, source.text));
  }
  const entries = new Map<Address, Entry>();
  const members = membersByPlace(state);
  const items = itemFinder();
  const visit = (parent: Entry | null, collections: readonly Collection[]): void => {
    for (const { kind: name, members: own } of collections) {
      const kind = kinds.named(name);
      if (kind.form.shape !== 'list') continue;
      for (const member of own) {
        const address = addressOf(parent?.address ?? null, name, member.key);
        const file = files.get(member.where.file);
        const key = file?.memberAt(member.where);
        if (file === undefined || key === undefined || key === null) continue;
        for (const container of parent === null ? file.roots : [parent.map]) {
          const found = items(file, container, { kind, key: key.pair });
          if (found === null) continue;
          const entry = { address, member, file, ...found };
          entries.set(address, entry);
          visit(entry, member.collections);
          break;
        }
      }
    }
  };
  visit(null, state.collections);
  const bulk = bulkReader(input.resolution);
  const selectors = selectorsOf(state);
  return {
    input,
    files,
    entries,
    memberOf: ({ where, kind }) => members.get(placeKey(where, kind)) ?? null,
    placeOfField(resource, field) {
      const entry = entries.get(resource.address);
      if (entry === undefined)
        return (
          selectors
            .find(({ where, places }) => samePlace(where, resource.where) && places.has(field))
            ?.places.get(field) ?? null
        );
      return entry.member.places.get(field) ?? state.defaults.places.get(field) ?? null;
    },
    layersOf(parent, kind, key) {
      const own = (parent === null ? state.collections : entries.get(parent)?.member.collections) ?? [];
      const all = collectionsUnder(state, kind.parent, own).get(kind.name) ?? [];
      let count = 0;
      for (const collection of all) {
        for (const item of collection.bulk) {
          const found =
            item.type === 'source' ? bulk(item.ref, kind) : state.sets.get(kind.name)?.get(item.name)?.members;
          count += (found ?? []).filter((member) => member.key === key).length;
        }
        count += collection.members.filter((member) => member.key === key).length;
      }
      return count;
    },
    collectionOf(parent, kind) {
      const entry = parent === null ? null : entries.get(parent);
      if (entry === undefined) return null;
      const candidates =
        entry === null ? [...files.values()].flatMap((file) => file.roots.map((map) => ({ file, map }))) : [entry];
      for (const { file, map } of candidates) {
        const written = file.find(map, kind.collection);
        if (written !== null) return { file, written };
      }
      return null;
    },
  };
}

/** Finds the item of a container's list that has the key's member, in itself or merged. */
function itemFinder() {
  const known = new Map<YAMLSeq, Map<Pair, Pick<Entry, 'list' | 'item' | 'map'>>>();
  return (
    file: SyntaxFile,
    container: YAMLMap,
    { kind, key }: { readonly kind: AnyKind; readonly key: Pair },
  ): Pick<Entry, 'list' | 'item' | 'map'> | null => {
    const list = file.resolve(file.find(container, kind.collection)?.pair.value ?? null);
    if (!isSeq(list)) return null;
    let inside = known.get(list);
    if (inside === undefined) {
      inside = new Map();
      for (const item of list.items as Node[]) {
        const map = file.resolve(item);
        const pair = isMap(map) ? file.find(map, keyField(kind))?.pair : undefined;
        if (pair !== undefined) inside.set(pair, { list: list, item, map: map as YAMLMap });
      }
      known.set(list, inside);
    }
    return inside.get(key) ?? null;
  };
}

/** Of sets, defaults, entries and selectors. */
function membersByPlace(state: StateDocument): ReadonlyMap<string, Member> {
  const found = new Map<string, Member>();
  const add = (kind: string, all: readonly Member[]): void => {
    for (const member of all) {
      found.set(placeKey(member.where, kind), member);
      for (const inner of member.collections) add(inner.kind, inner.members);
    }
  };
  for (const [kind, sets] of state.sets) for (const { members } of sets.values()) add(kind, members);
  for (const { kind, members } of [...state.defaults.collections, ...state.collections]) add(kind, members);
  for (const selector of selectorsOf(state)) for (const { kind, members } of selector.collections) add(kind, members);
  return found;
}

function selectorsOf(state: StateDocument): readonly WrittenSelector[] {
  const inside = (all: readonly WrittenSelector[]): readonly WrittenSelector[] =>
    all.flatMap((one) => [one, ...inside(one.selectors)]);
  const below = (collections: readonly Collection[]): readonly WrittenSelector[] =>
    collections.flatMap(({ members }) =>
      members.flatMap((member) => [...inside(member.selectors), ...below(member.collections)]),
    );
  return [...inside(state.selectors), ...below(state.collections)];
}

function placeKey({ file, line, column }: Place, kind: string): string {
  return `${kind} ${line}:${column} ${file}`;
}

function samePlace(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}
