/** Requests a second at a monotonic time in milliseconds. */
export type Pace = (now: number) => number;

/**
 * Shares of the limit as it was met: where the pace starts again, and where it stays for a while. So far below, because
 * a platform that stands still for 50 ms sees that much more in the next second.
 */
const LOW = 0.92;
const LEVEL = 0.95;
/** From the start to the level, and a little more from there to the limit that was met. Milliseconds. */
const CLIMB_MS = 14_000;
/** How flat the middle of the curve is, and how steep its end. Odd. */
const POWER = 7;
/** The least that is left of the pace after one refusal: the first may be far off, later ones correct what is known. */
const LEFT_AT_FIRST = 0.5;
const LEFT_LATER = 0.85;
/** With so much of a known pace accepted, a refusal is chance, and the limit is near: the pace gives in a little only. */
const BY_CHANCE = 0.7;
const A_LITTLE = 1.04;
/** Slower than this would be standing still. */
const SLOWEST = 0.1;

/** What is known when a request was refused. */
export interface Refused {
  /** The pace, and whether it had been learned from a refusal. */
  readonly was: number;
  readonly isLearned: boolean;
  /** Requests accepted in the second before. */
  readonly accepted: number;
  /** When requests go on: the end of the hold. */
  readonly from: number;
}

/**
 * The pace after a refusal, on a curve like that of TCP CUBIC (RFC 9438): down at once to below the limit that was met,
 * level for a while just under it, then up faster and faster. A limit that stays is met again after half a minute,
 * which costs little; one that is gone, or never was, is left behind in less than a minute.
 */
export function paceAfter({ was, isLearned, accepted, from }: Refused): Pace {
  const limit = Math.max(SLOWEST, isLearned ? corrected(was, accepted) : first(was, accepted));
  return (now) => limit * (LEVEL + (LEVEL - LOW) * ((Math.max(0, now - from) - CLIMB_MS) / CLIMB_MS) ** POWER);
}

function first(was: number, accepted: number): number {
  return Math.min(was, Math.max(was * LEFT_AT_FIRST, accepted));
}

function corrected(was: number, accepted: number): number {
  return accepted >= was * BY_CHANCE ? was * A_LITTLE : Math.max(was * LEFT_LATER, accepted);
}
