import type { RequestUsage } from '../model/provider.ts';
import type { WatchStatus } from '../model/watch-status.ts';
import { changeControlMetrics, HELD_BECAUSE } from './change-control-metrics.ts';
import { metricsText, type Metric, type Sample } from './metrics-text.ts';
import { isFollower, readiness, syncOf } from './readiness.ts';
import { labelsOf, type Totals } from './tally.ts';

/** Of the process itself, as every exporter gives it. */
export interface ProcessFigures {
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

export interface Measured {
  readonly status: WatchStatus;
  readonly totals: Totals;
  readonly usage: RequestUsage;
  readonly process: ProcessFigures;
  /** Milliseconds since epoch. */
  readonly now: number;
  /** Of other parts of the daemon. */
  readonly others: readonly Metric[];
}

/** What `/metrics` answers: names by the conventions of Prometheus, base units, few label values. */
export function metricsPage(measured: Measured): Promise<string> {
  const { status, totals, others } = measured;
  const state = stateMetrics(measured);
  // What a follower would say of the platform is not known, or old, and would be summed with what the leader says.
  const said = isFollower(status) ? state.filter(({ name }) => OF_ANY_REPLICA.has(name)) : state;
  const own = [...said, ...leaseMetrics(status), ...totalMetrics(measured), ...processMetrics(measured)];
  return metricsText([...own, ...others], [totals.durations]);
}

const OF_ANY_REPLICA: ReadonlySet<string> = new Set(['converge_build_info', 'converge_ready']);

function leaseMetrics({ lease }: WatchStatus): readonly Metric[] {
  if (lease === null) return [];
  return [
    gauge('converge_leader', '1 while this replica leads: it alone reads the platform and writes.', [
      { value: lease.role === 'leader' ? 1 : 0 },
    ]),
    counter('converge_lease_failures_total', 'Calls about the Lease that the cluster did not answer.', [
      { value: lease.unanswered },
    ]),
  ];
}

function stateMetrics({ status, now }: Measured): readonly Metric[] {
  const { view, round, mode } = status;
  const sync = syncOf(status, now);
  const held = Map.groupBy(round?.held ?? [], ({ because }) => because);
  const drift = Map.groupBy(view?.plan.changes ?? [], ({ kind, action }) => `${kind}\n${action}`);
  return [
    gauge('converge_build_info', 'Always 1; the version and what it may do.', [
      { labels: { version: status.tool, mode }, value: 1 },
    ]),
    gauge('converge_ready', '1 while the last load and observation succeeded and are not old.', [
      { value: readiness(status, now).ok ? 1 : 0 },
    ]),
    gauge(
      'converge_sync_state',
      '1 for the state that holds; unknown whenever the last reading failed or is old.',
      (['in-sync', 'differs', 'suspended', 'unknown'] as const).map((state) => ({
        labels: { state },
        value: state === sync ? 1 : 0,
      })),
    ),
    gauge(
      'converge_last_success_timestamp_seconds',
      'End of the last run that read everything; absent before the first.',
      status.succeededAt === null ? [] : [{ value: status.succeededAt / 1000 }],
    ),
    gauge(
      'converge_observation_age_seconds',
      'Age of what the other figures say of the platform; absent before the first observation.',
      view === null ? [] : [{ value: Math.max(0, (now - view.observedAt) / 1000) }],
    ),
    gauge(
      'converge_resources',
      'Resources by kind and status, as of the last observation.',
      (view?.resources ?? []).map(({ kind, status: is, count }) => ({ labels: { kind, status: is }, value: count })),
    ),
    gauge(
      'converge_drift',
      'Changes that the document asks for and the platform does not show, as of the last observation.',
      [...drift].map(([key, { length }]) => {
        const [kind = '', action = ''] = labelsOf(key);
        return { labels: { kind, action }, value: length };
      }),
    ),
    gauge(
      'converge_held_changes',
      'Changes that are planned and not made, by reason, as of the last run.',
      HELD_BECAUSE.map((because) => ({
        labels: { because },
        value: held.get(because)?.length ?? 0,
      })),
    ),
    ...changeControlMetrics(view, now),
    gauge(
      'converge_predicted_requests_per_hour',
      'Requests in the steady state by what they are for; absent before the first whole reading.',
      Object.entries(status.cost?.perHour ?? {}).map(([use, value]) => ({ labels: { use }, value })),
    ),
    gauge('converge_log_followed', '1 while the log of the platform is followed.', [
      { value: status.cost?.log.is === 'followed' ? 1 : 0 },
    ]),
    gauge('converge_unreadable_collections', 'Collections that could not be read.', [
      { value: view?.plan.unreadable.length ?? 0 },
    ]),
  ];
}

function totalMetrics({ totals, usage }: Measured): readonly Metric[] {
  return [
    counter('converge_runs_total', 'Runs of the reconcile step by result.', samples(totals.rounds, ['result'])),
    counter(
      'converge_changes_total',
      'Changes that were executed, by what became of them.',
      samples(totals.changes, ['kind', 'action', 'outcome']),
    ),
    counter(
      'converge_requests_total',
      'Requests to the platform, retries included: its API host (api) or the hosts of what it contains (fleet).',
      samples(totals.requests, ['host', 'status']),
    ),
    counter('converge_throttled_total', 'Replies that refused for the rate (429).', [{ value: usage.throttled }]),
    counter('converge_limiter_wait_seconds_total', 'Time that requests waited for the limiter, summed.', [
      { value: usage.waitedMs / 1000 },
    ]),
  ];
}

function processMetrics({ status, process }: Measured): readonly Metric[] {
  return [
    gauge('process_start_time_seconds', 'When the process started.', [{ value: status.startedAt / 1000 }]),
    gauge('process_resident_memory_bytes', 'Resident memory.', [{ value: process.residentBytes }]),
    counter('process_cpu_seconds_total', 'Processor time, user and system.', [{ value: process.cpuSeconds }]),
  ];
}

function samples(sums: ReadonlyMap<string, number>, names: readonly string[]): readonly Sample[] {
  return [...sums].map(([key, value]) => {
    const labels = labelsOf(key);
    return { labels: Object.fromEntries(names.map((name, index) => [name, labels[index] ?? ''])), value };
  });
}

function gauge(name: string, help: string, of: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples: of };
}

function counter(name: string, help: string, of: readonly Sample[]): Metric {
  return { name, help, type: 'counter', samples: of };
}
