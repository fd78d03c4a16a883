import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';

/** Changes that are shown as one line. */
export interface ChangeGroup {
  readonly title: string;
  readonly addresses: readonly Address[];
}

/**
 * Groups changes by where they stand: as deep as `most` lines allow, down to two levels (a project's deployment with
 * what is in it). Too many even for one level are one group.
 */
export function groupChanges(changes: readonly Change[], most: number): readonly ChangeGroup[] {
  for (const depth of [2, 1]) {
    const groups = new Map<string, Address[]>();
    for (const { address } of changes) {
      const title = address.split('/').slice(0, depth).join('/');
      const group = groups.get(title);
      if (group === undefined) groups.set(title, [address]);
      else group.push(address);
    }
    if (groups.size <= most) return [...groups].map(([title, addresses]) => ({ title, addresses }));
  }
  return [{ title: 'All changes', addresses: changes.map(({ address }) => address) }];
}
