import { compareAddress, type Address } from '../model/address.ts';
import type { Action, Change, Plan } from '../model/change.ts';
import { modesOver, type Mode } from '../model/mode.ts';
import type { HeldChange, Suspended, WatchMode } from '../model/watch-status.ts';
import type { World } from './world.ts';

/** What the document, and who paused something, keep the daemon from. */
export interface Governed {
  /** Changes of the plan that are not made, whatever else is to be said of them. */
  readonly aside: ReadonlyMap<Address, Pick<HeldChange, 'because' | 'why'>>;
  /** Changes that are not in the plan, because they are paused. */
  readonly paused: readonly HeldChange[];
  /** The plan as the daemon tells it: with what is paused, without what is suspended. */
  readonly plan: Plan;
  readonly suspended: Suspended | null;
  readonly isSuspended: (address: Address) => boolean;
}

export function governed({ made, desired }: Pick<World, 'made' | 'desired'>, own: WatchMode): Governed {
  const modeAt = modesOver(desired.modes, own);
  const isSuspended = (address: Address): boolean => modeAt(address) === 'suspend';
  const aside = new Map<Address, Pick<HeldChange, 'because' | 'why'>>();
  for (const { address } of made.plan.changes) {
    const because = ASIDE[modeAt(address)];
    if (because !== null) aside.set(address, { because, why: `the document says \`mode: ${modeAt(address)}\`` });
  }
  const paused = heldByPauses(made);
  const all = [...made.plan.changes, ...made.held].sort((a, b) => compareAddress(a.address, b.address));
  const changes = all.filter(({ address }) => !isSuspended(address));
  const addresses = desired.resources.filter(({ parent, address }) => parent === null && isSuspended(address));
  const team = desired.modes.some(({ within, mode }) => within === null && mode === 'suspend');
  const suspended: Suspended | null =
    team || addresses.length > 0
      ? {
          team,
          addresses: addresses.map(({ address }) => address),
          differing: all.map(({ address }) => address).filter(isSuspended),
        }
      : null;
  return {
    aside,
    paused: paused.filter(({ address }) => !isSuspended(address)),
    plan: {
      ...made.plan,
      changes,
      summary: { ...made.plan.summary, ...counted(changes) },
      unreadable: made.plan.unreadable.filter(({ collection }) => !isInSuspended(collection)),
    },
    suspended,
    isSuspended,
  };

  /** A collection's name is its key under the address of its parent; those at the top are the team's. */
  function isInSuspended(collection: string): boolean {
    const slash = collection.lastIndexOf('/');
    return slash !== -1 && isSuspended(collection.slice(0, slash) as Address);
  }
}

const ASIDE: Readonly<Record<Mode, 'observed' | 'suspended' | null>> = {
  apply: null,
  observe: 'observed',
  suspend: 'suspended',
};

function heldByPauses({ plan, held }: World['made']): readonly HeldChange[] {
  const why = new Map(
    (plan.paused ?? []).flatMap(({ owner, reason, expires, held: addresses }) =>
      addresses.map((address) => [address, `paused by ${owner} until ${expires}: ${reason}`] as const),
    ),
  );
  return held.map(({ address, action }) => ({ address, action, because: 'paused', why: why.get(address) ?? '' }));
}

function counted(changes: readonly Change[]): Record<Action, number> {
  const count: Record<Action, number> = { create: 0, update: 0, replace: 0, delete: 0 };
  for (const { action } of changes) count[action]++;
  return count;
}
