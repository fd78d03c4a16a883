import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Listed, ResourceKind } from '../model/kind.ts';
import type { Kinds } from '../model/kinds.ts';
import type { Clock } from '../model/ports.ts';
import type { DesiredResource, LiveResource, Spec } from '../model/resource.ts';
import { withKey } from './match.ts';

/** What the steps of one run share. `live` is kept true as they succeed. */
export interface Workspace<Api> {
  readonly api: Api;
  readonly kinds: Kinds<ResourceKind<Spec, Api>>;
  readonly clock: Clock;
  readonly abort: AbortSignal;
  readonly desired: ReadonlyMap<Address, DesiredResource>;
  readonly changes: ReadonlyMap<Address, Change>;
  readonly live: Map<Address, LiveResource>;
  /** Made in this run: what their platform put into them is not known from the plan (rule 24). */
  readonly created: Set<Address>;
  /** Ids of what this run deleted: a list that lags may show them for a while. */
  readonly deleted: Set<string>;
}

/** A collection, and the means to read it again. */
export interface Asked<Api> {
  readonly kind: ResourceKind<Spec, Api>;
  readonly api: Api;
  readonly parent: LiveResource | null;
  /** A selector matched what is written: that it vanishes fails nothing (rule 23). */
  readonly isSelected: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Its members now. Throws the platform's error where they cannot be read: unreadable is not absent (law A). */
export async function membersNow<Api>(asked: Asked<Api>): Promise<readonly Listed[]> {
  const { kind, api, parent, signal } = asked;
  const listing = await kind.list(api, { parents: parent === null ? [] : [parent], signal });
  const [failure] = listing.unreadable;
  if (failure !== undefined) throw failure.error;
  return listing.items;
}

/** One member now, in one request; null: it is gone, and its collection says so too. */
export async function memberNow<Api>(asked: Asked<Api>, live: LiveResource): Promise<Listed | null> {
  const { kind, api, parent, signal } = asked;
  const found =
    (await kind.find?.(api, { live, parent, signal })) ??
    (await membersNow(asked)).find(({ id }) => id === live.id) ??
    null;
  // Where the platform keeps no keys it has the one that it was found under.
  return found === null || kind.match === undefined ? found : withKey(kind, found, live.key);
}

export function mustHave<T>(value: T | undefined, address: string): T {
  if (value === undefined) throw new Error(`nothing is known of ${address}`);
  return value;
}
