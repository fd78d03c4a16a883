import { parentAddress, type Address } from '../model/address.ts';
import type { DriftItem, Severity } from '../model/drift.ts';
import { fieldSchema } from '../model/kinds.ts';
import type { Sides } from './drift.ts';
import { protectedThings } from './protection.ts';

/**
 * How much an item matters. High: it is protected or inside of something protected, or it holds data and is missing, or
 * it is inside of that. Low: only labels differ, or it is one thing too many that holds no data. Medium: all else. Items are
 * asked for in the order of their addresses.
 */
export function severityJudge(
  sides: Sides,
): (item: Pick<DriftItem, 'address' | 'kind' | 'moved' | 'fields'>) => Severity {
  const isGuarded = withAncestors(new Set(protectedThings(sides).map(([address]) => address)));
  const lost = new Set<Address>();
  const isLost = withAncestors(lost);
  return ({ address, kind: name, moved, fields }) => {
    const kind = sides.kinds.named(name);
    const holdsData = kind.holdsData === true;
    if (moved === 'changed' && fields.every((field) => fieldSchema(kind, field)?.label === true)) return 'low';
    if (moved === 'missing' && holdsData) lost.add(address);
    if (isGuarded(address) || isLost(address)) return 'high';
    return moved === 'unexpected' && !holdsData ? 'low' : 'medium';
  };
}

function withAncestors(those: ReadonlySet<Address>): (address: Address) => boolean {
  return (address) => {
    for (let at: Address | null = address; at !== null; at = parentAddress(at)) if (those.has(at)) return true;
    return false;
  };
}
