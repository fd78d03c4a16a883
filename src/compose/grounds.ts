import { digestOf, preImage } from '../diff/digest.ts';
import type { Address } from '../model/address.ts';
import { kindsOf } from '../model/kinds.ts';
import type { World } from './world.ts';

/** What each change stands on: what is asked for, and what is live. */
export function groundsOf({ made, observation, provider }: World, key: Uint8Array): ReadonlyMap<Address, string> {
  const kinds = kindsOf(provider.kinds);
  return new Map(
    made.plan.changes.map((change) => {
      const { address } = change;
      const desired = made.desired.get(address);
      const live = preImage(key, change, observation.live.get(address), kinds);
      return [address, digestOf(key, [change.action, live, desired?.spec ?? null])];
    }),
  );
}
