import { parseListen, type Listen } from '../daemon/listen.ts';
import type { Level } from '../daemon/log-level.ts';
import type { ProcessFigures } from '../daemon/metrics.ts';
import { parseSchedule, type Schedule } from '../daemon/schedule.ts';
import type { PauseStore } from '../model/pause.ts';
import type { WatchMode, WatchNewsSink } from '../model/watch-status.ts';
import type { RecordOptions } from './keep-records.ts';
import type { LeaseRequest } from './lead.ts';

export interface WatchRequest {
  readonly mode: WatchMode;
  /** A cron expression, five fields or six; `CRON_TZ=ZONE ` may stand in front. */
  readonly schedule: string;
  /** As `schedule`: when everything is read. */
  readonly fullSchedule: string;
  /** `HOST:PORT`. */
  readonly listen: string;
  /** Null: this is the only one. */
  readonly lease: LeaseRequest | null;
  /** Aborted: finish what is in flight, start nothing more. */
  readonly drain: AbortSignal;
  /** Aborted: give up what is in flight. */
  readonly abort: AbortSignal;
  /** Calls back whenever a person asks for a run (SIGHUP); returns how to stop that. */
  readonly onAsked: (ask: () => void) => () => void;
  readonly onNews: WatchNewsSink;
  /** Pauses that no document says; absent: gone with the Lease, or without one with the process. */
  readonly pauses?: PauseStore;
  readonly records: RecordOptions;
  readonly log: {
    readonly level: Level | 'silent';
    readonly setLevel: (level: Level | 'silent') => void;
    /** Calls back whenever a person asks for more or less of the log (SIGUSR1); returns how to stop that. */
    readonly onToggle: (toggle: () => void) => () => void;
  };
  /** Of this process. */
  readonly figures: () => ProcessFigures;
}

export type Watched =
  /** It ran, and was told to end; `clean`: nothing in flight was given up. */
  | { readonly type: 'ended'; readonly clean: boolean }
  | Unusable
  /** What is wrong with a file that an option names, one line each. */
  | { readonly type: 'invalid-file'; readonly problems: readonly string[] }
  | { readonly type: 'cannot-listen'; readonly why: string };

/** An option that says nothing sensible. */
export interface Unusable {
  readonly type: 'unusable';
  readonly option: string;
  readonly why: string;
}

/** What of a request is written as text, read. */
export interface ReadRequest {
  readonly schedule: Schedule;
  readonly fullSchedule: Schedule;
  readonly listen: Listen;
}

export function readRequest(request: WatchRequest): ReadRequest | Unusable {
  const schedule = parseSchedule(request.schedule);
  if ('wrong' in schedule) return { type: 'unusable', option: '--schedule', why: schedule.wrong };
  const fullSchedule = parseSchedule(request.fullSchedule);
  if ('wrong' in fullSchedule) return { type: 'unusable', option: '--full-schedule', why: fullSchedule.wrong };
  const listen = parseListen(request.listen);
  if ('wrong' in listen) return { type: 'unusable', option: '--listen', why: listen.wrong };
  return { schedule, fullSchedule, listen };
}
