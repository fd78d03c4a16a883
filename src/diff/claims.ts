import { isWithin, parentAddress, type Address } from '../model/address.ts';
import type { Refusal } from '../model/change.ts';
import type { Claim } from '../model/kind.ts';
import type { AnyKind } from '../model/kinds.ts';
import { collectionPath } from '../model/observation.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { compareSpec } from './compare.ts';
import { bringsLive, removesLive, type Draft } from './draft.ts';
import type { PlanInput } from './input.ts';

export interface ClaimsResult {
  readonly drafts: ReadonlyMap<Address, Draft>;
  /** Who must be done first: taker → those that release. */
  readonly order: ReadonlyMap<Address, readonly Address[]>;
  /** Takers of what a live one holds now and gives up in this plan. */
  readonly moved: ReadonlySet<Address>;
  /** Taker → containers that go unseen: waited for where they are in the plan, and no reason to have them in it. */
  readonly cautious: ReadonlyMap<Address, readonly Address[]>;
  readonly refusals: readonly Refusal[];
}

/**
 * Names that only one resource may hold at a time (rule 22, rule 31). What a change newly takes must be free: a
 * declared holder gives it up first, a holder that goes anyway goes first, and what an undeclared thing keeps is
 * refused by name.
 */
export function settleClaims(input: PlanInput, compared: ReadonlyMap<Address, Draft>): ClaimsResult {
  const drafts = new Map(compared);
  const order = new Map<Address, Address[]>();
  const moved = new Set<Address>();
  const cautious = new Map<Address, readonly Address[]>();
  const refusals: Refusal[] = [];
  const desired = new Map(input.desired.resources.map((resource) => [resource.address, resource]));
  const holders = holdersOf(input);
  const waits = (taker: Address, holder: Address): void => {
    order.set(taker, [...(order.get(taker) ?? []), holder]);
  };
  for (const draft of [...compared.values()].sort((a, b) => (a.address < b.address ? -1 : 1))) {
    if (draft.desired === null || draft.desired.absent || draft.action === 'delete') continue;
    for (const claim of taken(draft)) {
      if (claim.scope === 'team') cautious.set(draft.address, unseenGoing(input, compared, draft));
      for (const holder of holders.get(claimId(draft.kind, draft.desired.parent, claim)) ?? []) {
        if (holder.address === draft.address) continue;
        const container = goingContainer(holder, drafts);
        if (container !== null) {
          // What contains the holder goes, and takes the name along.
          moved.add(draft.address);
          if (!isWithin(draft.address, container)) waits(draft.address, container);
          continue;
        }
        const theirs = drafts.get(holder.address);
        const wanted = desired.get(holder.address);
        const released = theirs !== undefined && (removesLive(theirs) || !holds(theirs.kind, after(theirs), claim));
        if (!released) {
          const release = wanted === undefined || wanted.absent ? undefined : draft.kind.release?.(claim.name);
          if (release === undefined || wanted === undefined) {
            refusals.push(heldByOther(draft, holder, claim));
            continue;
          }
          // The holder's entry does not mention the field, so giving it up is part of what the taker asks for.
          const spec: Spec = { ...wanted.spec, ...release };
          const { differences, comparable } = compareSpec(draft.kind, spec, holder.spec);
          drafts.set(holder.address, {
            address: holder.address,
            kind: draft.kind,
            action: theirs?.action ?? 'update',
            reason: theirs?.reason ?? 'releases-claim',
            desired: { ...wanted, spec },
            live: holder,
            differences,
            comparable,
          });
        }
        moved.add(draft.address);
        waits(draft.address, holder.address);
      }
    }
  }
  return { drafts, order, moved, cautious, refusals };
}

/** The container of `holder` that is deleted or replaced, if any. */
function goingContainer(holder: LiveResource, drafts: ReadonlyMap<Address, Draft>): Address | null {
  for (let at = holder.parent; at !== null; at = parentAddress(at)) {
    const draft = drafts.get(at);
    if (draft !== undefined && removesLive(draft)) return at;
  }
  return null;
}

/**
 * Containers that go and whose members nobody asked for: one of them may hold a team-wide name that is taken here.
 * Waiting for them costs nothing; reading them would be a request for each.
 */
function unseenGoing(
  input: PlanInput,
  drafts: ReadonlyMap<Address, Draft>,
  { kind, address }: Draft,
): readonly Address[] {
  return [...drafts.values()]
    .filter(
      (other) =>
        mayContain(other.kind, kind, input) &&
        removesLive(other) &&
        !isWithin(address, other.address) &&
        !input.observation.read.has(collectionPath(other.address, kind.collection)),
    )
    .map((other) => other.address);
}

/** At any depth: what goes takes along what is in what it contains. */
function mayContain(outer: AnyKind, inner: AnyKind, { kinds }: PlanInput): boolean {
  for (let name = inner.parent; name !== null; name = kinds.named(name).parent) if (name === outer.name) return true;
  return false;
}

function claimsOf(kind: AnyKind, spec: Spec): readonly Claim[] {
  return kind.claims?.(spec) ?? [];
}

function holds(kind: AnyKind, spec: Spec, claim: Claim): boolean {
  return claimsOf(kind, spec).some(({ name, scope }) => name === claim.name && scope === claim.scope);
}

/** The spec once the draft is applied: fields that it does not mention stay as they are. */
function after(draft: Draft): Spec {
  return { ...(bringsLive(draft) ? draft.desired?.atCreation : draft.live?.spec), ...draft.desired?.spec };
}

/** What the draft holds afterwards and does not hold now. */
function taken(draft: Draft): readonly Claim[] {
  const live = draft.live;
  return claimsOf(draft.kind, after(draft)).filter(
    (claim) => live === null || removesLive(draft) || !holds(draft.kind, live.spec, claim),
  );
}

function claimId(kind: AnyKind, parent: Address | null, claim: Claim): string {
  return JSON.stringify([kind.name, claim.scope, claim.scope === 'siblings' ? parent : null, claim.name]);
}

function holdersOf(input: PlanInput): ReadonlyMap<string, readonly LiveResource[]> {
  const holders = new Map<string, LiveResource[]>();
  for (const live of input.observation.live.values()) {
    const kind = input.kinds.named(live.kind);
    for (const claim of claimsOf(kind, live.spec)) {
      const id = claimId(kind, live.parent, claim);
      holders.set(id, [...(holders.get(id) ?? []), live]);
    }
  }
  return holders;
}

function heldByOther(draft: Draft, holder: LiveResource, claim: Claim): Refusal {
  const { kind } = draft;
  const whole = kind.release === undefined;
  return {
    rule: claim.rule,
    addresses: [draft.address, holder.address],
    message: whole
      ? `${draft.address} is to be ${claim.label}, which ${holder.address} is and stays: no entry declares that one, and nothing deletes it. Let \`prune\` name ${kind.collection} there, or remove it on the platform first.`
      : `${draft.address} is to be ${claim.label}, which ${holder.address} is now, and no entry declares that one. Declare ${holder.address}, or change it on the platform first.`,
    override: null,
  };
}
