import { sameValue } from '../diff/compare.ts';
import { addressOf, isWithin, lastSegment, parentAddress } from '../model/address.ts';
import type { Moved } from '../model/hints.ts';
import type { Listed, Listing, ListRequest, ResourceKind } from '../model/kind.ts';
import { kindsOf } from '../model/kinds.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Clock } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { liveResource } from './observe.ts';

/** One listing that can be asked for by itself: of a container, of the whole team, or at the top (null). */
export interface Place {
  readonly kind: string;
  readonly parent: LiveResource | 'team' | null;
}

/** A place as it was last read. Only what could be read is remembered. */
export interface RememberedPlace extends Place {
  /** When that reading began: milliseconds since epoch, and on a clock that never steps back. */
  readonly at: number;
  readonly since: number;
  /** How many requests it takes to list it again. */
  readonly requests: number;
  /** The platform is not finished with something in it, or something in it has run out: nothing would tell its end. */
  readonly isOpen: boolean;
}

/** The platform with a memory of what it listed. A listing that failed is not remembered. */
export interface Remembered<Api> {
  /** Lists from memory what is good, and asks for the rest; all else is as without memory. */
  readonly provider: Provider<Api>;
  /** True: something of it was remembered, or is being read. */
  forget(moved: readonly Moved[] | 'everything'): boolean;
  /** What was written is not as it was listed, whatever the replies said. */
  forgetWritten(outcomes: readonly Outcome[]): void;
  /** What nobody asked for since the last call is dropped: it is of no document any more. */
  dropUnasked(): void;
  places(): readonly RememberedPlace[];
  /** Lists one place anew, whether it is good or not. `failed`: it is forgotten. Throws only when aborted. */
  reread(place: Place, signal: AbortSignal): Promise<'same' | 'differs' | 'failed'>;
}

interface Entry extends Omit<RememberedPlace, 'isOpen'> {
  readonly items: readonly Listed[];
}

/** A listing that is on its way: what is forgotten meanwhile is not remembered from it. */
interface InFlight {
  readonly places: readonly Place[];
  readonly spoiled: Set<string>;
}

/** `goodForMs`: how long a listing of a place may stand for the platform; 0: not at all. */
export function rememberListings<Api>(
  provider: Provider<Api>,
  { clock, goodForMs }: { readonly clock: Clock; readonly goodForMs: (place: Place) => number },
): Remembered<Api> {
  const kinds = kindsOf<ResourceKind<Spec, Api>>(provider.kinds);
  const entries = new Map<string, Entry>();
  const flying = new Set<InFlight>();
  const asked = new Set<string>();
  let identity: Awaited<ReturnType<Provider['identify']>> | null = null;

  const isGood = (entry: Entry | undefined): entry is Entry =>
    entry !== undefined && !isOpen(entry) && clock.monotonic() - entry.since < goodForMs(entry);

  function isOpen({ kind: name, parent, items }: Entry): boolean {
    const kind = kinds.named(name);
    if (kind.expired === undefined && kind.settled === undefined) return false;
    const container = isContainer(parent) ? parent.address : null;
    return items.some((item) => {
      if (kind.expired?.(item.spec, clock.now()) === true) return true;
      const live = liveResource(kind, addressOf(container, name, kind.key(item.spec)), container, item);
      return kind.settled !== undefined && kind.settled(live) !== true;
    });
  }

  /** Asks the platform for places of one kind that are listed by one call, and remembers what could be read. */
  async function ask(kind: ResourceKind<Spec, Api>, request: ListRequest): Promise<Listing> {
    const places = placesOf(kind.name, request);
    const reading: InFlight = { places, spoiled: new Set() };
    const at = clock.now();
    const since = clock.monotonic();
    flying.add(reading);
    let listing: Listing;
    try {
      listing = await kind.list(provider.api, request);
    } finally {
      flying.delete(reading);
    }
    const failed = new Set(listing.unreadable.map(({ parentId }) => parentId));
    const members = Map.groupBy(listing.items, ({ parentId }) => parentId);
    for (const place of places) {
      const { parent } = place;
      const isWhole = parent === null || parent === 'team';
      const key = keyOf(place);
      const newer = entries.get(key);
      if (newer !== undefined && newer.since > since) continue;
      entries.delete(key);
      if (reading.spoiled.has(key) || failed.has(null) || (isWhole ? failed.size > 0 : failed.has(parent.id))) continue;
      const items = isWhole ? listing.items : (members.get(parent.id) ?? []);
      const requests = isWhole ? Math.max(1, Math.ceil(items.length / (kind.pageSize ?? Infinity))) : 1;
      entries.set(key, { ...place, at, since, requests, items });
    }
    return listing;
  }

  async function list(kind: ResourceKind<Spec, Api>, request: ListRequest): Promise<Listing> {
    const good: Entry[] = [];
    const due: Place[] = [];
    for (const place of placesOf(kind.name, request)) {
      const key = keyOf(place);
      const entry = entries.get(key);
      asked.add(key);
      if (!isGood(entry)) due.push(place);
      else {
        // The container is as it was listed this time: its address may be another.
        const kept = { ...entry, ...place };
        entries.set(key, kept);
        good.push(kept);
      }
    }
    const parents = due.map(({ parent }) => parent).filter((parent) => parent !== null && parent !== 'team');
    const fresh =
      due.length === 0
        ? { items: [], unreadable: [] }
        : await ask(kind, { ...request, parents: request.parents === 'team' ? 'team' : parents });
    return {
      ...fresh,
      items: [...good.flatMap(({ items }) => items), ...fresh.items],
      ...(good.length === 0
        ? {}
        : { readAt: new Map(good.map(({ parent, at }) => [isContainer(parent) ? parent.id : null, at])) }),
    };
  }

  function forget(moved: readonly Moved[] | 'everything'): boolean {
    if (moved === 'everything') identity = null;
    const isMeant = ({ kind, parent }: Place): boolean =>
      moved === 'everything' ||
      moved.some((one) => one.kind === kind && (one.of === undefined || !isContainer(parent) || one.of(parent)));
    let isKnown = false;
    for (const [key, entry] of entries) {
      if (!isMeant(entry)) continue;
      isKnown = true;
      entries.delete(key);
    }
    for (const { places, spoiled } of flying)
      for (const place of places) {
        if (!isMeant(place)) continue;
        isKnown = true;
        spoiled.add(keyOf(place));
      }
    return isKnown;
  }

  return {
    provider: {
      ...provider,
      kinds: provider.kinds.map((kind) => ({ ...kind, list: (_, request) => list(kind, request) })),
      identify: async (signal, said) => (identity ??= await provider.identify(signal, said)),
    },
    forget,
    forgetWritten(outcomes) {
      const moved: Moved[] = [];
      for (const { address, action } of outcomes) {
        const { kind } = lastSegment(address);
        const parent = parentAddress(address);
        moved.push({ kind, of: (container) => container.address === parent });
        if (action === 'update') continue;
        for (const below of descendants(kind))
          moved.push({ kind: below, of: (container) => isWithin(container.address, address) });
      }
      forget(moved);
    },
    dropUnasked() {
      for (const key of entries.keys()) if (!asked.has(key)) entries.delete(key);
      asked.clear();
    },
    places: () => [...entries.values()].map((entry) => ({ ...entry, isOpen: isOpen(entry) })),
    async reread({ kind, parent }, signal) {
      const key = keyOf({ kind, parent });
      const before = entries.get(key);
      await ask(kinds.named(kind), { parents: parent === null ? [] : parent === 'team' ? 'team' : [parent], signal });
      const after = entries.get(key);
      if (after === undefined) return 'failed';
      const hasEnd = kinds.named(kind).settled !== undefined;
      return before !== undefined && sameItems(before.items, after.items, hasEnd) ? 'same' : 'differs';
    },
  };

  function descendants(kind: string): readonly string[] {
    return kinds.childrenOf(kind).flatMap(({ name }) => [name, ...descendants(name)]);
  }
}

function placesOf(kind: string, { parents }: ListRequest): readonly Place[] {
  if (parents === 'team') return [{ kind, parent: 'team' }];
  return parents.length === 0 ? [{ kind, parent: null }] : parents.map((parent) => ({ kind, parent }));
}

function keyOf({ kind, parent }: Place): string {
  return isContainer(parent) ? `${kind} of ${parent.id}` : `${kind} ${parent ?? 'top'}`;
}

function isContainer(parent: Place['parent']): parent is LiveResource {
  return parent !== null && parent !== 'team';
}

/** The same members with the same specs, in any order; with their facts where those tell whether one is finished. */
function sameItems(before: readonly Listed[], after: readonly Listed[], withFacts: boolean): boolean {
  const old = new Map(before.map((item) => [item.id, item]));
  return (
    before.length === after.length &&
    after.every((item) => {
      const was = old.get(item.id);
      return (
        was !== undefined &&
        was.parentId === item.parentId &&
        sameValue(was.spec, item.spec) &&
        (!withFacts || sameValue(was.facts, item.facts))
      );
    })
  );
}
