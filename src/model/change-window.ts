import type { Within } from './nearest.ts';
import type { Place } from './place.ts';

/** A time in which changes may be made: it opens when the schedule says, and is open for so long. */
export interface ChangeWindow {
  /** Cron: five fields, or six with seconds in front. */
  readonly schedule: string;
  readonly durationMs: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly where: Place;
}

/** One `policy.windows` as written. None in it: always open. */
export interface WindowScope extends Within {
  readonly windows: readonly ChangeWindow[];
  readonly where: Place;
}

/** What a {@link WindowScope} comes to at a time. */
export interface WindowStanding extends Within {
  readonly open: boolean;
  /** Milliseconds since epoch; null while it is open, and where it never opens again. */
  readonly opensAt: number | null;
  readonly where: Place;
}
