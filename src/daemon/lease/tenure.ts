import type { Clock } from '../../model/ports.ts';
import type { LeaseTimes } from './lease-times.ts';

/** A point in time on both clocks of this machine. */
export interface Moment {
  readonly monotonic: number;
  readonly now: number;
}

/** How long what was last renewed still holds, as the holder counts it: from before the renewal was sent. */
export interface Tenure {
  readonly moment: () => Moment;
  readonly begin: (from: Moment) => void;
  readonly end: () => void;
  /** For so long a write may begin, milliseconds; 0 or less: no more. */
  readonly writableMs: () => number;
  readonly remainingMs: () => number;
}

export function openTenure(clock: Clock, times: LeaseTimes): Tenure {
  let from: Moment | null = null;
  /** The longer of both: a machine that slept may not have counted that, and a wall clock may be set back. */
  const left = (of: number): number =>
    from === null ? 0 : of - Math.max(clock.monotonic() - from.monotonic, clock.now() - from.now);
  return {
    moment: () => ({ monotonic: clock.monotonic(), now: clock.now() }),
    begin(moment) {
      from = moment;
    },
    end() {
      from = null;
    },
    writableMs: () => left(times.writeMs),
    remainingMs: () => left(times.termMs),
  };
}
