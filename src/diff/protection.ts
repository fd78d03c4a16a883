import { compareAddress, isWithin, type Address } from '../model/address.ts';
import type { Refusal } from '../model/change.ts';
import { collectionPath } from '../model/observation.ts';
import { removesLive, type Draft } from './draft.ts';
import type { PlanInput } from './input.ts';
import { ignoredBy, policyMatcher } from '../model/ownership.ts';

/**
 * Rule 8: what may not be deleted or replaced. Judged on live things, so removing an entry does not remove its
 * protection. Protection reaches down (to what the protected thing contains) and up (to what contains it).
 */
export function protectionRefusals(input: PlanInput, drafts: Iterable<Draft>): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const sources = protectedThings(input);
  for (const draft of drafts) {
    if (!removesLive(draft) || draft.kind.holdsData !== true) continue;
    const { address } = draft;
    const verb = draft.action === 'replace' ? 'replaced' : 'deleted';
    for (const [source, why] of sources) {
      if (!isWithin(address, source) && !isWithin(source, address)) continue;
      const relation =
        source === address
          ? `: ${why.text}`
          : isWithin(source, address)
            ? `, because it contains ${source} (${why.text})`
            : `, because it is inside ${source} (${why.text})`;
      refusals.push({
        rule: 'protect',
        addresses: source === address ? [address] : [address, source],
        message: `${address} would be ${verb}, and it is protected${relation}. ${why.lift(source)}`,
        override: null,
      });
      break;
    }
    const foreign = ownedByOthersInside(input, draft);
    if (foreign !== null)
      refusals.push({
        rule: 'protect',
        addresses: [address, foreign],
        message: `${address} would be ${verb}, and it contains ${foreign}, which \`policy.ignore\` leaves to others.`,
        override: null,
      });
    const hidden = unreadableInside(input, draft);
    if (hidden !== null)
      refusals.push({
        rule: 'protect',
        addresses: [address],
        message: `${address} would be ${verb}, but ${hidden} could not be read, so nobody can say what would go with it.`,
        override: null,
      });
  }
  return refusals;
}

interface Why {
  readonly text: string;
  readonly lift: (source: Address) => string;
}

/** What nobody deletes or replaces by accident, each with why; sorted. Without what it contains. */
export function protectedThings(
  input: Pick<PlanInput, 'desired' | 'observation' | 'kinds'>,
): readonly (readonly [Address, Why])[] {
  const { desired, observation, kinds } = input;
  const asked = policyMatcher(desired.policies, 'protect');
  const lifted = policyMatcher(desired.policies, 'unprotect');
  const sources = new Map<Address, Why>();
  const byPolicy = (text: string): Why => ({
    text,
    lift: (source) => `To allow it, add ${JSON.stringify(source)} to \`policy.unprotect\`.`,
  });
  for (const live of observation.live.values()) {
    if (lifted(live.address)) continue;
    const nature = kinds.named(live.kind).guarded?.(live) ?? null;
    if (nature !== null) sources.set(live.address, byPolicy(nature));
    else if (asked(live.address)) sources.set(live.address, byPolicy('policy.protect names it'));
  }
  for (const resource of desired.resources)
    if (resource.protect === true)
      sources.set(resource.address, {
        text: 'its entry says `protect: true`',
        lift: () => 'To allow it, remove `protect: true` from the entry.',
      });
  return [...sources].sort(([a], [b]) => compareAddress(a, b));
}

/** Something inside that holds data and that `policy.ignore` leaves to others (rule 4). */
function ownedByOthersInside(input: PlanInput, { address }: Draft): Address | null {
  const ignored = ignoredBy(input.desired.policies);
  for (const live of input.observation.live.values())
    if (
      live.address !== address &&
      isWithin(live.address, address) &&
      input.kinds.named(live.kind).holdsData === true &&
      ignored(live.address)
    )
      return live.address;
  return null;
}

/** A collection inside, of things that hold data, that could not be listed. */
function unreadableInside(input: PlanInput, draft: Draft): string | null {
  const unreadable = new Set(input.observation.unreadable.map(({ collection }) => collection));
  for (const child of input.kinds.childrenOf(draft.kind.name)) {
    const path = collectionPath(draft.address, child.collection);
    if (child.holdsData === true && unreadable.has(path)) return path;
  }
  return null;
}
