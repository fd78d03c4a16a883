import { lastSegment, parentAddress, type Address } from '../model/address.ts';
import type { AnyKind, Kinds } from '../model/kinds.ts';
import { collectionPath } from '../model/observation.ts';
import { ignoredBy } from '../model/ownership.ts';
import type { Unseen } from '../model/parity.ts';
import type { Place } from '../model/place.ts';
import type { Spec } from '../model/resource.ts';
import { removesLive, type Draft } from './draft.ts';
import type { PlanInput } from './input.ts';
import { tellingApart, type ToldApart } from './told-apart.ts';

/** The containers of one kind of members as they will be, and what is in them as far as it is known. */
export interface FinalState {
  readonly kind: AnyKind;
  /** Sorted by address. */
  readonly containers: readonly FinalContainer[];
  /** Declared places of containers that nobody listed, sorted; null: the whole team, whose list could not be read. */
  readonly unlisted: readonly (Address | null)[];
}

export interface FinalContainer {
  readonly address: Address;
  readonly group: Address | null;
  /** Its own fields and those of what contains it, by kind. */
  readonly specs: ReadonlyMap<string, Spec>;
  /** False: it is not there yet or was not looked at, so a field that is not in `specs` may be anything. */
  readonly isLive: boolean;
  /** The document manages what is in it. */
  readonly isManaged: boolean;
  readonly members: ReadonlyMap<string, FinalMember>;
  /** Keys that are known to be missing, though not all is known. */
  readonly gone: ReadonlySet<string>;
  /** Null: what is in `members` is all. */
  readonly unseen: Unseen | null;
}

export interface FinalMember {
  readonly address: Address;
  readonly value: ToldApart;
  readonly isDeclared: boolean;
  /** The line that asks for it; null: none does. */
  readonly where: Place | null;
}

/** The kinds whose members are meant to be compared, each in containers of its own. */
export function comparedKinds(kinds: Kinds): readonly AnyKind[] {
  return kinds.all.filter(({ compared, parent }) => compared === true && parent !== null);
}

/**
 * What will be there once `drafts` are executed: desired where they ask for it, else live where it was read. Nothing
 * that the document ignores is in it, and nothing is read for it.
 */
export function finalState(kind: AnyKind, input: PlanInput, drafts: readonly Draft[]): FinalState {
  const { desired, observation, kinds } = input;
  const chain = chainOf(kind, kinds);
  const [container] = chain;
  const ignored = ignoredBy(desired.policies);
  const removed = new Set(drafts.filter(removesLive).map(({ address }) => address));
  const fresh = new Set(drafts.filter(({ action }) => action === 'create' || action === 'replace').map(addressIn));
  const told = tellingApart(kind, input.parityKey);
  const concerned = new Set([kind.name, ...chain.map(({ name }) => name)]);

  const specs = new Map<Address, Spec>();
  for (const live of observation.live.values())
    if (concerned.has(live.kind) && !ignored(live.address) && !isInside(live.address, removed))
      specs.set(live.address, live.spec);
  for (const { address, kind: own, action, desired: wanted } of drafts)
    if (concerned.has(own.name) && action !== 'delete' && wanted !== null)
      specs.set(address, { ...wanted.atCreation, ...specs.get(address), ...wanted.spec });

  const declared = new Map(desired.resources.map((resource) => [resource.address, resource]));
  const managed = new Map(
    desired.collections.filter((found) => found.kind === kind.name).map((found) => [found.parent, found]),
  );
  const unreadable = new Set(observation.unreadable.map(({ collection }) => collection));
  const unseenIn = (address: Address): Unseen | null => {
    const isIncomplete = managed.get(address)?.incomplete === true;
    if (fresh.has(address)) return isIncomplete ? 'unresolved' : kind.seeded === true ? 'new' : null;
    const path = collectionPath(address, kind.collection);
    if (unreadable.has(path)) return 'unreadable';
    if (!observation.read.has(path)) return 'undeclared';
    return isIncomplete ? 'unresolved' : null;
  };
  const members = new Map<Address, Map<string, FinalMember>>();
  const gone = new Map<Address, Set<string>>();
  for (const { address, kind: own, parent, key, absent } of desired.resources)
    if (own === kind.name && absent && parent !== null && !specs.has(address)) put(gone, parent, new Set()).add(key);
  for (const { address, kind: own, action } of drafts) {
    const parent = parentAddress(address);
    if (own.name === kind.name && action === 'delete' && parent !== null)
      put(gone, parent, new Set()).add(lastSegment(address).key);
  }
  const containers: Address[] = [];
  for (const [address, spec] of specs) {
    const own = lastSegment(address);
    const parent = parentAddress(address);
    if (own.kind === container?.name) containers.push(address);
    if (own.kind !== kind.name || parent === null) continue;
    const asks = declared.get(address);
    const isDeclared = asks?.absent === false;
    put(members, parent, new Map()).set(own.key, {
      address,
      value: told(spec),
      isDeclared,
      where: isDeclared ? asks.where : null,
    });
  }
  return {
    kind,
    containers: containers.sort().map((address): FinalContainer => {
      const unseen = unseenIn(address);
      const isKnown = unseen !== 'unreadable' && unseen !== 'undeclared';
      return {
        address,
        group: parentAddress(address),
        specs: specsAround(address, chain, (at) => specs.get(at) ?? observation.live.get(at)?.spec),
        isLive: !fresh.has(address),
        isManaged: managed.has(address),
        members: (isKnown ? members.get(address) : undefined) ?? new Map(),
        gone: (isKnown ? gone.get(address) : undefined) ?? new Set(),
        unseen,
      };
    }),
    unlisted: [
      ...(chain.some(({ collection }) => unreadable.has(collectionPath(null, collection))) ? [null] : []),
      ...desired.resources
        .filter(({ kind: own, address }) => own === container?.parent && specs.has(address) && !fresh.has(address))
        .map(addressIn)
        .filter((address) => !observation.read.has(collectionPath(address, container?.collection ?? '')))
        .sort(),
    ],
  };
}

/** What contains members of the kind: the container first, then what contains that. */
export function chainOf(kind: AnyKind, kinds: Kinds): readonly AnyKind[] {
  if (kind.parent === null) return [];
  const container = kinds.named(kind.parent);
  return [container, ...chainOf(container, kinds)];
}

/** The fields of a container and of what contains it, by kind. */
export function specsAround(
  address: Address,
  chain: readonly AnyKind[],
  specAt: (address: Address) => Spec | undefined,
): ReadonlyMap<string, Spec> {
  const specs = new Map<string, Spec>();
  let at: Address | null = address;
  for (const { name } of chain) {
    if (at === null) break;
    const spec = specAt(at);
    if (spec !== undefined) specs.set(name, spec);
    at = parentAddress(at);
  }
  return specs;
}

function addressIn({ address }: { readonly address: Address }): Address {
  return address;
}

function isInside(address: Address, removed: ReadonlySet<Address>): boolean {
  for (let at: Address | null = address; at !== null; at = parentAddress(at)) if (removed.has(at)) return true;
  return false;
}

function put<K, V>(map: Map<K, V>, key: K, fresh: V): V {
  const found = map.get(key) ?? fresh;
  map.set(key, found);
  return found;
}
