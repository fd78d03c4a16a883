import type { Address } from '../model/address.ts';
import type { Round, WatchNews, WatchStatus } from '../model/watch-status.ts';

/** What a round shows that the one before did not: a difference that stays for months is news once. */
export function newsOf(
  { round: before, view }: Pick<WatchStatus, 'round' | 'view'>,
  round: Round,
): readonly WatchNews[] {
  const news: WatchNews[] = [];
  if (round.view !== null) {
    const healed = new Set<Address>(
      round.outcomes.filter(({ status }) => status === 'succeeded').map(({ address }) => address),
    );
    const was = new Set<Address>((view?.plan.changes ?? []).map(({ address }) => address));
    const is = new Set<Address>(round.view.plan.changes.map(({ address }) => address));
    for (const { address, action, reason } of round.view.plan.changes)
      if (!was.has(address)) news.push({ type: 'drift-found', address, action, reason });
    for (const address of was) if (!is.has(address) && !healed.has(address)) news.push({ type: 'drift-gone', address });
  }
  const heldBefore = new Set((before?.held ?? []).map(({ address, because }) => `${because} ${address}`));
  for (const held of round.held)
    if (!heldBefore.has(`${held.because} ${held.address}`)) news.push({ type: 'change-held', held });
  return [...news, { type: 'round-ended', round }];
}
