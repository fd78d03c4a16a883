import { lastSegment, parentAddress, type Address } from '../../model/address.ts';
import type { AnyKind } from '../../model/kinds.ts';
import { compareText, entriesOf, mapCollections } from './dump-tree.ts';
import type { DumpCollection, DumpEntry, DumpSet } from './dump-tree.ts';

const NO_KEY = new Uint8Array();

/**
 * Members that several containers have with equal values, as named sets: those that exactly the same containers share,
 * where there are two of them, or three containers. Each member of a container ends up in one set or stays its own, so
 * the order of sets means nothing. Values are compared by digests that go nowhere.
 */
export function liftSets(tree: readonly DumpCollection[]): {
  readonly tree: readonly DumpCollection[];
  readonly sets: readonly DumpSet[];
} {
  const bulky = new Map<AnyKind, Map<Address, DumpCollection>>();
  for (const entry of entriesOf(tree))
    for (const collection of entry.collections) {
      const { form } = collection.kind;
      if (form.shape !== 'map' || form.bulk === undefined || collection.members.length === 0) continue;
      const known = bulky.get(collection.kind) ?? new Map<Address, DumpCollection>();
      bulky.set(collection.kind, known.set(entry.address, collection));
    }
  const sets: DumpSet[] = [];
  const lifted = new Map<DumpEntry, string>();
  for (const [kind, collections] of bulky) {
    const taken = new Set<string>();
    for (const group of groupsOf(collections)) {
      const name = free(nameOf(group, [...collections.keys()]), taken);
      sets.push({ kind, name, members: group.members.map(({ entry }) => entry) });
      for (const { all } of group.members) for (const one of all) lifted.set(one, name);
    }
  }
  return {
    sets: sets.toSorted((a, b) => compareText(a.name, b.name)),
    tree: mapCollections(tree, (collection) => {
      const names = new Set(collection.members.map((entry) => lifted.get(entry)).filter((name) => name !== undefined));
      if (names.size === 0) return collection;
      return {
        ...collection,
        members: collection.members.filter((entry) => !lifted.has(entry)),
        sets: [...names].sort(compareText),
      };
    }),
  };
}

/** What exactly these containers share. */
interface Group {
  /** Sorted. */
  readonly containers: readonly Address[];
  /** Sorted by key. */
  readonly members: readonly Shared[];
}

interface Shared {
  /** The one line for all of them. */
  readonly entry: DumpEntry;
  readonly all: readonly DumpEntry[];
}

function groupsOf(collections: ReadonlyMap<Address, DumpCollection>): readonly Group[] {
  const same = new Map<string, { readonly containers: Address[]; readonly all: DumpEntry[] }>();
  for (const [container, { members }] of collections)
    for (const entry of members) {
      if (entry.value === null) continue;
      const id = `${entry.key} ${entry.value.secret.digest(NO_KEY)}`;
      const known = same.get(id) ?? { containers: [], all: [] };
      known.containers.push(container);
      known.all.push(entry);
      same.set(id, known);
    }
  const groups = Map.groupBy(same.values(), ({ containers }) => containers.toSorted(compareText).join(' '));
  return [...groups]
    .flatMap(([, shared]): readonly Group[] => {
      const containers = shared[0]?.containers.toSorted(compareText) ?? [];
      const worth = containers.length >= 3 || (containers.length === 2 && shared.length >= 2);
      const members = shared.flatMap(({ all }): readonly Shared[] => {
        const [first] = all;
        const uses = all.flatMap((one) => one.uses).toSorted(compareText);
        return first === undefined ? [] : [{ entry: { ...first, uses }, all }];
      });
      return worth ? [{ containers, members: members.toSorted((a, b) => compareText(a.entry.key, b.entry.key)) }] : [];
    })
    .toSorted((a, b) => b.containers.length - a.containers.length || compareText(idOf(a), idOf(b)));
}

function idOf({ containers, members }: Group): string {
  return [...containers, ...members.map(({ entry }) => entry.key)].join(' ');
}

/**
 * `common` for what all share; a container's container where it is all of that; the containers' key where it is the
 * same; else the containers of one, or what the members are about.
 */
function nameOf({ containers, members }: Group, all: readonly Address[]): string {
  if (containers.length === all.length) return 'common';
  const keys = [...new Set(containers.map((one) => lastSegment(one).key))];
  const [key] = keys;
  const outer = [...new Set(containers.map(parentAddress))];
  const [only] = outer;
  if (outer.length === 1 && only !== undefined && only !== null) {
    const { key: around } = lastSegment(only);
    if (all.filter((one) => parentAddress(one) === only).length === containers.length) return word(around);
    return word([around, ...keys.slice(0, 3)].join('-'));
  }
  if (keys.length === 1 && key !== undefined) return word(key);
  return subject(members.map(({ entry }) => entry.key));
}

/** What all names begin with, as whole words; else the first name. */
function subject(names: readonly string[]): string {
  const [first = 'shared', ...others] = names.map((name) => name.split('_'));
  if (typeof first === 'string') return first;
  let length = 0;
  while (length < first.length && others.every((words) => words[length] === first[length])) length += 1;
  return word(first.slice(0, length === 0 || others.length === 0 ? first.length : length).join('-'));
}

function word(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'shared' : plain.slice(0, 60);
}

function free(name: string, taken: Set<string>): string {
  let found = name;
  for (let n = 2; taken.has(found); n += 1) found = `${name}-${String(n)}`;
  taken.add(found);
  return found;
}
