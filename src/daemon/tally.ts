import { Histogram } from 'prom-client';
import type { RunEvent } from '../model/event.ts';
import { lastSegment } from '../model/address.ts';
import type { Round } from '../model/watch-status.ts';

/** What has happened since the start, summed. Keys are label values in the order of the metric's labels. */
export interface Totals {
  /** Kind, action, outcome. */
  readonly changes: ReadonlyMap<string, number>;
  /** Result. */
  readonly rounds: ReadonlyMap<string, number>;
  /** Class of host, status (`none` without a reply). */
  readonly requests: ReadonlyMap<string, number>;
  readonly durations: Histogram;
}

/** Seconds. */
const DURATION_BOUNDS: number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

export interface Tally {
  onEvent(event: RunEvent): void;
  onRound(round: Round): void;
  totals(): Totals;
}

/** `apiHost`: with its port; requests to others are the fleet's. Labels stay few: no host, path or address is one. */
export function openTally(apiHost: string): Tally {
  const changes = new Map<string, number>();
  const rounds = new Map<string, number>();
  const requests = new Map<string, number>();
  const durations = new Histogram({
    name: 'converge_run_duration_seconds',
    help: 'How long runs took.',
    buckets: DURATION_BOUNDS,
    registers: [],
  });
  return {
    onEvent(event) {
      if (event.type !== 'request') return;
      add(requests, [event.host === apiHost ? 'api' : 'fleet', event.status === null ? 'none' : String(event.status)]);
    },
    onRound({ result, ms, outcomes }) {
      add(rounds, [result]);
      for (const { address, action, status } of outcomes) add(changes, [lastSegment(address).kind, action, status]);
      durations.observe(ms / 1000);
    },
    totals: () => ({ changes, rounds, requests, durations }),
  };
}

/** No label value holds a line break. */
const BETWEEN = '\n';

function add(sums: Map<string, number>, labels: readonly string[]): void {
  const key = labels.join(BETWEEN);
  sums.set(key, (sums.get(key) ?? 0) + 1);
}

export function labelsOf(key: string): readonly string[] {
  return key.split(BETWEEN);
}
