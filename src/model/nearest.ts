import { parentAddress, type Address } from './address.ts';

/** Something that holds for an entry and what it contains; null: for the whole document. */
export interface Within {
  readonly within: Address | null;
}

/** What of `scopes` is nearest to an address: a nearer one replaces the outer one whole. The later of two for one place. */
export function nearestOf<T extends Within>(scopes: readonly T[]): (address: Address) => T | undefined {
  const byPlace = new Map<Address | null, T>(scopes.map((scope) => [scope.within, scope]));
  if (byPlace.size === 0) return () => undefined;
  return (address) => {
    for (let at: Address | null = address; at !== null; at = parentAddress(at)) {
      const found = byPlace.get(at);
      if (found !== undefined) return found;
    }
    return byPlace.get(null);
  };
}
