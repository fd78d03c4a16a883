import type { EventSink } from '../model/event.ts';
import type { WatchNews, WatchNewsSink } from '../model/watch-status.ts';
import type { Output } from './io.ts';
import { loggerOn, recordOf, type LogOptions, type LogRecord } from './log.ts';

/** The daemon's log: what happens in a run carries the run's number. */
export interface WatchLog {
  readonly onEvent: EventSink;
  readonly onNews: WatchNewsSink;
  readonly setLevel: (level: LogOptions['level']) => void;
}

/** These are said by every run of every day, and `round ended` says what they came to. */
const ROUTINE: ReadonlySet<string> = new Set(['observing', 'listed', 'planned']);

export function watchLog(stream: Output, options: LogOptions): WatchLog {
  const logger = loggerOn(stream, options);
  let run: number | null = null;
  const write = ({ level, message, fields }: LogRecord): void =>
    logger[level](run === null ? fields : { run, ...fields }, message);
  return {
    onEvent(event) {
      const record = recordOf(event);
      write(ROUTINE.has(event.type) ? { ...record, level: 'debug' } : record);
    },
    onNews(news) {
      if (news.type === 'round-started') run = news.run;
      for (const record of recordsOf(news)) write(record);
      if (news.type === 'round-ended') run = null;
    },
    setLevel: (level) => (logger.level = level),
  };
}

function recordsOf(news: WatchNews): readonly LogRecord[] {
  switch (news.type) {
    case 'listening':
      return [{ level: 'info', message: 'listening', fields: { url: news.url } }];
    case 'round-started':
      return [{ level: 'debug', message: 'run started', fields: { cause: news.cause } }];
    case 'round-ended':
      return roundRecords(news.round);
    case 'drift-found': {
      const { address, action, reason } = news;
      return [{ level: 'warn', message: 'drift found', fields: { address, action, reason } }];
    }
    case 'drift-gone':
      return [{ level: 'info', message: 'drift gone', fields: { address: news.address } }];
    case 'change-held':
      return [{ level: 'warn', message: 'change held back', fields: { ...news.held } }];
    case 'pause-began':
    case 'pause-ended': {
      const { address, owner, reason, expires, held } = news.pause;
      const message = news.type === 'pause-began' ? 'pause began' : 'pause ended';
      return [{ level: 'warn', message, fields: { address, owner, reason, expires, holds: held.length } }];
    }
    case 'suspended':
    case 'resumed':
      return [{ level: 'warn', message: news.type, fields: news.address === null ? {} : { address: news.address } }];
    case 'cost':
      return costRecords(news.cost);
    case 'files-unwatched':
      return [{ level: 'warn', message: 'files cannot be watched', fields: { why: news.why } }];
    case 'history':
      return historyRecords(news);
    case 'log-level': {
      const { level, by, forMs } = news;
      const fields = { logLevel: level, by, ...(forMs === null ? {} : { forSeconds: forMs / 1000 }) };
      return [{ level: 'info', message: 'log level changed', fields }];
    }
    case 'notified':
      return [{ level: 'debug', message: 'notification sent', fields: { target: news.target, rules: news.rules } }];
    case 'notification-failed': {
      const { target, why, attempts } = news;
      return [{ level: 'warn', message: 'notification failed', fields: { target, why, attempts } }];
    }
    case 'crashed':
      return [{ level: 'error', message: 'a bug ended the run', fields: { stack: news.stack } }];
    case 'stopped':
      return [{ level: 'info', message: 'stopped', fields: { clean: news.clean } }];
    default:
      return news satisfies never;
  }
}

function historyRecords({ why, aside }: Extract<WatchNews, { type: 'history' }>): readonly LogRecord[] {
  return [
    ...(aside === null ? [] : [{ level: 'warn', message: 'damaged history set aside', fields: { aside } } as const]),
    why === null
      ? { level: 'info', message: 'history can be written', fields: {} }
      : { level: 'warn', message: 'history cannot be written, memory serves', fields: { why } },
  ];
}

function costRecords({ perHour, log, listings }: Extract<WatchNews, { type: 'cost' }>['cost']): readonly LogRecord[] {
  const { poll, spread, run, full } = perHour;
  const lost: LogRecord = { level: 'warn', message: 'the log cannot be followed', fields: {} };
  return [
    ...(log.is === 'unavailable' ? [{ ...lost, fields: { why: log.why } }] : []),
    {
      level: 'info',
      message: 'requests predicted',
      fields: { perHour: Math.round(poll + spread + run + full), ...roundedHour(perHour), log: log.is, listings },
    },
  ];
}

function roundedHour(perHour: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(perHour).map(([part, count]) => [part, Math.round(count * 10) / 10]));
}

function roundRecords(round: Extract<WatchNews, { type: 'round-ended' }>['round']): readonly LogRecord[] {
  const { result, problem, view, outcomes, held, requests } = round;
  const isWell = result === 'done' || result === 'interrupted';
  return [
    ...round.diagnostics.map(({ code, summary, where }): LogRecord => ({
      level: 'error',
      message: 'diagnostic',
      fields: { code, summary, ...(where === undefined ? {} : { where }) },
    })),
    {
      level: isWell ? 'info' : 'error',
      message: 'run ended',
      fields: {
        cause: round.cause,
        result,
        ms: Math.round(round.ms),
        ...(problem === null ? {} : { problem }),
        ...(view === null ? {} : { differs: view.plan.changes.length }),
        changed: outcomes.filter(({ status }) => status === 'succeeded').length,
        held: held.length,
        ...requests,
      },
    },
  ];
}
