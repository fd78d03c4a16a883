import { addressOf, isWithin } from '../model/address.ts';
import { anyGlob, globMatcher } from '../model/glob.ts';
import { isPairRule, type Condition, type Invariant } from '../model/invariant.ts';
import type { FinalContainer, FinalState } from './final-state.ts';
import { isSettled, type Judged, type Side, type Unjudged, type Violation } from './judged.ts';
import { judgePairs } from './pair-invariants.ts';

/** Judges one invariant on a state. What is not known counts neither as kept nor as broken. */
export function judgeInvariant(invariant: Invariant, state: FinalState): Judged {
  const { within } = invariant;
  const reach = state.containers.filter(({ address }) => within === null || isWithin(address, within));
  const sides = invariant.sides.map((condition) => sideOf(condition, reach));
  const unlisted = state.unlisted
    .filter((address) => within === null || address === null || isWithin(address, within) || isWithin(within, address))
    .map((address): Unjudged => ({ invariant, address, because: 'unlisted' }));
  const judged = isPairRule(invariant.rule)
    ? judgePairs(invariant, sides, state.kind)
    : judgeSingle(invariant, sides, state);
  const unjudged = [...unlisted, ...judged.unjudged];
  return { ...judged, unjudged, isIdle: judged.isIdle && unjudged.length === 0 };
}

function sideOf(condition: Condition, reach: readonly FinalContainer[]): Side {
  const meets = meeting(condition);
  const verdicts = reach.map((container) => ({ container, verdict: meets(container) }));
  return {
    sure: verdicts.filter(({ verdict }) => verdict === true).map(({ container }) => container),
    unsure: verdicts.filter(({ verdict }) => verdict === null).map(({ container }) => container),
  };
}

/** Null: it depends on a field that is not known. */
function meeting(condition: Condition): (container: FinalContainer) => boolean | null {
  const fields = condition.flatMap(({ kind, fields: globs }) =>
    [...globs].map(([field, patterns]) => ({ kind, field, holds: anyGlob(patterns) })),
  );
  return ({ specs, isLive }) => {
    let isUnsure = false;
    for (const { kind, field, holds } of fields) {
      const value = specs.get(kind)?.[field];
      if (typeof value === 'string' ? !holds(value) : isLive) return false;
      if (typeof value !== 'string') isUnsure = true;
    }
    return isUnsure ? null : true;
  };
}

function judgeSingle(invariant: Invariant, [side]: readonly Side[], { kind }: FinalState): Judged {
  const { sure, unsure } = side ?? { sure: [], unsure: [] };
  const violations: Violation[] = [];
  const unjudged: Unjudged[] = [];
  const globs = invariant.keys.map((glob) => ({ glob, matches: globMatcher(glob) }));
  const all = [...sure.map((container) => ({ container, isSure: true })), ...unsure.map(unsurely)];
  for (const { container, isSure } of all) {
    const { address, group, unseen, members, gone, isManaged } = container;
    const broken: Omit<Violation, 'invariant' | 'group' | 'containers'>[] = [];
    let isOpen = false;
    for (const { glob, matches } of globs) {
      const found = [...members].filter(([key]) => matches(key));
      if (invariant.rule === 'forbidden') {
        for (const [key, { address: member, isDeclared }] of found)
          broken.push({ key, addresses: [member], missing: [], isAsked: isDeclared });
        // Of a name that is spelt out, nothing but itself could be there unseen.
        if (unseen !== null && !isSettled(glob, container)) isOpen = true;
      } else if (found.length === 0) {
        const isName = !glob.includes('*');
        if (unseen !== null && !(isName && gone.has(glob))) isOpen = true;
        else {
          const wanted = isName ? addressOf(address, kind.name, glob) : address;
          const addresses = container.isLive || !isName ? [wanted] : [address, wanted];
          broken.push({ key: glob, addresses, missing: [address], isAsked: isManaged });
        }
      }
    }
    const because = isSure ? unseen : 'condition';
    if (because !== null && (isOpen || (!isSure && broken.length > 0))) unjudged.push({ invariant, address, because });
    if (isSure) violations.push(...broken.map((one) => ({ ...one, invariant, group, containers: [address] })));
  }
  return { violations, unjudged, isIdle: all.length === 0 };
}

function unsurely(container: FinalContainer): { readonly container: FinalContainer; readonly isSure: boolean } {
  return { container, isSure: false };
}
