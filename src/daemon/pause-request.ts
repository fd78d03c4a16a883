import { durationMs } from '../model/duration.ts';
import { instantOf, instantText } from '../model/instant.ts';
import { isActive, LONGEST_PAUSE_MS, type Pause } from '../model/pause.ts';

/** Or what is wrong with what was asked: one sentence. */
export type Read<T> = T | { readonly wrong: string };

/** Longest texts: they stand in every plan. */
const LONGEST = { address: 1000, owner: 200, reason: 1000 } as const;

const KEYS: ReadonlySet<string> = new Set(['address', 'owner', 'reason', 'expires', 'duration']);

/**
 * A pause as it is asked for over HTTP: what the document says of one, or `duration` in place of `expires`. `whyNot`
 * says why an address can never match anything, or null.
 */
export function readPauseRequest(body: unknown, now: number, whyNot: (address: string) => string | null): Read<Pause> {
  const asked = objectOf(body);
  if (asked === null) return { wrong: 'expected an object: { "address", "owner", "reason", "expires" or "duration" }' };
  const stranger = Object.keys(asked).find((key) => !KEYS.has(key));
  if (stranger !== undefined) return { wrong: `unknown key ${JSON.stringify(stranger)}` };
  for (const key of ['address', 'owner', 'reason'] as const) {
    const value = asked[key];
    if (typeof value !== 'string' || value.trim() === '') return { wrong: `${key} must be a text that is not empty` };
    if (value.length > LONGEST[key]) return { wrong: `${key} is longer than ${LONGEST[key]} characters` };
  }
  const { address, owner, reason } = asked as { address: string; owner: string; reason: string };
  const unmatchable = whyNot(address);
  if (unmatchable !== null) return { wrong: `the address matches nothing that can exist: ${unmatchable}` };
  const expires = expiryOf(asked, now);
  if (typeof expires !== 'number') return expires;
  if (!isActive({ expires }, now)) return { wrong: `it would have expired at ${instantText(expires)}` };
  if (expires > now + LONGEST_PAUSE_MS)
    return { wrong: `it would last until ${instantText(expires)}, and 30 days from now are the most` };
  return { address, owner, reason, expires, where: null };
}

/** Which pause is to be lifted. */
export function readLiftRequest(body: unknown): Read<string> {
  const address = objectOf(body)?.['address'];
  return typeof address === 'string' && address !== '' ? address : { wrong: 'expected an object: { "address" }' };
}

function expiryOf(asked: Readonly<Record<string, unknown>>, now: number): Read<number> {
  const { expires, duration } = asked;
  if ((expires === undefined) === (duration === undefined))
    return { wrong: 'exactly one of expires and duration is needed' };
  if (expires !== undefined) {
    const at = typeof expires === 'string' ? instantOf(expires) : Number.NaN;
    return Number.isNaN(at) ? { wrong: 'expires must be a date, or a date and time with a zone' } : at;
  }
  const ms = typeof duration === 'string' ? durationMs(duration) : null;
  if (ms === null || ms > LONGEST_PAUSE_MS) return { wrong: 'duration must be like 30m, 2h or 7d, 30 days at most' };
  return now + ms;
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> | null {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Readonly<Record<string, unknown>>)
    : null;
}
