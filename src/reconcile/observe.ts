import { ignoredBy } from '../diff/ownership.ts';
import { addressOf, compareAddress, type Address } from '../model/address.ts';
import type { Unreadable } from '../model/change.ts';
import { summarizeError, type PlatformError } from '../model/error.ts';
import type { EventSink } from '../model/event.ts';
import type { Listed, ResourceKind } from '../model/kind.ts';
import { kindsOf } from '../model/kinds.ts';
import { collectionPath, type Observation } from '../model/observation.ts';
import type { Provider } from '../model/provider.ts';
import type { DesiredResource, DesiredState, LiveResource, ManagedCollection, Spec } from '../model/resource.ts';

export interface ObserveOptions {
  readonly signal: AbortSignal;
  /** Milliseconds since epoch, when the reading begins. */
  readonly at: number;
  readonly onEvent: EventSink;
}

/** Up to this many containers are listed one by one; beyond, the team's whole list is fewer requests. */
const LIST_ONE_BY_ONE = 2;

/**
 * Reads what the document manages and nothing else (rule 1): collection by collection, containers before contents.
 * Of things that pruning may delete it also reads what they contain, as far as that holds data: nobody may delete
 * what they cannot see (rule 8).
 */
export async function observe<Api>(
  provider: Provider<Api>,
  desired: DesiredState,
  options: ObserveOptions,
): Promise<Observation> {
  const kinds = kindsOf<ResourceKind<Spec, Api>>(provider.kinds);
  const live = new Map<Address, LiveResource>();
  const read = new Set<string>();
  const unreadable: Unreadable[] = [];
  const declared = indexDesired(desired);
  for (const kind of kinds.all) {
    const managed = desired.collections.filter((collection) => collection.kind === kind.name);
    const doomed = kind.holdsData === true ? undeclaredInPruned(live, kind.parent, desired, declared) : [];
    const containers = new Map<Address | null, LiveResource | null>();
    for (const { parent } of managed) {
      const container = parent === null ? null : live.get(parent);
      if (container !== undefined) containers.set(parent, container);
    }
    for (const container of doomed) containers.set(container.address, container);
    const wanted = managed.length + doomed.length;
    if (wanted === 0) continue;
    const inTeam = kind.listsTeam === true && wanted > LIST_ONE_BY_ONE;
    if (!inTeam && containers.size === 0) continue;

    const parents = [...containers.values()].filter((container) => container !== null);
    const listing = await kind.list(provider.api, { parents: inTeam ? 'team' : parents, signal: options.signal });
    options.onEvent({ type: 'listed', kind: kind.name, members: listing.items.length });
    const failed = new Map<string | null, PlatformError>(
      listing.unreadable.map(({ parentId, error }) => [parentId, error]),
    );
    const members = byParent(listing.items);
    for (const [parent, container] of containers) {
      const path = collectionPath(parent, kind.collection);
      const error = failed.get(container?.id ?? null) ?? failed.get(null);
      if (error !== undefined) {
        unreadable.push({ collection: path, error: summarizeError(error) });
        continue;
      }
      read.add(path);
      for (const resource of link(kind, parent, members.get(container?.id ?? null) ?? [], declared))
        live.set(resource.address, resource);
    }
  }
  return {
    at: options.at,
    live: new Map([...live].sort(([a], [b]) => compareAddress(a, b))),
    read,
    unreadable: unreadable.sort((a, b) => (a.collection < b.collection ? -1 : 1)),
  };
}

/** A live one as the platform lists it, at its place in the document's terms. */
export function liveResource(
  kind: ResourceKind<Spec, never>,
  address: Address,
  parent: Address | null,
  listed: Listed,
): LiveResource {
  return {
    address,
    kind: kind.name,
    key: kind.key(listed.spec),
    parent,
    id: listed.id,
    spec: listed.spec,
    facts: listed.facts,
  };
}

/** Declared resources by kind and parent: address by key, and by former key. */
interface Declared {
  readonly addresses: ReadonlySet<Address>;
  readonly renames: ReadonlyMap<string, DesiredResource>;
}

function indexDesired(desired: DesiredState): Declared {
  const renames = desired.resources.flatMap((resource) =>
    resource.renamedFrom === null
      ? []
      : [[addressOf(resource.parent, resource.kind, resource.renamedFrom), resource] as const],
  );
  return { addresses: new Set(desired.resources.map(({ address }) => address)), renames: new Map(renames) };
}

/**
 * Gives each listed member its address: the entry with its key, else the entry that says `renamedFrom` its key (while
 * nothing has the new one), else one made from its own key.
 */
function link(
  kind: ResourceKind<Spec, never>,
  parent: Address | null,
  items: readonly Listed[],
  declared: Declared,
): readonly LiveResource[] {
  const own = new Map(items.map((item) => [addressOf(parent, kind.name, kind.key(item.spec)), item]));
  return [...own].map(([address, item]) => {
    const renamed = declared.addresses.has(address) ? undefined : declared.renames.get(address);
    const at = renamed !== undefined && !own.has(renamed.address) ? renamed.address : address;
    return liveResource(kind, at, parent, item);
  });
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

function byParent(items: readonly Listed[]): ReadonlyMap<string | null, readonly Listed[]> {
  const groups = new Map<string | null, Listed[]>();
  for (const item of items) {
    const group = groups.get(item.parentId);
    if (group === undefined) groups.set(item.parentId, [item]);
    else group.push(item);
  }
  return groups;
}
