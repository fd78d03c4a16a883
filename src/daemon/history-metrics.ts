import type { HistoryState } from '../model/history.ts';
import type { Metric } from './metrics-text.ts';

export function historyMetrics({ available, bytes }: HistoryState): readonly Metric[] {
  return [
    {
      name: 'converge_history_available',
      help: '1 while runs are recorded where they should be; 0 while a file cannot be used, and memory serves.',
      type: 'gauge',
      samples: [{ value: available ? 1 : 0 }],
    },
    {
      name: 'converge_history_bytes',
      help: 'What the history takes.',
      type: 'gauge',
      samples: [{ value: bytes }],
    },
  ];
}
