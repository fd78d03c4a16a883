import type { Address } from '../../model/address.ts';
import type { AnyKind } from '../../model/kinds.ts';
import type { Secret } from '../../model/secret.ts';

/** Live things as a document will say them, containers with contents; sorted by key. Not yet named, lifted or printed. */
export interface DumpEntry {
  readonly kind: AnyKind;
  readonly key: string;
  readonly address: Address;
  /** What is written, by field, in the order of the schema; the key's field first. Without the sourced one. */
  readonly fields: ReadonlyMap<string, unknown>;
  /** The value of a member that may come from a source. */
  readonly value: DumpValue | null;
  /** Every live thing that this line speaks for: itself, or all that share it. */
  readonly uses: readonly Address[];
  readonly collections: readonly DumpCollection[];
  /** For comments: what of it is not declared, and why. */
  readonly notes: readonly string[];
}

/** How a value is written: in clear, or as a reference to where it will be. */
export type DumpValue =
  | { readonly how: 'clear'; readonly secret: Secret; readonly text: string }
  | { readonly how: 'reference'; readonly secret: Secret; readonly finalNewline: boolean };

export interface DumpCollection {
  readonly kind: AnyKind;
  readonly members: readonly DumpEntry[];
  /** Named sets that it uses. */
  readonly sets: readonly string[];
  /** Members that are not declared until somebody fills them in. */
  readonly placeholders: readonly DumpEntry[];
  /** Its key is written although nothing stands under it. */
  readonly evenEmpty: boolean;
  /** For comments: what is there and not declared, and why. */
  readonly notes: readonly string[];
}

/** A named set of members that several containers share. */
export interface DumpSet {
  readonly kind: AnyKind;
  readonly name: string;
  readonly members: readonly DumpEntry[];
}

/** All entries of the tree, containers before contents. */
export function entriesOf(collections: readonly DumpCollection[]): readonly DumpEntry[] {
  const found: DumpEntry[] = [];
  const open: DumpEntry[] = collections.flatMap(({ members }) => members).toReversed();
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    found.push(entry);
    for (const inner of entry.collections.flatMap(({ members }) => members).toReversed()) open.push(inner);
  }
  return found;
}

/** The tree with every collection changed, contents before containers. `parent` is null at the top. */
export function mapCollections(
  collections: readonly DumpCollection[],
  change: (collection: DumpCollection, parent: Address | null) => DumpCollection,
  parent: Address | null = null,
): readonly DumpCollection[] {
  return collections.map((collection) => {
    const members = collection.members.map((entry) =>
      entry.collections.length === 0
        ? entry
        : { ...entry, collections: mapCollections(entry.collections, change, entry.address) },
    );
    return change({ ...collection, members }, parent);
  });
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
