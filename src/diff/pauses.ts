import { compareAddress, type Address } from '../model/address.ts';
import type { Change, PausedChanges } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { globMatcher } from '../model/glob.ts';
import { instantText } from '../model/instant.ts';
import { isActive, pauseMatcher, type Pause } from '../model/pause.ts';

/** A plan's changes, parted by the pauses in force. */
export interface PausedPlan {
  /** Empty: nothing is paused. */
  readonly paused: readonly PausedChanges[];
  readonly held: readonly Change[];
  /** Pauses in force that match nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What pauses hold of the changes: what they match and what that contains, whatever would remove it, what depends on any
 * of that, and what gives up a name only so that a held change can take it. `universe` is every address known.
 */
export function holdPaused(
  changes: readonly Change[],
  {
    pauses,
    now,
    universe,
  }: { readonly pauses: readonly Pause[]; readonly now: number; readonly universe: Iterable<Address> },
): PausedPlan {
  const active = pauses.filter((pause) => isActive(pause, now));
  if (active.length === 0) return { paused: [], held: [], diagnostics: [] };
  const by = new Map<Address, Pause>();
  for (const pause of active) {
    const isPaused = pauseMatcher(pause);
    for (const change of changes) {
      const { address, takes } = change;
      const isHeld = isPaused(address) || takes.some(isPaused) || (removes(change) && reachesInto(pause, address));
      if (isHeld && !by.has(address)) by.set(address, pause);
    }
  }
  for (let size = -1; size < by.size;) {
    size = by.size;
    for (const { address, dependsOn, reason } of changes) {
      const needed = dependsOn.map((need) => by.get(need)).find((pause) => pause !== undefined);
      if (needed !== undefined && !by.has(address)) by.set(address, needed);
      if (reason !== 'releases-claim' || by.has(address)) continue;
      const taker = changes.find((other) => by.has(other.address) && other.dependsOn.includes(address));
      const pause = taker === undefined ? undefined : by.get(taker.address);
      if (pause !== undefined) by.set(address, pause);
    }
  }
  const known = [...universe];
  const holding = new Set(by.values());
  return {
    paused: active.map((pause) => pausedBy(pause, by)).sort(inOrder),
    held: changes.filter(({ address }) => by.has(address)),
    diagnostics: active
      .filter((pause) => !holding.has(pause) && !known.some(globMatcher(pause.address)))
      .map(({ address, where }) => ({
        severity: 'warning',
        code: 'CVG520',
        summary: `the pause of \`${address}\` matches nothing that is declared or was read`,
        hint: 'Correct its address, or remove it.',
        ...(where === null ? {} : { where }),
      })),
  };
}

function removes({ action }: Change): boolean {
  return action === 'delete' || action === 'replace';
}

/** What is inside of what goes need not have been read: it is enough that the pause may mean something there. */
function reachesInto({ address: glob }: Pause, address: Address): boolean {
  const segments = glob.split('/');
  return segments.some((_segment, index) => index > 0 && globMatcher(segments.slice(0, index).join('/'))(address));
}

function pausedBy(pause: Pause, by: ReadonlyMap<Address, Pause>): PausedChanges {
  const { address, owner, reason, expires, where } = pause;
  const held = [...by].filter(([, holder]) => holder === pause).map(([change]) => change);
  return { address, owner, reason, expires: instantText(expires), held: held.sort(compareAddress), where };
}

function inOrder(a: PausedChanges, b: PausedChanges): number {
  return compareText(a.address, b.address) || compareText(a.expires, b.expires) || compareText(a.owner, b.owner);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
