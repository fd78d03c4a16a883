import { ignoredJson } from '../report/envelope-json.ts';
import { instantOf, instantText } from '../model/instant.ts';
import type { View } from '../model/watch-status.ts';

/** What of a status is about pauses, ignored things, suspensions and change windows, as plain data. */
export function changeControlJson(view: View | null, now: number): Readonly<Record<string, unknown>> {
  const { suspended } = view ?? {};
  // What has expired is over, also while nothing can be read.
  const paused = (view?.plan.paused ?? []).filter(({ expires }) => instantOf(expires) > now);
  return {
    pauses: paused.map(({ address, owner, reason, expires, held, where }) => ({
      address,
      owner,
      reason,
      expires,
      from: where === null ? 'request' : 'document',
      held,
    })),
    ...ignoredJson(view?.plan.ignored),
    suspended: { team: suspended?.team ?? false, addresses: suspended?.addresses ?? [] },
    windows: (view?.windows ?? []).map(({ within, open, opensAt }) => ({
      within,
      open,
      opensAt: opensAt === null ? null : instantText(opensAt),
    })),
  };
}
