import { addressOf, compareAddress, type Address } from '../model/address.ts';
import type { Unreadable } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { summarizeError, type PlatformError } from '../model/error.ts';
import type { EventSink } from '../model/event.ts';
import type { Listed, Listing, ResourceKind } from '../model/kind.ts';
import { kindsOf } from '../model/kinds.ts';
import { collectionPath, type Observation } from '../model/observation.ts';
import type { Provider } from '../model/provider.ts';
import type { DesiredState, LiveResource, Spec } from '../model/resource.ts';
import { indexDesired, type Declared } from './declared.ts';
import { matcherOf } from './match.ts';
import { inventoryOf, wantedOf, type Wanted } from './wanted.ts';

export interface ObserveOptions {
  readonly signal: AbortSignal;
  /** Milliseconds since epoch, when the reading begins. */
  readonly at: number;
  readonly onEvent: EventSink;
  /**
   * What is desired once all is listed that selectors may select; called once, and only where there are selectors.
   * `whole` false: some of it could not be listed.
   */
  readonly instantiate: (inventory: ReadonlyMap<Address, LiveResource>, whole: boolean) => DesiredState;
}

export interface Observed {
  /** With what selectors asked for. */
  readonly desired: DesiredState;
  readonly observation: Observation;
}

/**
 * Reads what the document manages and nothing else (rule 1): collection by collection, containers before contents. What
 * selectors may select is listed before they are acted on, then what they ask for. Of things that pruning may delete it
 * also reads what they contain, as far as that holds data: nobody may delete what they cannot see (rule 8).
 */
export async function observe<Api>(
  provider: Provider<Api>,
  asked: DesiredState,
  options: ObserveOptions,
): Promise<Observed> {
  const kinds = kindsOf<ResourceKind<Spec, Api>>(provider.kinds);
  const inventory = inventoryOf(asked.selectors, kinds);
  const reading: Reading = { live: new Map(), read: new Map(), unreadable: [], unmatched: [] };
  let at = options.at;
  const listKind = async (kind: ResourceKind<Spec, Api>, wanted: Wanted): Promise<void> => {
    const { containers, count, inTeam, forSelectors } = wanted;
    if (count === 0 || (!inTeam && containers.size === 0)) return;
    const parents = [...containers.values()].filter((container) => container !== null);
    const listing = await kind.list(provider.api, { parents: inTeam ? 'team' : parents, signal: options.signal });
    at = Math.min(at, ...(listing.readAt?.values() ?? []));
    options.onEvent({ type: 'listed', kind: kind.name, members: listing.items.length });
    keep(kind, { listing, at: options.at, containers, forSelectors, declared: wanted.declared, desired }, reading);
  };
  let desired = asked;
  let declared = indexDesired(desired);
  for (const kind of kinds.all.filter(({ name }) => inventory.has(name)))
    await listKind(kind, wantedOf(kind, { desired, declared, live: reading.live, selecting: inventory }));
  if (inventory.size > 0) {
    desired = options.instantiate(reading.live, reading.unreadable.length === 0);
    declared = indexDesired(desired);
  }
  for (const kind of kinds.all.filter(({ name }) => !inventory.has(name)))
    await listKind(kind, wantedOf(kind, { desired, declared, live: reading.live, selecting: inventory }));
  const { live, read, unreadable, unmatched } = reading;
  return {
    desired,
    observation: {
      at,
      live: new Map([...live].sort(([a], [b]) => compareAddress(a, b))),
      read,
      unreadable: unreadable.sort((a, b) => (a.collection < b.collection ? -1 : 1)),
      ...(unmatched.length === 0 ? {} : { unmatched }),
    },
  };
}

interface Reading {
  readonly live: Map<Address, LiveResource>;
  readonly read: Map<string, number>;
  readonly unreadable: Unreadable[];
  readonly unmatched: Diagnostic[];
}

/** Takes one listing into the reading: what is in the containers asked for, and which of them could not be read. */
function keep(
  kind: ResourceKind<Spec, never>,
  found: {
    readonly listing: Listing;
    /** When what the listing does not tell a time of was read. */
    readonly at: number;
    readonly containers: Wanted['containers'];
    readonly forSelectors: Wanted['forSelectors'];
    readonly declared: Declared;
    readonly desired: DesiredState;
  },
  { live, read, unreadable, unmatched }: Reading,
): void {
  const { listing, at, containers, forSelectors, declared, desired } = found;
  const failed = new Map<string | null, PlatformError>(
    listing.unreadable.map(({ parentId, error }) => [parentId, error]),
  );
  const members = byParent(listing.items);
  const match = matcherOf(kind, desired);
  const whole = failed.get(null);
  if (whole !== undefined && forSelectors.size > 0)
    unreadable.push({ collection: kind.collection, error: summarizeError(whole) });
  for (const [parent, container] of containers) {
    const path = collectionPath(parent, kind.collection);
    const error = failed.get(container?.id ?? null) ?? whole;
    if (error !== undefined) {
      if (container !== null && error.code === 'not-found' && declared.selected.has(container.address)) {
        // Selected a moment ago, and gone now: no error of anybody's (rule 23).
        live.delete(container.address);
        continue;
      }
      // One listing for all that only selectors look into failed: said once, not for each of ten thousand.
      if (error === whole && forSelectors.has(parent) && parent !== null) continue;
      if (!unreadable.some(({ collection }) => collection === path))
        unreadable.push({ collection: path, error: summarizeError(error) });
      continue;
    }
    read.set(path, listing.readAt?.get(container?.id ?? null) ?? listing.readAt?.get(null) ?? at);
    const matched = match(parent, members.get(container?.id ?? null) ?? []);
    unmatched.push(...matched.unmatched);
    for (const resource of link(kind, parent, matched.items, declared)) live.set(resource.address, resource);
  }
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

function byParent(items: readonly Listed[]): ReadonlyMap<string | null, readonly Listed[]> {
  const groups = new Map<string | null, Listed[]>();
  for (const item of items) {
    const group = groups.get(item.parentId);
    if (group === undefined) groups.set(item.parentId, [item]);
    else group.push(item);
  }
  return groups;
}
