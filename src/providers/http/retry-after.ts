/** No platform means longer; an absurd number is not obeyed for ever. */
export const LONGEST_HOLD_MS = 5 * 60_000;

/**
 * `Retry-After` (RFC 9110 §10.2.3: seconds or an HTTP date) → milliseconds from `now`, at most five minutes; null
 * where it is absent or says nothing we understand.
 */
export function retryAfterMs(header: string | readonly string[] | undefined, now: number): number | null {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (text === undefined || text === '') return null;
  const ms = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : dateMs(text) - now;
  return Number.isNaN(ms) ? null : Math.min(LONGEST_HOLD_MS, Math.max(0, ms));
}

/** All HTTP dates begin with the name of a day; `Date.parse` alone would take almost anything. */
function dateMs(text: string): number {
  return /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
}
