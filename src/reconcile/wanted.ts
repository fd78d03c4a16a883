import type { Address } from '../model/address.ts';
import type { ResourceKind } from '../model/kind.ts';
import type { Kinds } from '../model/kinds.ts';
import { ignoredBy } from '../model/ownership.ts';
import type { DesiredState, LiveResource, ManagedCollection, Spec } from '../model/resource.ts';
import { looksInto } from '../model/selection.ts';
import type { Selector } from '../model/selector.ts';
import type { Declared } from './declared.ts';

/** Up to this many containers are listed one by one; beyond, the team's whole list is fewer requests. */
export const LIST_ONE_BY_ONE = 2;

/** What of one kind is to be listed, and how. */
export interface Wanted {
  readonly containers: ReadonlyMap<Address | null, LiveResource | null>;
  /** Collections that are wanted, live or not. */
  readonly count: number;
  readonly inTeam: boolean;
  /** Containers that only selectors want to look into. */
  readonly forSelectors: ReadonlySet<Address | null>;
  readonly declared: Declared;
}

/** What that follows from. */
interface Ground {
  readonly desired: DesiredState;
  readonly declared: Declared;
  readonly live: ReadonlyMap<Address, LiveResource>;
  /** The kinds that selectors need the whole of. */
  readonly selecting: ReadonlySet<string>;
}

/** Which collections of the kind the document and its selectors need to see. */
export function wantedOf(kind: ResourceKind<Spec, never>, ground: Ground): Wanted {
  const { desired, declared, live, selecting } = ground;
  const managed = desired.collections.filter((collection) => collection.kind === kind.name);
  const doomed = kind.holdsData === true ? undeclaredInPruned(live, kind.parent, desired, declared) : [];
  const containers = new Map<Address | null, LiveResource | null>();
  for (const { parent } of managed) {
    const container = parent === null ? null : live.get(parent);
    if (container !== undefined) containers.set(parent, container);
  }
  for (const container of doomed) containers.set(container.address, container);
  const forSelectors = new Set<Address | null>();
  if (selecting.has(kind.name))
    for (const parent of selectedIn(kind, ground)) {
      if (containers.has(parent)) continue;
      forSelectors.add(parent);
      containers.set(parent, parent === null ? null : (live.get(parent) ?? null));
    }
  const count = managed.length + doomed.length + forSelectors.size;
  const inTeam = kind.listsTeam === true && (count > LIST_ONE_BY_ONE || selecting.has(kind.name));
  return { containers, count, inTeam, forSelectors, declared };
}

/** The kinds that selectors select, and what contains those. */
export function inventoryOf(selectors: readonly Selector[], kinds: Kinds): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { kind } of selectors)
    for (let name: string | null = kind; name !== null; name = kinds.named(name).parent) found.add(name);
  return found;
}

/** The containers that selectors may look into for things of the kind. */
function selectedIn(kind: ResourceKind<Spec, never>, { desired, declared, live }: Ground): readonly (Address | null)[] {
  if (kind.parent === null) return [null];
  // What selectors matched the last time has no entry of its own.
  const known = { declared: declared.addresses.difference(declared.selected), inventory: live };
  const ignored = ignoredBy(desired.policies);
  const looking = desired.selectors
    .filter((selector) => selector.kind === kind.name)
    .map((selector) => ({ within: selector.within, looksInto: looksInto(selector, known) }));
  return [...live.values()]
    .filter(
      (container) =>
        container.kind === kind.parent &&
        !ignored(container.address) &&
        looking.some((one) => (one.within ?? container.address) === container.address && one.looksInto(container)),
    )
    .map(({ address }) => address);
}

function undeclaredInPruned(
  live: ReadonlyMap<Address, LiveResource>,
  kind: string | null,
  desired: DesiredState,
  declared: Declared,
): readonly LiveResource[] {
  const pruned = new Set(
    desired.collections.filter((collection) => prunes(collection, kind)).map(({ parent }) => parent),
  );
  const ignored = ignoredBy(desired.policies);
  return [...live.values()].filter(
    ({ kind: name, parent, address }) =>
      name === kind && pruned.has(parent) && !declared.addresses.has(address) && !ignored(address),
  );
}

function prunes(collection: ManagedCollection, kind: string | null): boolean {
  return collection.kind === kind && collection.prune;
}
