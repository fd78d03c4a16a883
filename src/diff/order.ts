import { addressOf, compareAddress, type Address } from '../model/address.ts';
import { bringsLive, removesLive, type Draft } from './draft.ts';

/**
 * Which changes must succeed before which: containers before contents, what a kind depends on before it (reversed
 * for deletion), and releases before takes. Gives, per address, the addresses that come first, sorted.
 */
export function orderOf(
  drafts: ReadonlyMap<Address, Draft>,
  claims: ReadonlyMap<Address, readonly Address[]>,
): ReadonlyMap<Address, readonly Address[]> {
  const first = new Map<Address, Set<Address>>();
  const before = (later: Address, earlier: Address): void => {
    if (later === earlier) return;
    const set = first.get(later) ?? new Set();
    first.set(later, set.add(earlier));
  };
  for (const draft of drafts.values()) {
    const { address, desired, live, kind } = draft;
    const parent = (desired ?? live)?.parent ?? null;
    const container = parent === null ? undefined : drafts.get(parent);
    // An update of the container does not stand in the way: contents are reached by its id.
    if (container !== undefined && bringsLive(container)) before(address, container.address);
    if (draft.action !== 'delete')
      for (const need of kind.dependsOn?.(desired?.spec ?? {}) ?? []) {
        const target = drafts.get(addressOf(parent, need.kind, need.key));
        if (target !== undefined && target.action !== 'delete') before(address, target.address);
      }
    for (const need of kind.dependsOn?.(live?.spec ?? {}) ?? []) {
      const target = drafts.get(addressOf(parent, need.kind, need.key));
      if (target !== undefined && removesLive(target)) before(target.address, address);
    }
    for (const holder of claims.get(address) ?? []) before(address, holder);
  }
  return new Map([...first].map(([address, set]) => [address, [...set].sort(compareAddress)]));
}
