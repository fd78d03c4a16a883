import type { Schedule } from '../daemon/schedule.ts';
import type { Clock } from '../model/ports.ts';

/** How often scheduled runs come. Asking a schedule is slow, so it is asked seldom. */
export interface Pace {
  /** A scheduled run has come. */
  ticked(): void;
  /**
   * The milliseconds between two runs, now. Where the next one is further away than the one after it from that, the
   * schedule rests, and the rest is the interval: what is read between runs rests with them. Null: no run comes any more.
   */
  intervalMs(): number | null;
  /** As the next ones come. */
  runsPerHour(): number;
  /** A full reading is due since `ms` (milliseconds since epoch). */
  isFullDue(ms: number): boolean;
  fullsPerHour(): number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** So many runs are looked ahead for how often they come. */
const AHEAD = 12;

export function openPace(clock: Clock, schedule: Schedule, fullSchedule: Schedule): Pace {
  let tickAt = clock.now();
  const rate = (of: Schedule): (() => number) => seldom(clock, HOUR_MS, () => perHour(of, clock.now()));
  return {
    ticked: () => (tickAt = clock.now()),
    intervalMs: seldom(clock, MINUTE_MS, () => {
      const now = clock.now();
      const next = schedule.next(now);
      if (next === null) return null;
      const gap = (schedule.next(next) ?? next) - next;
      return next - now <= gap ? gap : next - tickAt;
    }),
    runsPerHour: rate(schedule),
    isFullDue(ms) {
      const due = fullSchedule.next(ms);
      return due !== null && due <= clock.now();
    },
    fullsPerHour: rate(fullSchedule),
  };
}

function perHour(schedule: Schedule, now: number): number {
  const first = schedule.next(now);
  let last = first;
  let gaps = 0;
  for (; gaps < AHEAD && last !== null; gaps++) {
    const next = schedule.next(last);
    if (next === null) break;
    last = next;
  }
  return first === null || last === null || gaps === 0 ? 0 : HOUR_MS / ((last - first) / gaps);
}

/** The answer, for so long. */
function seldom<T>(clock: Clock, ms: number, ask: () => T): () => T {
  let known: { readonly is: T; readonly since: number } | null = null;
  return () => {
    if (known === null || clock.monotonic() - known.since >= ms) known = { is: ask(), since: clock.monotonic() };
    return known.is;
  };
}
