import { styleText } from 'node:util';
import { pino, type Logger } from 'pino';
import type { EventSink, RunEvent } from '../model/event.ts';
import type { Output } from './io.ts';
import type { LogLevel } from './options.ts';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  readonly color: boolean;
  readonly scrub: (text: string) => string;
  /** Milliseconds since epoch. */
  readonly now: () => number;
}

/** Lines of a log, written at once, so that no exit loses one. */
export function loggerOn(stream: Output, options: LogOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(options.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      hooks: { streamWrite: options.scrub },
    },
    { write: (line) => void stream.write(options.format === 'json' ? line : plainLine(line, options.color)) },
  );
}

/** A sink that logs run events: requests at debug, the rest at info. */
export function logSink(stream: Output, options: LogOptions): EventSink {
  const logger = loggerOn(stream, options);
  return (event) => {
    const { level, message, fields } = recordOf(event);
    logger[level](fields, message);
  };
}

/** One line of a log: the message is constant, what varies is in the fields. */
export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function recordOf(event: RunEvent): LogRecord {
  switch (event.type) {
    case 'request': {
      const { type, ...fields } = event;
      return { level: 'debug', message: type, fields };
    }
    case 'observing':
      return { level: 'info', message: 'observing', fields: { purpose: event.purpose } };
    case 'listed':
      return { level: 'info', message: 'listed', fields: { kind: event.kind, members: event.members } };
    case 'planned':
      return {
        level: 'info',
        message: 'planned',
        fields: {
          ...event.plan.summary,
          refusals: event.plan.refusals.length,
          unreadable: event.plan.unreadable.length,
        },
      };
    case 'change-started':
      return { level: 'info', message: 'change started', fields: { addresses: event.addresses } };
    case 'change-waiting':
      return { level: 'info', message: 'change waiting', fields: { address: event.address, because: event.because } };
    case 'change-finished':
      return {
        level: event.outcome.status === 'failed' || event.outcome.status === 'uncertain' ? 'warn' : 'info',
        message: 'change finished',
        fields: { ...event.outcome },
      };
    case 'draining':
      return { level: 'warn', message: 'draining', fields: { signal: event.signal } };
    default:
      return event satisfies never;
  }
}

/** `12:00:00.000 INFO listed kind=project members=3`. */
function plainLine(line: string, color: boolean): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const name = String(level).toUpperCase().padEnd(5);
  const painted = color
    ? styleText(level === 'warn' || level === 'error' ? 'yellow' : 'dim', name, { validateStream: false })
    : name;
  const pairs = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${[String(time).slice(11, 23), painted, String(msg), ...pairs].join(' ')}\n`;
}
