import { paceAfter, type Pace } from './pace.ts';

/** A refusal for the rate that names no time is met as if it had named this: limits are per second. */
const UNNAMED_HOLD_MS = 1000;
/** What was sent so long ago says nothing about a limit per second. */
const SECOND_MS = 1000;
/** How long a lane remembers what it sent: replies come late. */
const MEMORY_MS = 5 * SECOND_MS;
/** Timers wake late: so much of a delay is caught up. */
const CATCH_UP_MS = 10;

/**
 * One class of hosts (the management host, the deployment fleet) under the common ceiling: its holds, and the pace that
 * it learned from refusals. Times are monotonic milliseconds.
 */
export interface Lane {
  /** When the next request may start, holds and pace considered: at once if not after `now`. */
  freeAt(now: number): number;
  started(now: number): void;
  /** A request went onto the wire; what is returned is for {@link refused}. */
  sent(now: number): Sending;
  /** The platform asked for silence: nothing starts for `ms`. */
  hold(ms: number, now: number): void;
  /** The platform refused a request for the rate: hold, go slower, and find the way back up. */
  refused(sending: Sending, retryAfterMs: number | null, now: number): void;
}

export interface Sending {
  readonly at: number;
  isRefused: boolean;
}

/** `ceiling`: requests a second that the lane may have at best. */
export function openLane(ceiling: number): Lane {
  let heldUntil = -Infinity;
  let pace: Pace | null = null;
  /** The last slowing down: when, the pace before it, and when the last of the refused requests was sent. */
  let slowedAt = -Infinity;
  let met = { was: ceiling, isLearned: false, at: -Infinity };
  let due = -Infinity;
  let sendings: Sending[] = [];

  /** Requests a second right now; null: as fast as the ceiling allows. */
  function rateAt(now: number): number | null {
    const rate = pace?.(now) ?? null;
    if (rate !== null && rate < ceiling) return rate;
    pace = null;
    return null;
  }

  /** Requests of the second before `at` that were not refused, as far as replies have come. */
  function acceptedBefore(at: number): number {
    return sendings.filter((one) => !one.isRefused && one.at > at - SECOND_MS && one.at <= at).length;
  }

  function hold(ms: number, now: number): void {
    heldUntil = Math.max(heldUntil, now + ms);
  }

  return {
    freeAt: (now) => Math.max(heldUntil, rateAt(now) === null ? -Infinity : due),
    started(now) {
      const rate = rateAt(now);
      if (rate !== null) due = Math.max(due, now - CATCH_UP_MS) + 1000 / rate;
    },
    sent(now) {
      const sending = { at: now, isRefused: false };
      if ((sendings[0]?.at ?? now) < now - 2 * MEMORY_MS) sendings = sendings.filter(({ at }) => at >= now - MEMORY_MS);
      sendings.push(sending);
      return sending;
    },
    hold,
    refused(sending, retryAfterMs, now) {
      sending.isRefused = true;
      hold(retryAfterMs ?? UNNAMED_HOLD_MS, now);
      if (sending.at > slowedAt) {
        const was = rateAt(now);
        met = { was: was ?? ceiling, isLearned: was !== null, at: sending.at };
        slowedAt = now;
      } else if (pace === null || now > slowedAt + MEMORY_MS) return;
      // What was on the wire already says nothing about the new pace, but more about the limit.
      met = { ...met, at: Math.max(met.at, sending.at) };
      pace = paceAfter({ ...met, accepted: acceptedBefore(met.at), from: heldUntil });
      due = heldUntil;
    },
  };
}
