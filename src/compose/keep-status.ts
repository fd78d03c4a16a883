import type { Metric } from '../daemon/metrics-text.ts';
import { metricsPage, type ProcessFigures } from '../daemon/metrics.ts';
import type { Schedule } from '../daemon/schedule.ts';
import { openTally } from '../daemon/tally.ts';
import type { RunEvent } from '../model/event.ts';
import type { RequestUsage } from '../model/provider.ts';
import type { Cost, LeaseStanding, Round, WatchMode, WatchNews, WatchStatus } from '../model/watch-status.ts';
import type { WatchPhase } from '../reconcile/watch.ts';
import type { Effects } from './contract.ts';
import { newsOf } from './news.ts';

/** What the daemon knows of itself, kept for whoever asks. */
export interface KeptStatus {
  now(): WatchStatus;
  onEvent(event: RunEvent): void;
  readonly onPhase: (phase: WatchPhase) => void;
  /** Takes a round in; what of it is news. */
  onRound(round: Round): readonly WatchNews[];
  /** Takes in what the steady state costs; what of it is news. */
  onCost(cost: Cost | null): readonly WatchNews[];
  /** Takes in where this replica stands; what of it is news. Who follows forgets what it knew of the platform. */
  onLease(standing: LeaseStanding): readonly WatchNews[];
  /** The text of `/metrics`, with what others have to say. */
  metrics(usage: RequestUsage | undefined, figures: ProcessFigures, others: readonly Metric[]): Promise<string>;
}

/** An observation is old when the second scheduled run after it is so late, and three of the length of the last could have ended. */
const LATE_MS = 60_000;
/** Where the schedule never comes again. */
const USUAL_GAP_MS = 3_600_000;

export function keepStatus(
  { clock, version }: Pick<Effects, 'clock' | 'version'>,
  about: { readonly mode: WatchMode; readonly schedule: Schedule; readonly apiUrl: string },
): KeptStatus {
  const { schedule, mode } = about;
  const tally = openTally(new URL(about.apiUrl).host);
  const startedAt = clock.now();
  let status: Omit<WatchStatus, 'schedule'> = {
    tool: version,
    mode,
    startedAt,
    phase: 'waiting',
    round: null,
    view: null,
    succeededAt: null,
    freshUntil: startedAt,
    movedAt: startedAt,
    running: false,
    cost: null,
    lease: null,
  };
  const change = (part: Partial<WatchStatus>): void => {
    status = { ...status, ...part, movedAt: clock.now() };
  };
  const current = (): WatchStatus => {
    const { expression, timeZone } = schedule;
    // The loop of a follower has stopped, or has not begun.
    const phase = status.lease?.role === 'follower' && !status.running ? 'following' : status.phase;
    return { ...status, phase, schedule: { expression, timeZone, nextAt: schedule.next(clock.now()) } };
  };
  return {
    now: current,
    onEvent(event) {
      change({});
      tally.onEvent(event);
    },
    onPhase: (phase) =>
      change({ phase, running: phase === 'reconciling' || phase === 'dirty' || phase === 'draining' }),
    onRound(round) {
      const news = newsOf(status, round);
      const now = clock.now();
      tally.onRound(round);
      const next = schedule.next(now);
      const second = next === null ? null : schedule.next(next);
      change({
        round,
        ...(round.view === null ? {} : { view: round.view }),
        ...(round.result === 'done' ? { succeededAt: now } : {}),
        freshUntil: Math.max(second ?? now + USUAL_GAP_MS, now + 3 * round.ms) + LATE_MS,
      });
      return news;
    },
    onCost(cost) {
      const before = status.cost;
      change({ cost });
      return cost === null || before?.log.is === cost.log.is ? [] : [{ type: 'cost', cost }];
    },
    onLease(standing) {
      const before = status.lease;
      const isNew = before?.role !== standing.role;
      const forgotten = { round: null, view: null, succeededAt: null, cost: null };
      change({ lease: standing, ...(isNew && standing.role === 'follower' ? forgotten : {}) });
      const { lease, problem } = standing;
      return [
        ...(isNew ? [{ type: 'role-changed', standing } as const] : []),
        ...((problem === null) === ((before?.problem ?? null) === null)
          ? []
          : [{ type: 'lease-problem', lease, why: problem } as const]),
      ];
    },
    metrics: (usage = { reads: 0, writes: 0, throttled: 0, waitedMs: 0 }, figures, others) =>
      metricsPage({ status: current(), totals: tally.totals(), usage, process: figures, now: clock.now(), others }),
  };
}
