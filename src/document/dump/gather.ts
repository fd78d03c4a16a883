import type { Address } from '../../model/address.ts';
import { compareAddress } from '../../model/address.ts';
import type { Unreadable } from '../../model/change.ts';
import type { AnyKind, Kinds } from '../../model/kinds.ts';
import { collectionPath } from '../../model/observation.ts';
import type { LiveResource } from '../../model/resource.ts';
import { fieldSchema } from '../../model/kinds.ts';
import { declarable } from './declarable.ts';
import { compareText, type DumpCollection, type DumpEntry } from './dump-tree.ts';
import { isSaid } from './said.ts';
import { writtenValue, type ReferenceTo } from './written-value.ts';

/** What was read of the live side, and how much of it is to be said. */
export interface Ground {
  readonly kinds: Kinds;
  readonly live: ReadonlyMap<Address, LiveResource>;
  /** The collections that were read, as {@link collectionPath}. */
  readonly read: ReadonlySet<string>;
  readonly unreadable: readonly Unreadable[];
  /** Also what a document need not say: usual values, platform defaults, empty collections. */
  readonly all: boolean;
  /** All values in clear. */
  readonly clear: boolean;
  /** A value that is not in clear is a reference to one of these; null: it is a placeholder. */
  readonly to: ReferenceTo | null;
}

/** The live things as a tree of entries, sorted, with what cannot be declared left out and noted at its place. */
export function gather(ground: Ground): readonly DumpCollection[] {
  const byParent = Map.groupBy(ground.live.values(), ({ parent }) => parent);
  const collect = (kind: AnyKind, parent: Address | null): DumpCollection => {
    const members: DumpEntry[] = [];
    const placeholders: DumpEntry[] = [];
    const left: { readonly key: string; readonly why: string }[] = [];
    const found = (byParent.get(parent) ?? []).filter((live) => live.kind === kind.name);
    for (const live of found.toSorted((a, b) => compareText(a.key, b.key) || compareAddress(a.address, b.address))) {
      const entry = entryOf(kind, live);
      if (typeof entry === 'string') left.push({ key: live.key, why: entry });
      else if (ground.to === null && entry.value?.how === 'reference') placeholders.push(entry);
      else members.push(entry);
    }
    const path = collectionPath(parent, kind.collection);
    return {
      kind,
      members,
      placeholders,
      sets: [],
      evenEmpty: ground.all && ground.read.has(path),
      notes: [...leftOut(left), ...missing(kind, path)],
    };
  };
  const entryOf = (kind: AnyKind, live: LiveResource): DumpEntry | string => {
    const { form } = kind;
    const sourced = form.shape === 'map' && form.sourced === true ? form.shorthand : null;
    const said = declarable(kind, live.spec);
    if (said.refused !== null) return said.refused;
    const to = ground.to ?? 'env';
    const value = sourced === null ? null : writtenValue(live.key, live.spec[sourced], { clear: ground.clear, to });
    if (typeof value === 'string') return value;
    const hidden = [...said.fields].find(
      ([field]) => field !== sourced && fieldSchema(kind, field)?.sensitive === true,
    );
    if (hidden !== undefined) return `\`${hidden[0]}\` is sensitive, and can come from no source`;
    const children = ground.kinds.childrenOf(kind.name);
    return {
      kind,
      key: live.key,
      address: live.address,
      fields: new Map(
        [...said.fields].filter(([field]) => field !== sourced && (ground.all || isSaid(kind, live, field))),
      ),
      value,
      uses: [live.address],
      collections: children.map((child) => collect(child, live.address)),
      notes: said.left,
    };
  };
  const missing = (kind: AnyKind, path: string): readonly string[] => {
    // One listing for all containers failed: it is said under the collection's own name.
    return ground.unreadable
      .filter(({ collection }) => collection === path)
      .map(({ error }) => `\`${kind.collection}\` could not be read, and is missing here: ${error.message}`);
  };
  return ground.kinds.childrenOf(null).map((kind) => collect(kind, null));
}

/** As many names as are worth reading in a comment. */
const MOST_NAMED = 10;

function leftOut(left: readonly { readonly key: string; readonly why: string }[]): readonly string[] {
  return [...Map.groupBy(left, ({ why }) => why)].flatMap(([why, all]) => {
    const names = all.slice(0, MOST_NAMED).map(({ key }) => key);
    const more = all.length - names.length;
    return [`Not declared: ${names.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`, `  ${why}`];
  });
}
