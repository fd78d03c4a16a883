import type { Address } from '../model/address.ts';
import type { WindowStanding } from '../model/change-window.ts';
import type { Change, Refusal } from '../model/change.ts';
import { instantText } from '../model/instant.ts';
import { nearestOf } from '../model/nearest.ts';

/**
 * What lies outside of its change windows is not changed: one refusal for each `policy.windows` that is closed. What
 * would go with a removal counts too. No flag lifts it: who has to change something now says so in the document.
 */
export function windowRefusals(standings: readonly WindowStanding[], changes: readonly Change[]): readonly Refusal[] {
  if (standings.every(({ open }) => open)) return [];
  const nearest = nearestOf(standings);
  const closed = new Map<WindowStanding, Address[]>();
  for (const { address, takes } of changes) {
    const standing = [address, ...takes].map(nearest).find((found) => found?.open === false);
    if (standing === undefined) continue;
    const others = closed.get(standing);
    if (others === undefined) closed.set(standing, [address]);
    else others.push(address);
  }
  return [...closed].map(([standing, addresses]) => {
    const { within, where, opensAt } = standing;
    const whose = within === null ? '' : ` of ${within}`;
    const changesText = addresses.length === 1 ? '1 change lies' : `${addresses.length} changes lie`;
    const opening =
      opensAt === null
        ? 'it never opens again'
        : `it opens at ${instantText(opensAt)}, and nothing is changed until then`;
    return {
      rule: 'window',
      addresses,
      message: `${changesText} outside of the change window${whose} (\`policy.windows\`, ${where.file}:${where.line}); ${opening}`,
      override: null,
    };
  });
}
