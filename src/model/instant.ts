/** A date, or a date and time with its zone: without a zone it would be another instant on another machine. */
const FORM = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds since epoch; a date alone is its beginning in UTC. NaN for what is no instant. */
export function instantOf(written: string): number {
  if (!FORM.test(written) || !isCalendarDate(written)) return Number.NaN;
  return Date.parse(written.replace(' ', 'T').toUpperCase());
}

/** Whether the text begins with a day that exists: `Date.parse` rolls 2026-02-30 over into March. */
export function isCalendarDate(written: string): boolean {
  const day = written.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** RFC 3339 UTC, to the second where nothing finer is meant. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
