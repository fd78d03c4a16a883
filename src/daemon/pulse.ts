import type { Round, WatchStatus } from '../model/watch-status.ts';
import { readiness, syncOf } from './readiness.ts';

/** The small part of the status that changes while one looks: what the stream of events tells. */
export interface Pulse {
  readonly phase: string;
  readonly sync: string;
  readonly ready: boolean;
  readonly reason: string | null;
  /** RFC 3339; null before the first observation. */
  readonly observedAt: string | null;
  /** The last reading is the last run's and not old: what it showed of each thing may be said. */
  readonly current: boolean;
  /** The last run that ended. */
  readonly run: number | null;
  /** The ETag of `/api/tree`. */
  readonly tree: string;
}

export function pulseOf(status: WatchStatus, now: number, tree: string): Pulse {
  const ready = readiness(status, now);
  return {
    phase: status.phase,
    sync: syncOf(status, now),
    ready: ready.ok,
    reason: ready.ok ? null : ready.why,
    observedAt: status.view === null ? null : new Date(status.view.observedAt).toISOString(),
    current: isCurrent(status, now),
    run: status.round?.id ?? null,
    tree,
  };
}

/** Whether what the view says of each thing still holds: also of a reading with holes, never of one that a later run could not repeat. */
export function isCurrent({ round, view, freshUntil }: WatchStatus, now: number): boolean {
  return view !== null && round?.view === view && now <= freshUntil;
}

/** A run as the stream tells it: the shape of a run in `/api/runs`, without what only history knows. */
export function runJson(round: Round): Readonly<Record<string, unknown>> {
  return {
    id: round.id,
    cause: round.cause,
    startedAt: new Date(round.startedAt).toISOString(),
    seconds: round.ms / 1000,
    result: round.result,
    problem: round.problem,
    differs: round.view?.plan.changes.length ?? null,
    changed: round.outcomes.filter(({ status }) => status === 'succeeded').length,
    held: round.held.length,
    requests: round.requests,
  };
}
