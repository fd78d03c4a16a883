import type { Address } from '../model/address.ts';
import type { PausedChanges } from '../model/change.ts';
import type { Round, View, WatchNews, WatchStatus } from '../model/watch-status.ts';

/** Pauses and suspensions that are new, and those that are over. */
function changeControlNews(before: View | null, now: View): readonly WatchNews[] {
  const pausesOf = (view: View | null): Map<string, PausedChanges> =>
    new Map((view?.plan.paused ?? []).map((pause) => [[pause.address, pause.owner, pause.expires].join('\n'), pause]));
  const suspendedIn = (view: View | null): Set<Address | null> =>
    new Set([...(view?.suspended?.team === true ? [null] : []), ...(view?.suspended?.addresses ?? [])]);
  const [was, is] = [pausesOf(before), pausesOf(now)];
  const [out, left] = [suspendedIn(before), suspendedIn(now)];
  return [
    ...[...is].flatMap(([key, pause]): WatchNews | [] => (was.has(key) ? [] : { type: 'pause-began', pause })),
    ...[...was].flatMap(([key, pause]): WatchNews | [] => (is.has(key) ? [] : { type: 'pause-ended', pause })),
    ...[...left].flatMap((address): WatchNews | [] => (out.has(address) ? [] : { type: 'suspended', address })),
    ...[...out].flatMap((address): WatchNews | [] => (left.has(address) ? [] : { type: 'resumed', address })),
  ];
}

/** What a round shows that the one before did not: a difference that stays for months is news once. */
export function newsOf(
  { round: before, view }: Pick<WatchStatus, 'round' | 'view'>,
  round: Round,
): readonly WatchNews[] {
  const news: WatchNews[] = [];
  if (round.view !== null) {
    news.push(...changeControlNews(view, round.view));
    const healed = new Set<Address>(
      round.outcomes.filter(({ status }) => status === 'succeeded').map(({ address }) => address),
    );
    const was = new Set<Address>((view?.plan.changes ?? []).map(({ address }) => address));
    const is = new Set<Address>(round.view.plan.changes.map(({ address }) => address));
    for (const { address, action, reason } of round.view.plan.changes)
      if (!was.has(address)) news.push({ type: 'drift-found', address, action, reason });
    const aside = new Set(round.view.suspended?.differing);
    for (const address of was)
      if (!is.has(address) && !healed.has(address) && !aside.has(address)) news.push({ type: 'drift-gone', address });
  }
  const heldBefore = new Set((before?.held ?? []).map(({ address, because }) => `${because} ${address}`));
  for (const held of round.held)
    if (!heldBefore.has(`${held.because} ${held.address}`)) news.push({ type: 'change-held', held });
  return [...news, { type: 'round-ended', round }];
}
