import { instantOf } from '../model/instant.ts';
import type { HeldChange, View } from '../model/watch-status.ts';
import type { Metric } from './metrics-text.ts';

/** Every reason for holding a change, so that each is 0 before it is anything else. */
export const HELD_BECAUSE: readonly Exclude<HeldChange['because'], 'suspended'>[] = [
  'refused',
  'holds-data',
  'window',
  'paused',
  'observed',
  'resting',
  'stalled',
  'needs',
];

/** Pauses, suspensions and change windows, as of the last observation. */
export function changeControlMetrics(view: View | null, now: number): readonly Metric[] {
  // What has expired is over, also while nothing can be read.
  const paused = (view?.plan.paused ?? []).filter(({ expires }) => instantOf(expires) > now);
  const closed = (view?.windows ?? []).filter(({ open }) => !open);
  const openings = closed.map(({ opensAt }) => opensAt).filter((at) => at !== null);
  return [
    {
      name: 'converge_pauses',
      help: 'Pauses in force (break-glass), of the document and asked for.',
      type: 'gauge',
      samples: [{ value: paused.length }],
    },
    {
      name: 'converge_pause_expiry_timestamp_seconds',
      help: 'When the next pause expires; absent without one.',
      type: 'gauge',
      samples: first(paused.map(({ expires }) => instantOf(expires))),
    },
    {
      name: 'converge_suspended_projects',
      help: 'Declared or selected projects that mode: suspend leaves out.',
      type: 'gauge',
      samples: [{ value: view?.suspended?.addresses.length ?? 0 }],
    },
    {
      name: 'converge_closed_windows',
      help: 'Lists of change windows of which none is open.',
      type: 'gauge',
      samples: [{ value: closed.length }],
    },
    {
      name: 'converge_window_opening_timestamp_seconds',
      help: 'When the next closed change window opens; absent while all are open.',
      type: 'gauge',
      samples: first(openings),
    },
  ];
}

function first(times: readonly number[]): Metric['samples'] {
  return times.length === 0 ? [] : [{ value: Math.min(...times) / 1000 }];
}
