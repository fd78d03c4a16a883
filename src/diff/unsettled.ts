import { compareAddress, type Address } from '../model/address.ts';
import type { Change, Unsettled } from '../model/change.ts';
import type { LiveResource } from '../model/resource.ts';
import { bringsLive, removesLive, type Draft } from './draft.ts';
import type { PlanInput } from './input.ts';

/**
 * Declared and live things that the platform is not finished with, and what has to be set up for them. Things that
 * are made anew are left out: their change says it.
 */
export function unsettledIn(
  { desired, observation, kinds }: Pick<PlanInput, 'desired' | 'observation' | 'kinds'>,
  drafts: ReadonlyMap<Address, Draft>,
): readonly Unsettled[] {
  const found: Unsettled[] = [];
  for (const { address, kind: name, parent, absent } of desired.resources) {
    const live = observation.live.get(address);
    const draft = drafts.get(address);
    if (live === undefined || absent || (draft !== undefined && (bringsLive(draft) || removesLive(draft)))) continue;
    const kind = kinds.named(name);
    const settled = kind.settled?.(live) ?? true;
    if (settled === true) continue;
    const records = kind.advice?.(live.spec, containerOf(parent, observation.live)) ?? [];
    found.push({ address, because: settled, records });
  }
  return found.sort((a, b) => compareAddress(a.address, b.address));
}

/** What a change interrupts until it is settled, and what it needs outside of the platform. */
export function outside(
  { observation }: Pick<PlanInput, 'observation'>,
  draft: Draft,
  { drafts, moved }: { readonly drafts: ReadonlyMap<Address, Draft>; readonly moved: ReadonlySet<Address> },
): Pick<Change, 'interrupts' | 'records'> {
  const { kind, desired, address } = draft;
  if (desired === null || !bringsLive(draft)) return {};
  const container = desired.parent === null ? undefined : drafts.get(desired.parent);
  const isKnown = container === undefined || !bringsLive(container);
  const records = kind.advice?.(desired.spec, isKnown ? containerOf(desired.parent, observation.live) : null) ?? [];
  const again = draft.action === 'replace' || draft.reason === 'recreated' || moved.has(address);
  return {
    ...(again && kind.interrupts !== undefined ? { interrupts: kind.interrupts } : {}),
    ...(records.length === 0 ? {} : { records }),
  };
}

function containerOf(parent: Address | null, live: ReadonlyMap<Address, LiveResource>): LiveResource | null {
  return parent === null ? null : (live.get(parent) ?? null);
}
