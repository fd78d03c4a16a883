import type { WatchStatus } from '../model/watch-status.ts';

/** Ready, or why not: one sentence. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** A run may be slow; one in which nothing at all happens for so long hangs. */
const HUNG_AFTER_MS = 600_000;

/** Whether the last load and the last observation succeeded, and are not old (law J). */
export function readiness({ round, view, freshUntil }: WatchStatus, now: number): Verdict {
  if (round === null) return { ok: false, why: 'the first run has not ended' };
  if (round.result === 'invalid' || round.result === 'failed')
    return { ok: false, why: round.problem ?? 'the last run did not succeed' };
  if (view === null) return { ok: false, why: 'nothing was observed yet' };
  if (now > freshUntil)
    return {
      ok: false,
      why: `the last observation is ${seconds(now - view.observedAt)} s old, and none has followed it`,
    };
  return { ok: true };
}

/** Whether the loop is alive: a supervisor restarts what is not. Says nothing of the platform or the document. */
export function liveness({ running, movedAt }: WatchStatus, now: number): Verdict {
  if (!running || now - movedAt < HUNG_AFTER_MS) return { ok: true };
  return { ok: false, why: `a run is going, and nothing has happened in it for ${seconds(now - movedAt)} s` };
}

/** What may be said of document and platform now. `suspended`: what is looked after is in sync, and some is not looked after. `unknown` whenever the last reading failed or is old. */
export type Sync = 'in-sync' | 'differs' | 'suspended' | 'unknown';

export function syncOf(status: WatchStatus, now: number): Sync {
  if (!readiness(status, now).ok || status.view === null) return 'unknown';
  if (status.view.plan.changes.length > 0) return 'differs';
  return status.view.suspended === undefined ? 'in-sync' : 'suspended';
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
