import { applyScope } from '../diff/scope.ts';
import { addressOf, compareAddress, segmentsOf, type Address } from '../model/address.ts';
import type { Scope, Unreadable } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { summarizeError } from '../model/error.ts';
import type { EventSink } from '../model/event.ts';
import { anyGlob, globMatcher } from '../model/glob.ts';
import type { Listed, ResourceKind } from '../model/kind.ts';
import { kindsOf } from '../model/kinds.ts';
import { collectionPath } from '../model/observation.ts';
import type { Provider } from '../model/provider.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { liveResource } from './observe.ts';
import { LIST_ONE_BY_ONE } from './wanted.ts';

/** All that is there, as far as it was asked for and could be read. */
export interface Survey {
  /** Sorted by address. Where the platform does not keep the document's keys, under the keys that a document gives. */
  readonly live: ReadonlyMap<Address, LiveResource>;
  /** The collections that were read, as {@link collectionPath}. */
  readonly read: ReadonlySet<string>;
  /** Sorted by collection. */
  readonly unreadable: readonly Unreadable[];
  /** Globs that match nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface SurveyOptions {
  readonly scope: Scope;
  /** The most requests that the provider may have sent when it is done, retries apart; null: any number. */
  readonly maxRequests: number | null;
  readonly signal: AbortSignal;
  readonly onEvent: EventSink;
}

/**
 * Reads everything there is in the scope, whether a document names it or not, kind by kind, containers before contents.
 * Into what the scope leaves out nobody looks. Gives up before it would take more requests than allowed. Throws only when
 * aborted.
 */
export async function survey<Api>(
  provider: Provider<Api>,
  { scope, maxRequests, signal, onEvent }: SurveyOptions,
): Promise<Survey | { readonly wouldTake: number }> {
  const kinds = kindsOf<ResourceKind<Spec, Api>>(provider.kinds);
  const looksInto = looksIntoFor(scope);
  const live = new Map<Address, LiveResource>();
  const read = new Set<string>();
  const unreadable: Unreadable[] = [];
  for (const kind of kinds.all) {
    const containers =
      kind.parent === null
        ? [null]
        : [...live.values()].filter((one) => one.kind === kind.parent && looksInto(one.address));
    const parents = containers.filter((one) => one !== null);
    if (containers.length === 0) continue;
    const inTeam = kind.listsTeam === true && parents.length > LIST_ONE_BY_ONE;
    const wouldTake = provider.usage().reads + (inTeam || kind.parent === null ? 1 : parents.length);
    if (maxRequests !== null && wouldTake > maxRequests) return { wouldTake };
    const listing = await kind.list(provider.api, { parents: inTeam ? 'team' : parents, signal });
    onEvent({ type: 'listed', kind: kind.name, members: listing.items.length });
    const failed = new Map(listing.unreadable.map(({ parentId, error }) => [parentId, error]));
    const members = Map.groupBy(listing.items, ({ parentId }) => parentId);
    for (const container of containers) {
      const parent = container?.address ?? null;
      const path = collectionPath(parent, kind.collection);
      const error = failed.get(container?.id ?? null) ?? failed.get(null);
      if (error !== undefined) {
        unreadable.push({ collection: path, error: summarizeError(error) });
        continue;
      }
      read.add(path);
      for (const item of adopted(kind, members.get(container?.id ?? null) ?? [])) {
        const address = addressOf(parent, kind.name, kind.key(item.spec));
        live.set(address, liveResource(kind, address, parent, item));
      }
    }
  }
  const needs = new Map([...live.values()].map(({ address, parent }) => [address, parent === null ? [] : [parent]]));
  const { inScope, diagnostics } = applyScope(scope, live.keys(), needs);
  return {
    live: new Map([...live].filter(([address]) => inScope(address)).sort(([a], [b]) => compareAddress(a, b))),
    read,
    unreadable: unreadable.sort((a, b) => (a.collection < b.collection ? -1 : 1)),
    diagnostics,
  };
}

/** In an order of their own, so that keys do not depend on the platform's. */
function adopted(kind: ResourceKind<Spec, never>, items: readonly Listed[]): readonly Listed[] {
  if (kind.adopt === undefined) return items;
  const sorted = items.toSorted((a, b) => (kind.key(a.spec) < kind.key(b.spec) ? -1 : 1));
  const specs = kind.adopt(sorted.map(({ spec }) => spec));
  return sorted.map((item, index) => ({ ...item, spec: specs[index] ?? item.spec }));
}

/** Whether something in a container can be in the scope: no target is a promise that it is. */
function looksIntoFor({ target, exclude }: Scope): (container: Address) => boolean {
  const targeted = target.length === 0 ? () => true : anyGlob(target);
  const excluded = anyGlob(exclude);
  const mayLeadTo = target.map(prefixMatcher);
  return (container) => {
    const around = prefixesOf(container);
    if (around.some(excluded)) return false;
    return around.some(targeted) || mayLeadTo.some((matches) => matches(container));
  };
}

/** The address and those of all that contains it. */
function prefixesOf(address: Address): readonly string[] {
  const parts = address.split('/');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

/** Whether a glob can match something inside of an address: as far as the address goes, segment by segment. */
function prefixMatcher(glob: string): (container: Address) => boolean {
  const cross = glob.indexOf('**');
  if (cross !== -1) {
    const head = glob.slice(0, cross);
    const depth = head.split('/').length;
    const open = globMatcher(`${head}**`);
    const cut = prefixMatcher(head);
    return (container) => (segmentsOf(container).length >= depth ? open(`${container}/`) : cut(container));
  }
  const parts = glob.split('/');
  return (container) => {
    const depth = segmentsOf(container).length;
    return depth < parts.length && globMatcher(parts.slice(0, depth).join('/'))(container);
  };
}
