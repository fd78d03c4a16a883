import type { EventSink } from '../model/event.ts';
import type { WatchNews, WatchNewsSink } from '../model/watch-status.ts';
import type { Output } from './io.ts';
import { loggerOn, recordOf, type LogOptions, type LogRecord } from './log.ts';

/** The daemon's log: what happens in a run carries the run's number. */
export interface WatchLog {
  readonly onEvent: EventSink;
  readonly onNews: WatchNewsSink;
}

/** These are said by every run of every day, and `round ended` says what they came to. */
const ROUTINE: ReadonlySet<string> = new Set(['observing', 'listed', 'planned']);

const ROLE_SAID = { leader: 'leading', follower: 'following' } as const;

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
    case 'role-changed': {
      const { lease, identity, role, holder } = news.standing;
      return [{ level: 'info', message: ROLE_SAID[role], fields: { lease, identity, holder } }];
    }
    case 'lease-problem': {
      const { lease, why } = news;
      if (why === null) return [{ level: 'info', message: 'lease reached again', fields: { lease } }];
      return [{ level: 'warn', message: 'lease not reached', fields: { lease, why } }];
    }
    case 'files-unwatched':
      return [{ level: 'warn', message: 'files cannot be watched', fields: { why: news.why } }];
    case 'crashed':
      return [{ level: 'error', message: 'a bug ended the run', fields: { stack: news.stack } }];
    case 'stopped':
      return [{ level: 'info', message: 'stopped', fields: { clean: news.clean } }];
    default:
      return news satisfies never;
  }
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
