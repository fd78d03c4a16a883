import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { lastSegment, type Address } from '../../model/address.ts';
import type { DesiredResource } from '../../model/resource.ts';
import type { Ground } from './ground.ts';
import { slotOf, type Slot } from './outcome.ts';
import { keyText, type SyntaxFile, type WrittenPair } from './syntax.ts';

/** How one value is written, from its member inwards. */
export interface Chain {
  readonly file: SyntaxFile;
  readonly written: WrittenPair;
  /** The aliases that lead to the value, the nearest to the value first. */
  readonly aliases: readonly Node[];
  /** The value, aliases resolved. */
  readonly value: Node | null;
  /** Of a long form: the member that says the value or where it comes from. */
  readonly inner: Chain | null;
}

/** Who reads what is written at one place. */
export interface Readers {
  chainOf(resource: DesiredResource, field: string): Chain | null;
  /** The lines of all things that a node, or the key of a member, takes part in. */
  of(node: Node): ReadonlySet<Slot>;
  /** The parents whose collection holds this map or list, also merged; null: something else than entries has it too. */
  usersOf(collection: Node): ReadonlySet<Address | null> | null;
}

/** What a long form gives its value by, beside the shorthand's own field. */
const SOURCES = ['fromEnv', 'fromFile', 'fromCommand', 'fromSops', 'absent'] as const;

export function readersOf(ground: Ground): Readers {
  const { input, files } = ground;
  const { desired, kinds } = input;
  const readers = new Map<Node, Set<Slot>>();
  const note = (node: Node, slot: Slot): void => {
    const known = readers.get(node);
    if (known === undefined) readers.set(node, new Set([slot]));
    else known.add(slot);
  };
  const noteChain = ({ written, aliases, value, inner }: Chain, slot: Slot): void => {
    note(written.pair.key, slot);
    for (const alias of aliases) note(alias, slot);
    if (value !== null) note(value, slot);
    if (inner !== null) noteChain(inner, slot);
  };
  const chainOf = (resource: DesiredResource, field: string): Chain | null => {
    const { form } = kinds.named(resource.kind);
    const place = form.shape === 'map' ? resource.where : ground.placeOfField(resource, field);
    const file = place === null ? undefined : files.get(place.file);
    const written = place === null ? null : (file?.memberAt(place) ?? null);
    if (file === undefined || written === null) return null;
    return chain(file, written, form.shape === 'map' ? [field, ...SOURCES] : []);
  };
  for (const resource of desired.resources) {
    const { form, schema } = kinds.named(resource.kind);
    for (const field of form.shape === 'map' ? [form.shorthand] : Object.keys(schema)) {
      const found = chainOf(resource, field);
      if (found !== null) noteChain(found, slotOf(resource.address, field));
    }
    const entry = ground.entries.get(resource.address);
    if (entry !== undefined) for (const node of [entry.item, entry.map]) note(node, slotOf(resource.address, ''));
  }
  const users = usersOfCollections(ground);
  return { chainOf, of: (node) => readers.get(node) ?? new Set(), usersOf: (node) => users.get(node) ?? null };
}

function chain(file: SyntaxFile, written: WrittenPair, keys: readonly string[]): Chain {
  const aliases: Node[] = [];
  let value: Node | null = written.pair.value;
  while (value !== null && isAlias(value)) {
    aliases.unshift(value);
    value = file.resolve(value);
  }
  const inside = isMap(value) ? keys.map((key) => file.find(value, key)).find((one) => one !== null) : undefined;
  return { file, written, aliases, value, inner: inside === undefined ? null : chain(file, inside, []) };
}

/** Which entries' collections a map or list is part of. What only sets, defaults and selectors hold is nobody's. */
function usersOfCollections({
  files,
  entries,
  input: { kinds },
}: Ground): ReadonlyMap<Node, ReadonlySet<Address | null> | null> {
  const collections = new Set(kinds.all.map(({ collection }) => collection));
  const sets = new Set(
    kinds.all.flatMap(({ form }) => (form.shape === 'map' && form.bulk !== undefined ? [form.bulk.sets] : [])),
  );
  const owners = new Map<Pair, { readonly file: SyntaxFile; readonly by: Set<Address | null> }>();
  const own = (file: SyntaxFile, map: YAMLMap, address: Address | null): void => {
    for (const kind of kinds.childrenOf(address === null ? null : lastSegment(address).kind)) {
      const found = file.find(map, kind.collection);
      if (found === null) continue;
      const known = owners.get(found.pair) ?? { file, by: new Set() };
      known.by.add(address);
      owners.set(found.pair, known);
    }
  };
  for (const file of files.values()) for (const root of file.roots) own(file, root, null);
  for (const { file, map, address } of entries.values()) own(file, map, address);
  const found = new Map<Node, Set<Address | null> | null>();
  const visit = (file: SyntaxFile, node: Node | null, by: ReadonlySet<Address | null> | null): void => {
    if (!isMap(node) && !isSeq(node)) return;
    const known = found.get(node);
    if (known === null) return;
    if (by === null) found.set(node, null);
    else found.set(node, new Set([...(known ?? []), ...by]));
    if (isMap(node)) for (const source of file.merged(node)) visit(file, source, by);
  };
  for (const file of files.values())
    for (const { map, pair } of file.pairs) {
      const holder = file.holderOf(map);
      const inSets = holder !== null && 'pair' in holder && sets.has(keyText(holder.pair) ?? '');
      if (owners.has(pair) || !(inSets || collections.has(keyText(pair) ?? ''))) continue;
      if (isScalar(pair.value)) continue;
      visit(file, file.resolve(pair.value), null);
    }
  for (const [pair, { file, by }] of owners) visit(file, file.resolve(pair.value as Node | null), by);
  return found;
}
