import { compareAddress, type Address } from '../model/address.ts';
import type { Change, Refusal, RefusalRule } from '../model/change.ts';
import type { Kinds } from '../model/kinds.ts';
import type { HeldChange } from '../model/watch-status.ts';

export interface Permitted {
  readonly execute: readonly Change[];
  /** Sorted by address. */
  readonly held: readonly HeldChange[];
}

/** These rules are about what goes; other changes of what a refusal also names are none of their business. */
const OF_REMOVALS: ReadonlySet<RefusalRule> = new Set(['protect', 'threshold', 'consent']);

/** Nothing else matters of what the document keeps the daemon from. */
const ASIDE: ReadonlySet<HeldChange['because']> = new Set(['observed', 'suspended']);

/**
 * What of a plan may be done unattended (law B): what is refused is held back, and what depends on it; the rest goes on.
 * What holds data is never deleted or replaced, whoever would consent (rule 9). What gives up a name only so that a held
 * change can take it keeps it. `resting` are the addresses that are not tried now, and why.
 */
export function permitted(
  { changes, refusals }: { readonly changes: readonly Change[]; readonly refusals: readonly Refusal[] },
  kinds: Kinds,
  resting: ReadonlyMap<Address, Pick<HeldChange, 'because' | 'why'>>,
): Permitted {
  const held = new Map<Address, HeldChange>();
  const hold = ({ address, action }: Change, because: HeldChange['because'], why: string): void => {
    if (!held.has(address)) held.set(address, { address, action, because, why });
  };
  for (const change of changes) {
    const aside = resting.get(change.address);
    if (aside !== undefined && ASIDE.has(aside.because)) hold(change, aside.because, aside.why);
    const removes = change.action === 'delete' || change.action === 'replace';
    if (removes && kinds.named(change.kind).holdsData === true)
      hold(change, 'holds-data', 'it holds data, and what holds data is never deleted or replaced unattended');
    const refusal = refusals.find(
      ({ rule, addresses }) =>
        addresses.length === 0 || (addresses.includes(change.address) && (removes || !OF_REMOVALS.has(rule))),
    );
    if (refusal !== undefined) hold(change, refusal.rule === 'window' ? 'window' : 'refused', refusal.message);
    const rest = resting.get(change.address);
    if (rest !== undefined) hold(change, rest.because, rest.why);
  }
  for (let size = -1; size < held.size;) {
    size = held.size;
    for (const change of changes) {
      const need = change.dependsOn.find((address) => held.has(address));
      if (need !== undefined) hold(change, 'needs', `it needs ${need}, which is held back`);
      if (change.reason !== 'releases-claim') continue;
      const taker = changes.find(({ address, dependsOn }) => held.has(address) && dependsOn.includes(change.address));
      if (taker !== undefined) hold(change, 'needs', `what ${taker.address} would take stays, for that is held back`);
    }
  }
  return {
    execute: changes.filter(({ address }) => !held.has(address)),
    held: [...held.values()].sort((a, b) => compareAddress(a.address, b.address)),
  };
}
