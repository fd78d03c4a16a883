import type { Schedule } from '../daemon/schedule.ts';

const HOUR_MS = 3_600_000;
/** So many runs are looked ahead for how often they come. */
const AHEAD = 12;

/** Runs per hour, as the next ones come: a schedule may rest at night. */
export function pacePerHour(schedule: Schedule, now: number): number {
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

/**
 * The milliseconds between two runs, now. Where the next one is further away than the one after it from that, the
 * schedule rests, and the rest is the interval: what is read between runs rests with them. Null: no run comes any more.
 */
export function intervalAt(schedule: Schedule, now: number, tickAt: number): number | null {
  const next = schedule.next(now);
  if (next === null) return null;
  const gap = (schedule.next(next) ?? next) - next;
  return next - now <= gap ? gap : next - tickAt;
}
