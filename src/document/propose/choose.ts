import { isAlias, isMap, isSeq, type Node } from 'yaml';
import { addressOf, type Address } from '../../model/address.ts';
import { keyField } from '../../model/kinds.ts';
import type { DesiredResource } from '../../model/resource.ts';
import { describeSource } from '../../model/source.ts';
import type { Ground } from './ground.ts';
import type { Intent, SetAnew } from './intents.ts';
import { sameOutcome, slotOf, type Outcome, type Slot, type ValueOutcome, type Want } from './outcome.ts';
import type { Chain, Readers } from './readers.ts';
import { isMerge, keyText } from './syntax.ts';

/** An intent without the things that it is for, and what it is the same as. */
export interface Choice {
  readonly intent: IntentShape;
  /** The node that is edited. */
  readonly at: object;
  /** Beside the node, what of it. */
  readonly what: string;
}

type IntentShape = Intent extends infer One ? (One extends Intent ? Omit<One, 'addresses'> : never) : never;

/** Where wants can be met: everything that is read, and everything that is wanted. */
export interface Choosing {
  readonly ground: Ground;
  readonly readers: Readers;
  readonly wants: ReadonlyMap<Slot, Want>;
  readonly resources: ReadonlyMap<Address, DesiredResource>;
}

/** A text: why not, and what to do instead. */
type Found = Choice | { readonly anew: Omit<SetAnew, 'uses'> } | string;

/**
 * Where one line of the document is changed to say what is live: as near to where it is written as nobody else is
 * told something that is not so for them. What several things read is changed where it stands only if all of them are
 * to say the same; else it is said again, nearer to the one.
 */
export function choose(choosing: Choosing, want: Want): Found {
  const { resources } = choosing;
  const resource = resources.get(want.address);
  if (resource === undefined) return addMember(choosing, want);
  if (want.field === '') return removeEntry(choosing, want);
  const chain = choosing.readers.chainOf(resource, want.field);
  if (want.kind.form.shape === 'list') return changeField(choosing, want, chain);
  if (chain === null)
    return `it is said by ${resource.where.file}, which is no state file: change it there, or say it in the entry's \`${want.kind.collection}\``;
  if (want.outcome.type === 'gone') return removeMember(choosing, want, chain);
  const source = choosing.ground.memberOf(resource)?.source ?? null;
  if (source === null) return changeMember(choosing, want, chain);
  const { ref } = source;
  if (ref.from !== 'env' || !('secret' in want.outcome))
    return `its value comes from ${describeSource(ref)}: change it there, or write another source into the document`;
  const isEmpty = want.outcome.type === 'clear' && want.outcome.text === '';
  if (isEmpty && !ref.allowEmpty) return changeMember(choosing, want, chain);
  const others = usersOfSource(choosing, ref.name);
  if (alike(choosing, others, want)) return { anew: { name: ref.name, outcome: want.outcome } };
  return changeMember(choosing, { ...want, outcome: asReference(want.outcome) }, chain);
}

/** Whoever has decided that a value does not stand in the document has decided it for the next value too. */
function asReference(outcome: ValueOutcome): ValueOutcome {
  if (outcome.type === 'reference' || outcome.text === '') return outcome;
  return { type: 'reference', secret: outcome.secret, finalNewline: outcome.text.endsWith('\n') };
}

function usersOfSource({ ground, resources }: Choosing, name: string): readonly Slot[] {
  return [...resources.values()].flatMap((resource) => {
    const source = ground.memberOf(resource)?.source;
    return source?.ref.from === 'env' && source.ref.name === name ? [slotOf(resource.address, source.field)] : [];
  });
}

function changeMember(choosing: Choosing, want: Want, chain: Chain): Found {
  return atValue(choosing, want, chain) ?? override(choosing, want, chain);
}

/** The nearest place of the value that only those read who want the same. */
function atValue(choosing: Choosing, want: Want, { file, aliases, value, inner }: Chain): Choice | null {
  const { form } = want.kind;
  const { outcome } = want;
  const shorthand = form.shape === 'map' ? form.shorthand : '';
  const { readers } = choosing;
  // Where an alias leads, the place of the anchor has a meaning too: nobody reads it today, and somebody may tomorrow.
  const isMeant = (node: Node): boolean => {
    const holder = file.holderOf(node);
    if (holder === null || !('pair' in holder)) return true;
    return (file.isAside(holder) && holder.map.anchor === undefined) || readers.of(holder.pair.key).size > 0;
  };
  const free = (node: Node): boolean =>
    alike(choosing, readers.of(node), want) &&
    file.aliasesOf(node).every((alias) => readers.of(alias).size > 0) &&
    (aliases.length === 0 || isMeant(node));
  const put = (node: Node): Choice => ({ intent: { type: 'value', file, node, outcome }, at: node, what: '' });
  if (inner !== null && isMap(value)) {
    const { written } = inner;
    const isShort = keyText(written.pair) === shorthand && outcome.type !== 'gone' && outcome.type !== 'reference';
    if (isShort && inner.value !== null && !isMap(inner.value) && free(inner.value)) return put(inner.value);
    const isNeeded = file.neededAnchor(written.pair.value) !== null;
    if (written.map === value && !isNeeded && free(value) && (outcome.type !== 'gone' || value.items.length === 1))
      return { intent: { type: 'inner', file, written, outcome, shorthand }, at: written.pair, what: '' };
  } else if (value !== null && !isMap(value) && !isSeq(value) && free(value)) return put(value);
  const alias = aliases.find((one) => alike(choosing, choosing.readers.of(one), want));
  return alias === undefined ? null : put(alias);
}

/** Says it in the entry's own collection, where it is stronger than what the entry shares with others. */
function override(choosing: Choosing, want: Want, chain: Chain): Found {
  const { file, written } = chain;
  const shared = sharedBy(choosing, chain, want);
  const line = `${file.path}:${String(lineOf(file.text, written.pair.key))}`;
  const outcome = expressed(want);
  if (outcome === null) return `it cannot be said that it is not there: ${line} says it ${shared}`;
  const added = addMember(choosing, { ...want, outcome });
  return typeof added === 'string' ? `${line} says it ${shared}; ${added}` : added;
}

/** What a member says that is not to be there. */
function expressed({ kind, outcome }: Want): Outcome | null {
  if (outcome.type !== 'gone' || kind.form.shape !== 'map' || kind.form.sourced === true) return outcome;
  const field = (kind.schema as Readonly<Record<string, { readonly nullable?: true }>>)[kind.form.shorthand];
  return field?.nullable === true ? { type: 'scalar', value: null } : null;
}

function sharedBy({ readers }: Choosing, chain: Chain, want: Want): string {
  const nodes = [chain.written.pair.key, ...chain.aliases, ...(chain.value === null ? [] : [chain.value])];
  const all = new Set(nodes.flatMap((node) => [...readers.of(node)]));
  all.delete(slotOf(want.address, want.field));
  const [one] = [...all].sort();
  if (one === undefined) return 'in a way that is not edited';
  const more = all.size > 1 ? ` and ${String(all.size - 1)} more` : '';
  return `also for ${one.split(' ')[0] ?? one}${more}, of which it is not so`;
}

/** Puts a member into the collection of its parent: an undeclared one, or one that is stronger than a shared one. */
function addMember(choosing: Choosing, want: Want): Found {
  const { ground, readers } = choosing;
  const { kind, address, outcome } = want;
  const { parent, key } = partsOf(choosing, address);
  const entry = parent === null ? undefined : ground.entries.get(parent);
  if (entry === undefined || kind.form.shape !== 'map')
    return `${parent ?? 'it'} has no entry of its own: write one, or change what governs all that are like it`;
  const found = ground.collectionOf(parent, kind);
  const isOwnMap = readers.of(entry.map).size === 1;
  const { file } = entry;
  if (found === null) {
    if (!isOwnMap) return 'its entry is shared with others through an anchor: write one of its own';
    const after = kind.form.bulk?.key ?? null;
    const intent = { type: 'open', file, map: entry.map, after, collection: kind.collection, key, outcome } as const;
    return { intent, at: entry.map, what: `${kind.collection}/${key}` };
  }
  const { value } = found.written.pair;
  const collection = file.resolve(value);
  if (!isMap(collection)) return `\`${kind.collection}\` is written in a way that is not edited`;
  const there = collection.items.some((pair) => !isMerge(pair as never) && keyText(pair as never) === key);
  if (there) return 'it stands there for all of them: write it apart for each';
  const users = readers.usersOf(collection);
  const slots = [...(users ?? [])].map((user) => slotOf(addressOf(user, kind.name, key), want.field));
  if (users !== null && users.size > 0 && alike(choosing, slots, want)) {
    const intent = { type: 'add', file, collection: collection, key, after: null, outcome } as const;
    return { intent, at: collection, what: key };
  }
  if (value !== null && isAlias(value) && found.written.map === entry.map && isOwnMap)
    return { intent: { type: 'merge', file, alias: value, key, outcome }, at: value, what: key };
  return `its \`${kind.collection}\` is shared with others through an anchor: give the entry one of its own`;
}

function partsOf(
  { ground, resources }: Choosing,
  address: Address,
): { readonly parent: Address | null; readonly key: string } {
  const live = ground.input.live.get(address);
  const resource = resources.get(address);
  return { parent: live?.parent ?? resource?.parent ?? null, key: resource?.key ?? live?.key ?? '' };
}

function changeField(choosing: Choosing, want: Want, chain: Chain | null): Found {
  const { ground, readers, resources } = choosing;
  const resource = resources.get(want.address);
  if (want.field === keyField(want.kind))
    return `a rename is due (\`renamedFrom\`): apply it, or write the old name into the entry and take the line away`;
  if (chain === null)
    return `its \`${want.field}\` is asked for by ${resource?.selector ?? 'something'} in a way that is not edited: change it there`;
  const found = atValue(choosing, want, chain);
  if (found !== null) return found;
  const entry = ground.entries.get(want.address);
  const where = `${chain.file.path}:${String(lineOf(chain.file.text, chain.written.pair.key))}`;
  const shared = `${where} says its \`${want.field}\` ${sharedBy(choosing, chain, want)}`;
  if (entry === undefined) return `${shared}; give it an entry of its own`;
  const slots = [...readers.of(entry.map)].map((slot) => slotOf((slot.split(' ')[0] ?? '') as Address, want.field));
  const isOwn = entry.map.items.some((pair) => keyText(pair as never) === want.field);
  if (isOwn || !alike(choosing, slots, want)) return `${shared}; write it apart for each`;
  const { file, map } = entry;
  const { outcome, field } = want;
  const after = keyField(want.kind);
  return { intent: { type: 'add', file, collection: map, key: field, after, outcome }, at: map, what: field };
}

function removeMember(choosing: Choosing, want: Want, chain: Chain): Found {
  const { ground, readers } = choosing;
  const { file, written } = chain;
  const slots = [...readers.of(written.pair.key)];
  const isShadow = file.merged(written.map).some((map) => file.find(map, keyText(written.pair) ?? '') !== null);
  const isOnly = slots.every((slot) => {
    const { parent, key } = partsOf(choosing, (slot.split(' ')[0] ?? '') as Address);
    return ground.layersOf(parent, want.kind, key) <= 1;
  });
  const anchor = file.neededAnchor(written.pair.value);
  if (alike(choosing, slots, want) && isOnly && !isShadow) {
    if (anchor !== null) return movesAnchor(anchor);
    const index = written.map.items.indexOf(written.pair);
    return { intent: { type: 'remove', file, collection: written.map, index }, at: written.pair, what: '' };
  }
  const outcome = expressed(want);
  return changeMember(choosing, outcome === null ? want : { ...want, outcome }, chain);
}

function removeEntry(choosing: Choosing, want: Want): Found {
  const { ground, readers, resources } = choosing;
  const entry = ground.entries.get(want.address);
  if (entry === undefined) return 'its entry is written in a way that is not edited';
  const kept = [...resources.keys()].find(
    (address) => address.startsWith(`${want.address}/`) && !ground.input.inScope(address),
  );
  if (kept !== undefined) return `its entry holds ${kept}, which is outside of --target and --exclude`;
  if (!alike(choosing, readers.of(entry.item), want)) return 'its entry is shared with others through an anchor';
  const { file, list, item } = entry;
  const anchor = file.neededAnchor(item);
  if (anchor !== null) return movesAnchor(anchor);
  const index = (list.items as Node[]).indexOf(item);
  return { intent: { type: 'remove', file, collection: list, index }, at: item, what: '' };
}

function movesAnchor(anchor: string): string {
  return `it holds the anchor \`&${anchor}\`, which is used elsewhere: move that to one of those places first`;
}

/** All of these lines are to say the same. */
function alike({ wants }: Choosing, slots: Iterable<Slot>, want: Want): boolean {
  for (const slot of slots) {
    const other = wants.get(slot);
    if (other === undefined || !sameWant(other, want)) return false;
  }
  return true;
}

function sameWant(a: Want, b: Want): boolean {
  const [one, other] = [expressed(a) ?? a.outcome, expressed(b) ?? b.outcome];
  return sameOutcome(one, other);
}

function lineOf(text: string, node: Node): number {
  return text.slice(0, node.range?.[0] ?? 0).split('\n').length;
}
