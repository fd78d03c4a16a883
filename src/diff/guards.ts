import type { Address } from '../model/address.ts';
import type { Refusal } from '../model/change.ts';
import { collectionPath } from '../model/observation.ts';
import { pathOf } from './changes.ts';
import { removesLive, type Draft } from './draft.ts';
import type { PlanInput } from './input.ts';
import { ignoredBy } from '../model/ownership.ts';

/** Under this many members a share says little, so the rule is "not all of two or more". */
const SMALL_COLLECTION = 10;

/**
 * Rule 6: no collection loses more than its share at once. `drafts` are the changes in scope; the share is taken of
 * everything that is live and not ignored, so that `--target` cannot shrink what it is a share of.
 */
export function thresholdRefusals(input: PlanInput, drafts: Iterable<Draft>): readonly Refusal[] {
  const ignored = ignoredBy(input.desired.policies);
  const members = new Map<string, number>();
  for (const live of input.observation.live.values()) {
    if (ignored(live.address)) continue;
    const path = collectionPath(live.parent, input.kinds.named(live.kind).collection);
    members.set(path, (members.get(path) ?? 0) + 1);
  }
  const going = new Map<string, Address[]>();
  for (const draft of drafts) {
    // Naming a thing as absent is the consent (rule 12).
    if (!removesLive(draft) || draft.reason === 'declared-absent' || draft.live === null) continue;
    const path = collectionPath(draft.live.parent, draft.kind.collection);
    going.set(path, [...(going.get(path) ?? []), draft.address]);
  }
  const refusals: Refusal[] = [];
  for (const collection of input.desired.collections) {
    const path = pathOf(input, collection);
    const removed = going.get(path) ?? [];
    const total = members.get(path) ?? 0;
    const limit = input.consent.maxDeletePercent ?? collection.maxDeletePercent;
    const percent = total === 0 ? 0 : (removed.length / total) * 100;
    const over =
      total < SMALL_COLLECTION ? removed.length >= 2 && removed.length === total && limit < 100 : percent > limit;
    if (!over) continue;
    const share = Math.ceil(percent);
    refusals.push({
      rule: 'threshold',
      addresses: removed,
      message:
        total < SMALL_COLLECTION
          ? `all ${total} members of ${path} would be deleted or replaced at once; of fewer than ten, two or more never go all together unasked`
          : `${removed.length} of the ${total} members of ${path} would be deleted or replaced at once (${share} %), more than the ${limit} % that maxDeletePercent allows`,
      override: `--max-delete-percent ${share}`,
    });
  }
  return refusals;
}

/** Rule 9: what holds data goes only with its kind allowed and its address confirmed by name. */
export function consentRefusals(input: PlanInput, drafts: Iterable<Draft>): readonly Refusal[] {
  const allowed = new Set(input.consent.allowDelete);
  const confirmed = new Set(input.consent.confirm);
  const refusals: Refusal[] = [];
  for (const draft of drafts) {
    if (!removesLive(draft) || draft.kind.holdsData !== true) continue;
    const flags = [
      ...(allowed.has(draft.kind.name) ? [] : [`--allow-delete ${draft.kind.name}`]),
      ...(confirmed.has(draft.address) ? [] : [`--confirm ${draft.address}`]),
    ];
    if (flags.length === 0) continue;
    refusals.push({
      rule: 'consent',
      addresses: [draft.address],
      message: `${draft.address} would be deleted with the data it holds${draft.action === 'replace' ? ', and made again empty' : ''}; that needs consent by name`,
      override: flags.join(' '),
    });
  }
  return refusals;
}

/**
 * Rule 7: a document that declares nothing deletes nothing; it is more likely a mistake than a wish. Selectors that match
 * nothing today are no mistake, as long as nothing would be deleted.
 */
export function emptyDocumentRefusals(input: PlanInput, drafts: readonly Draft[]): readonly Refusal[] {
  const { resources, selectors } = input.desired;
  if (resources.length > 0 || (selectors.length > 0 && !drafts.some(removesLive))) return [];
  return [
    {
      rule: 'empty-document',
      addresses: [],
      message: 'the state document declares nothing; nothing is applied from an empty document',
      override: null,
    },
  ];
}

/** The requests of an apply: the reading so far, the looks before the writes, the writes, and the proof's reading again. */
export interface Requests {
  readonly reads: number;
  readonly looks: number;
  readonly writes: number;
  readonly proof: number;
}

export function totalOf({ reads, looks, writes, proof }: Requests): number {
  return reads + looks + writes + proof;
}

/** `--max-requests`. */
export function budgetRefusals(input: PlanInput, requests: Requests): readonly Refusal[] {
  const needed = totalOf(requests);
  if (input.maxRequests === null || needed <= input.maxRequests) return [];
  const { reads, looks, writes, proof } = requests;
  return [
    {
      rule: 'budget',
      addresses: [],
      message: `about ${needed} requests are needed (${reads} to read, ${looks} to look again before writing, ${writes} to write, ${proof} to read all again as proof), more than --max-requests ${input.maxRequests} allows`,
      override: `--max-requests ${needed}`,
    },
  ];
}
