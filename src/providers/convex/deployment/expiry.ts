import { isCalendarDate } from '../../../model/instant.ts';

/** RFC 3339 with a time zone: a date alone or a local time would mean another instant on another machine. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** The last instant of year 9999: what RFC 3339 can still write. */
const LATEST_MS = 253_402_300_799_999;

/**
 * An expiry as the document writes it → RFC 3339 UTC; null stays null ("never"). What is no instant stays as it is
 * written: {@link isExpiry} tells, and the kind's check reports it.
 */
export function readExpiry(written: string | number | null): string | null {
  if (written === null) return null;
  const ms = typeof written === 'number' ? written : parse(written);
  return isInstant(ms) ? instantText(ms) : String(written);
}

/** Whether a spec's expiry is an instant. */
export function isExpiry(text: string): boolean {
  return isInstant(parse(text));
}

/** Milliseconds since epoch, as the API says it → RFC 3339 UTC, to the second where nothing finer is meant. */
export function instantText(ms: number): string;
export function instantText(ms: number | null): string | null;
export function instantText(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** The way back; undefined stays undefined. */
export function instantMs(text: string | null | undefined): number | null | undefined {
  return typeof text === 'string' ? Date.parse(text) : text;
}

/** NaN for what is no RFC 3339 date and time with a zone. */
function parse(written: string): number {
  if (!RFC3339.test(written) || !isCalendarDate(written)) return Number.NaN;
  return Date.parse(written.replace(' ', 'T').toUpperCase());
}

function isInstant(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= LATEST_MS;
}
