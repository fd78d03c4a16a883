/** RFC 3339 with a time zone: a date alone or a local time would mean another instant on another machine. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** The last instant of year 9999: what RFC 3339 can still write. */
const LATEST_MS = 253_402_300_799_999;

/**
 * An expiry as the document writes it → milliseconds since epoch; null stays null ("never"). NaN for what is no
 * instant: the kind's check reports it.
 */
export function readExpiry(written: string | number | null): number | null {
  if (written === null) return null;
  if (typeof written === 'number') return isInstant(written) ? written : Number.NaN;
  if (!RFC3339.test(written) || !isCalendarDate(written)) return Number.NaN;
  const ms = Date.parse(written.replace(' ', 'T').toUpperCase());
  return isInstant(ms) ? ms : Number.NaN;
}

function isInstant(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= LATEST_MS;
}

/** `Date.parse` rolls 2026-02-30 over into March. */
function isCalendarDate(written: string): boolean {
  const day = written.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
