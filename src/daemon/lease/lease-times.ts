/** How a lease of a given length is kept. Milliseconds. */
export interface LeaseTimes {
  /** What the Lease says, in whole seconds: so long after a renewal that they saw do others wait. */
  readonly termMs: number;
  /** Between renewals while they succeed. */
  readonly renewMs: number;
  /** Between looks of a follower, and between tries of a renewal that fails. */
  readonly retryMs: number;
  /** For one request to the cluster. */
  readonly requestMs: number;
  /** What is on its way when the term ends has ended by so much before: clocks that run apart, a machine that is slow. */
  readonly marginMs: number;
  /** So long after a renewal was sent a write may begin: it then ends, at its time limit, before term and margin do. */
  readonly writeMs: number;
}

/** A lease that is shorter is shorter than what a busy machine may hesitate. */
const SHORTEST_MS = 3_000;
const LONGEST_MS = 3_600_000;

/**
 * Divides `durationMs`, within which a leader that has died is replaced, into what the Lease says and what others need to
 * notice. `timeoutMs` is that of a write. The second form where no write could ever begin, or renewals would be too close.
 */
export function leaseTimes(durationMs: number, timeoutMs: number): LeaseTimes | { readonly wrong: string } {
  if (durationMs < SHORTEST_MS || durationMs > LONGEST_MS)
    return { wrong: `expected a duration from ${inSeconds(SHORTEST_MS)} to ${inSeconds(LONGEST_MS)}` };
  const times = divide(durationMs, timeoutMs);
  if (isEnough(times)) return times;
  const least = shortestFor(timeoutMs);
  const longer = least === null ? '' : `a lease of at least ${inSeconds(least)}, or `;
  return {
    wrong: `a write may take ${inSeconds(timeoutMs)} (--timeout) and has to end before the lease does: expected ${longer}a shorter --timeout`,
  };
}

function divide(durationMs: number, timeoutMs: number): LeaseTimes {
  const retryMs = Math.ceil(Math.min(2_000, durationMs / 30));
  // A renewal is seen one look late at most, and what follows the last look takes a moment.
  const termMs = Math.floor((durationMs - 2 * retryMs) / 1000) * 1000;
  const marginMs = Math.ceil(Math.max(500, durationMs / 12));
  const writeMs = termMs - timeoutMs - marginMs;
  const renewMs = Math.min(10_000, writeMs / 3);
  return { termMs, renewMs, retryMs, marginMs, writeMs, requestMs: Math.min(5_000, Math.max(500, writeMs / 2)) };
}

/** A renewal may fail, and be tried again, before writes stop. */
function isEnough({ writeMs, termMs }: LeaseTimes): boolean {
  return writeMs >= 1_000 && writeMs >= termMs / 4;
}

function shortestFor(timeoutMs: number): number | null {
  for (let ms = SHORTEST_MS; ms <= LONGEST_MS; ms += 1000) if (isEnough(divide(ms, timeoutMs))) return ms;
  return null;
}

function inSeconds(ms: number): string {
  return `${ms / 1000}s`;
}
