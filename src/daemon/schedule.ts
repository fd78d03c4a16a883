import { CronTime } from 'cron';
import type { Chance, Clock } from '../model/ports.ts';

/** When scheduled runs are due. */
export interface Schedule {
  /** Five fields, or six with seconds in front. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
  /** The first time after `ms` (milliseconds since epoch); null: never again. */
  readonly next: (ms: number) => number | null;
}

/** Where the schedule names no time zone: what does not move twice a year. */
const USUAL_ZONE = 'UTC';

/** Five fields (`0 8 * * *`), or with a zone in front as Kubernetes and others write it: `CRON_TZ=Europe/Berlin 0 8 * * *`. */
export function parseSchedule(text: string): Schedule | { readonly wrong: string } {
  const [, zone, expression = ''] = /^\s*(?:(?:CRON_)?TZ=(\S+)\s+)?(.*?)\s*$/s.exec(text) ?? [];
  const timeZone = zone ?? USUAL_ZONE;
  try {
    const time = new CronTime(expression, timeZone);
    const next = (ms: number): number | null => {
      try {
        return time.getNextDateFrom(new Date(ms), timeZone).toMillis();
      } catch {
        return null;
      }
    };
    if (next(0) === null) return { wrong: 'it names no time that ever comes' };
    return { expression, timeZone, next };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

/** So that many daemons with one schedule do not start in the same moment: up to this share of the time between two runs. */
const JITTER_SHARE = 0.1;
const MOST_JITTER_MS = 10_000;
/** Sleeps are cut, so that a clock that was set or a machine that slept is noticed. */
const LONGEST_SLEEP_MS = 60_000;

/** Calls `onTick` at the times of the schedule, each a little late, until aborted. Ticks that nobody could hear are not made up for. */
export async function runSchedule(
  schedule: Schedule,
  options: {
    readonly clock: Clock;
    readonly chance: Chance;
    readonly signal: AbortSignal;
    readonly onTick: () => void;
  },
): Promise<void> {
  const { clock, chance, signal } = options;
  try {
    for (let from = clock.now(); !signal.aborted;) {
      const due = schedule.next(from);
      if (due === null) return;
      const after = schedule.next(due);
      const jitter = after === null ? 0 : Math.min(MOST_JITTER_MS, (after - due) * JITTER_SHARE) * chance();
      for (let left = due + jitter - clock.now(); left > 0; left = due + jitter - clock.now())
        await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal);
      options.onTick();
      from = Math.max(due, clock.now());
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
