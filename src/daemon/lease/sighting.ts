import type { LeaseRecord } from './lease-record.ts';

/**
 * A Lease as we last saw it, and since when it has been so. Its own times are of another machine's clock and are compared
 * with nothing: what has not changed for its term, measured here, is held by nobody any more.
 */
export interface Sighting {
  readonly record: LeaseRecord;
  /** When it was first seen like this: after the reply, on a clock that never steps back. */
  readonly since: number;
}

export function sighted(before: Sighting | null, record: LeaseRecord, now: number): Sighting {
  return before?.record.version === record.version ? before : { record, since: now };
}

/** How long `identity` has to wait before it may take it, milliseconds; 0: not at all. */
export function waitFor({ record, since }: Sighting, identity: string, now: number): number {
  if (record.holder === null || record.holder === identity) return 0;
  return Math.max(0, since + record.termMs - now);
}
