import { addressOf, compareAddress, isWithin, lastSegment, parentAddress, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Explanation, StandingOfOne } from '../model/explanation.ts';
import { fieldSchema, type AnyKind, type Kinds } from '../model/kinds.ts';
import { collectionPath, type Observation } from '../model/observation.ts';
import { ignoredBy } from '../model/ownership.ts';
import type { DesiredResource, DesiredState, LiveResource } from '../model/resource.ts';
import { fieldsOf } from '../model/schema.ts';
import { digestOf } from './digest.ts';
import type { Made } from './plan.ts';

export interface ExplainGround {
  readonly desired: DesiredState;
  readonly observation: Observation;
  readonly made: Pick<Made, 'plan' | 'held'>;
  readonly kinds: Kinds;
  /** Null: no fingerprint. */
  readonly key: Uint8Array | null;
}

/** What the two sides and the plan between them tell of one thing. */
export type Told = Pick<
  Explanation,
  | 'address'
  | 'kind'
  | 'standing'
  | 'live'
  | 'change'
  | 'refusals'
  | 'pauses'
  | 'ignored'
  | 'needs'
  | 'dependents'
  | 'unreadable'
> & { readonly declared: DesiredResource | null };

/** Null: nothing of this address is declared or live. */
export function explain(written: string, ground: ExplainGround): Told | null {
  const { desired, observation, made, kinds, key } = ground;
  const { plan, held } = made;
  const declared = desired.resources.find((one) => one.address === written) ?? null;
  const live = [...observation.live.values()].find((one) => one.address === written) ?? null;
  const address = (declared ?? live)?.address;
  if (address === undefined) return null;
  const kind = kinds.named(lastSegment(address).kind);
  const change = [...plan.changes, ...held].find((one) => one.address === address) ?? null;
  const listings = listingsOf(address, kinds);
  const unreadable = plan.unreadable.filter(({ collection }) => listings.has(collection));
  return {
    address,
    kind: kind.name,
    standing: standingOf({ address, declared, live, change, isUnread: unreadable.length > 0 }, ground),
    declared,
    live: live === null ? null : liveOf(live, kind, key),
    change,
    refusals: plan.refusals.filter(({ addresses }) => addresses.includes(address)),
    pauses: (plan.paused ?? [])
      .filter((pause) => pause.held.includes(address))
      .map(({ address: paused, owner, reason, expires }) => ({ address: paused, owner, reason, expires })),
    ignored: (plan.ignored ?? [])
      .filter(({ things }) => things.includes(address))
      .map(({ address: glob, fields, reason, expires }) => ({ address: glob, fields, reason, expires })),
    needs: needsOf(declared ?? live, kind),
    dependents: dependentsOf(address, ground),
    unreadable,
  };
}

/** Every address of which {@link explain} can tell something. */
export function knownAddresses({
  desired,
  observation,
}: Pick<ExplainGround, 'desired' | 'observation'>): readonly Address[] {
  return [...new Set([...desired.resources.map(({ address }) => address), ...observation.live.keys()])].sort(
    compareAddress,
  );
}

/** The collections that it and what it is in are listed in. */
function listingsOf(address: Address, kinds: Kinds): ReadonlySet<string> {
  const paths = new Set<string>();
  for (let at: Address | null = address; at !== null; at = parentAddress(at))
    paths.add(collectionPath(parentAddress(at), kinds.named(lastSegment(at).kind).collection));
  return paths;
}

function standingOf(
  {
    address,
    declared,
    live,
    change,
    isUnread,
  }: {
    readonly address: Address;
    readonly declared: DesiredResource | null;
    readonly live: LiveResource | null;
    readonly change: Change | null;
    readonly isUnread: boolean;
  },
  { desired, made }: ExplainGround,
): StandingOfOne {
  if (ignoredBy(desired.policies)(address)) return 'ignored';
  if (change !== null) {
    if (live === null) return 'missing';
    const isKnown = change.fields.length === 0 || change.fields.some(({ unknown }) => !unknown);
    return isKnown ? 'differs' : 'unknown';
  }
  if (live === null) return isUnread ? 'unknown' : declared?.absent === true ? 'absent' : 'unknown';
  if (declared === null) return 'unmanaged';
  const isLeft = (made.plan.ignored ?? []).some(({ differing }) => differing.includes(address));
  return isLeft ? 'ignored' : 'in-sync';
}

function liveOf({ spec }: LiveResource, kind: AnyKind, key: Uint8Array | null): NonNullable<Explanation['live']> {
  const fields = fieldsOf(kind.schema).filter(([field]) => spec[field] !== undefined);
  const isHidden = (field: string): boolean => fieldSchema(kind, field)?.sensitive === true;
  return {
    fields: Object.fromEntries(fields.filter(([field]) => !isHidden(field)).map(([field]) => [field, spec[field]])),
    hidden: fields.map(([field]) => field).filter(isHidden),
    fingerprint: key === null ? null : digestOf(key, spec).slice(0, FINGERPRINT_LENGTH),
  };
}

/** Hex digits: enough to tell apart what a person compares. */
const FINGERPRINT_LENGTH = 16;

function needsOf(one: DesiredResource | LiveResource | null, kind: AnyKind): readonly Address[] {
  if (one === null) return [];
  const needed = (kind.dependsOn?.(one.spec) ?? []).map((need) => addressOf(one.parent, need.kind, need.key));
  return [...(one.parent === null ? [] : [one.parent]), ...needed].sort(compareAddress);
}

function dependentsOf(address: Address, { desired, observation, kinds }: ExplainGround): readonly Address[] {
  const found = new Set<Address>();
  for (const one of [...desired.resources.filter(({ absent }) => !absent), ...observation.live.values()]) {
    if (one.address === address) continue;
    const kind = kinds.named(one.kind);
    if (isWithin(one.address, address) || needsOf(one, kind).includes(address)) found.add(one.address);
  }
  return [...found].sort(compareAddress);
}
