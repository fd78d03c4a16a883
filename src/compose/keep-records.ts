import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { historyJson } from '../daemon/history-json.ts';
import { historyMetrics } from '../daemon/history-metrics.ts';
import { openHistory } from '../daemon/history/open-history.ts';
import type { Bounds } from '../daemon/history/retention.ts';
import type { Metric } from '../daemon/metrics-text.ts';
import type { HistoryReader } from '../model/history.ts';
import type { Round, WatchMode, WatchNewsSink } from '../model/watch-status.ts';
import type { Effects, Settings } from './contract.ts';
import { keepHistory, type KeptHistory } from './keep-history.ts';
import { openNotifications } from './open-notifications.ts';

/** Where runs are remembered, and who is told of them. */
export interface RecordOptions {
  /** Null: in memory. */
  readonly historyFile: string | null;
  readonly historyBounds: Bounds;
  /** `--notify`; null: nobody is told. */
  readonly notifyFile: string | null;
}

/** What is kept and told of runs. Nothing of it can stop the loop. */
export interface KeptRecords {
  /** The number of the run that begins: it goes on from those in the history. */
  nextRun(): number;
  readonly learn: KeptHistory['learn'];
  onRound(round: Round): void;
  readonly history: HistoryReader;
  /** Keys of `/api/status`. */
  status(): Readonly<Record<string, unknown>>;
  /** For `/metrics`. */
  metrics(): readonly Metric[];
  /** Messages that wait are sent within `forMs`. */
  close(forMs: number): Promise<void>;
}

export async function keepRecords(
  settings: Settings,
  effects: Effects,
  options: RecordOptions & {
    readonly mode: WatchMode;
    readonly onNews: WatchNewsSink;
    readonly onCrash: (error: unknown) => void;
  },
): Promise<KeptRecords | { readonly problems: readonly string[] }> {
  const { mode, onNews, onCrash } = options;
  const session = randomBytes(6).toString('hex');
  const opened = await openNotifications(options.notifyFile, settings, { effects, mode, session, onNews });
  if ('problems' in opened) return opened;
  const { notifier } = opened;
  const history = await openHistory({
    file: options.historyFile === null ? null : path.resolve(effects.cwd, options.historyFile),
    bounds: options.historyBounds,
    clock: effects.clock,
    onState: ({ why, aside }) => onNews({ type: 'history', why, aside }),
  });
  const kept = keepHistory(history, session);
  let last = history.nextId() - 1;
  return {
    nextRun: () => (last = Math.max(last + 1, history.nextId())),
    learn: kept.learn,
    onRound(round) {
      try {
        notifier.onRound(round, kept.onRound(round));
      } catch (error) {
        onCrash(error);
      }
    },
    history,
    status: () => ({
      history: historyJson(history.state()),
      notifications: notifier.state().map(({ target, type, waiting, sentAt, error }) => ({
        target,
        type,
        waiting,
        sentAt: sentAt === null ? null : new Date(sentAt).toISOString(),
        error: error === null ? null : { at: new Date(error.at).toISOString(), why: error.why },
      })),
    }),
    metrics: () => [...historyMetrics(history.state()), ...notifier.metrics()],
    async close(forMs) {
      await opened.close(forMs);
      history.close();
    },
  };
}
