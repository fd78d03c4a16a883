import { lastSegment, parentAddress, segmentsOf, type Address } from '../../model/address.ts';
import type { Secret } from '../../model/secret.ts';
import { compareText, entriesOf, type DumpCollection, type DumpEntry, type DumpSet } from './dump-tree.ts';

/** One value that stands outside of the document, under a name of its own. */
export interface Reference {
  readonly name: string;
  readonly value: Secret;
  /** The value ends with a newline, of which sources take one away. */
  readonly finalNewline: boolean;
  /** Where it is used, sorted. */
  readonly uses: readonly Address[];
}

export interface NamedReferences {
  /** Sorted by name. */
  readonly references: readonly Reference[];
  readonly of: ReadonlyMap<DumpEntry, Reference>;
}

const NO_KEY = new Uint8Array();

/**
 * Gives every value that is not in clear its name: the member's own where all its uses have one value, else that with what
 * tells them apart, `STRIPE_KEY__SHOP__STAGING`. No two differ in case only. A name that `isRefused`
 * gets more words. `used` are names that mean something else already: a member of that name is told apart as if it had two
 * values.
 */
export function nameReferences(
  tree: readonly DumpCollection[],
  sets: readonly DumpSet[],
  isRefused: (name: string) => boolean,
  used: ReadonlySet<string> = new Set(),
): NamedReferences {
  const slots = [
    ...sets.flatMap(({ name, members }) => members.map((entry) => ({ entry, set: name }))),
    ...entriesOf(tree).map((entry) => ({ entry, set: null })),
    ...entriesOf(tree)
      .flatMap(({ collections }) => collections.flatMap(({ placeholders }) => placeholders))
      .map((entry) => ({ entry, set: null })),
  ].filter(({ entry }) => entry.value?.how === 'reference');
  const values = [...Map.groupBy(slots, ({ entry }) => entry.key)]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([key, same]) => ({ key, classes: classesOf(same) }));
  const taken = new Set([...used].map((name) => name.toUpperCase()));
  const isAlone = (key: string, classes: readonly ValueClass[]): boolean =>
    classes.length === 1 && !taken.has(key.toUpperCase());
  const references: Reference[] = [];
  const of = new Map<DumpEntry, Reference>();
  const add = (wanted: string, { value, finalNewline, uses, slots: users }: ValueClass): void => {
    const other = isRefused(wanted) ? `APP_${wanted}` : wanted;
    const name = free(isRefused(other) ? `${other}_VALUE` : other, taken);
    const reference = { name, value, finalNewline, uses };
    references.push(reference);
    for (const { entry } of users) of.set(entry, reference);
  };
  // First the names that are nobody else's, so that no made-up one takes one of them.
  const [alone, several] = [true, false].map((is) => values.filter(({ key, classes }) => isAlone(key, classes) === is));
  for (const { key, classes } of alone ?? []) for (const one of classes) add(key, one);
  for (const { key, classes } of several ?? []) for (const one of classes) add(`${key}__${distinction(one)}`, one);
  return { references: references.sort((a, b) => compareText(a.name, b.name)), of };
}

interface Slot {
  readonly entry: DumpEntry;
  readonly set: string | null;
}

/** The uses of one name that have one value. */
interface ValueClass {
  readonly value: Secret;
  readonly finalNewline: boolean;
  readonly uses: readonly Address[];
  readonly slots: readonly Slot[];
}

/** Sorted by their first use. */
function classesOf(slots: readonly Slot[]): readonly ValueClass[] {
  return [...Map.groupBy(slots, ({ entry }) => entry.value?.secret.digest(NO_KEY)).values()]
    .flatMap((same): readonly ValueClass[] => {
      const value = same[0]?.entry.value;
      if (value?.how !== 'reference') return [];
      const uses = [...new Set(same.flatMap(({ entry }) => entry.uses))].sort(compareText);
      return [{ value: value.secret, finalNewline: value.finalNewline, uses, slots: same }];
    })
    .toSorted((a, b) => compareText(a.uses[0] ?? '', b.uses[0] ?? ''));
}

/** What tells the uses of one value from the others: the set, the container, or what all containers have in common. */
function distinction({ uses, slots }: ValueClass): string {
  const [slot] = slots;
  if (slots.length === 1 && slot?.set !== null && slot !== undefined) return upper([slot.set]);
  const containers = uses.map(parentAddress).filter((one) => one !== null);
  const [first] = containers;
  if (first === undefined) return 'OTHER';
  const outer = new Set(containers.map(parentAddress));
  const [around] = outer;
  if (containers.length > 1 && outer.size === 1 && around !== null && around !== undefined)
    return upper(segmentsOf(around).map(({ key }) => key));
  const keys = new Set(containers.map((one) => lastSegment(one).key));
  return upper(keys.size === 1 && containers.length > 1 ? [...keys] : segmentsOf(first).map(({ key }) => key));
}

function upper(words: readonly string[]): string {
  return words.map((text) => text.toUpperCase().replace(/[^A-Z0-9]+/g, '_')).join('__');
}

function free(name: string, taken: Set<string>): string {
  let found = name;
  for (let n = 2; taken.has(found.toUpperCase()); n += 1) found = `${name}_${String(n)}`;
  taken.add(found.toUpperCase());
  return found;
}
