import { compareAddress, type Address } from '../model/address.ts';
import type { Change, Refusal } from '../model/change.ts';

/**
 * Changes that wait for each other can never be made in one run: two names that change places while something on each
 * side may only move once the other has. Refused before the first write, rather than blocked in the middle.
 */
export function circleRefusals(changes: readonly Pick<Change, 'address' | 'dependsOn'>[]): readonly Refusal[] {
  const needs = new Map(changes.map(({ address, dependsOn }) => [address, dependsOn]));
  // What waits for nothing that is left, and what nothing left waits for, is in no circle.
  for (let size = Number.POSITIVE_INFINITY; needs.size < size;) {
    size = needs.size;
    const needed = new Set<Address>();
    for (const [address, after] of needs)
      if (after.some((other) => needs.has(other))) for (const other of after) needed.add(other);
      else needs.delete(address);
    for (const address of needs.keys()) if (!needed.has(address)) needs.delete(address);
  }
  if (needs.size === 0) return [];
  return [
    {
      rule: 'unsupported',
      addresses: [...needs.keys()].sort(compareAddress),
      message:
        'these changes wait for each other, so they cannot be made in one run. Give up one of the names, and what depends on it, in an apply of its own first.',
      override: null,
    },
  ];
}
