/** Requests a second at a monotonic time in milliseconds. */
export type Pace = (now: number) => number;

/** Shares of the limit as it was met: where the pace starts again, and where it stays for a while. */
const LOW = 0.92;
const LEVEL = 0.95;
/** From the start to the level, and a little more from there to the limit that was met. Milliseconds. */
const CLIMB_MS = 14_000;
/** How flat the middle of the curve is, and how steep its end. Odd. */
const POWER = 5;
/** The least that is left of the pace after one refusal: the first may be far off, later ones correct what is known. */
const LEFT_AT_FIRST = 0.5;
const LEFT_LATER = 0.85;
/** Slower than this would be standing still. */
const SLOWEST = 0.1;

/**
 * The pace after a refusal, on a curve like that of TCP CUBIC (RFC 9438): down at once to below the limit that was met,
 * level for a while just under it, then up faster and faster. A limit that stays is met again after half a minute,
 * which costs little; one that is gone, or never was, is left behind in three quarters of a minute. The limit is what
 * was accepted in the second before the refused request; at most the pace that was refused.
 */
export function paceAfter({
  was,
  isFirst,
  accepted,
  from,
}: {
  readonly was: number;
  readonly isFirst: boolean;
  readonly accepted: number;
  readonly from: number;
}): Pace {
  const least = was * (isFirst ? LEFT_AT_FIRST : LEFT_LATER);
  const limit = Math.max(SLOWEST, Math.min(was, Math.max(least, accepted)));
  return (now) => limit * (LEVEL + (LEVEL - LOW) * ((Math.max(0, now - from) - CLIMB_MS) / CLIMB_MS) ** POWER);
}
