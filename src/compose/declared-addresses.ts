import type { Address } from '../model/address.ts';
import { kindsIn } from './platform.ts';
import type { Effects, Settings } from './contract.ts';
import { loadDesired } from './load.ts';

/** The addresses of everything that the documents declare, offline and in their order; none where they are not valid. */
export async function declaredAddresses(settings: Settings, effects: Effects): Promise<readonly Address[]> {
  const { desired } = await loadDesired(settings, effects, { kinds: kindsIn(settings), sources: 'offline' });
  return desired?.resources.map(({ address }) => address) ?? [];
}
