/** Time, injected: nothing but the composition root reads the machine's clock. */
export interface Clock {
  /** Milliseconds since epoch. */
  now(): number;
  /** Milliseconds on a clock that never steps back, for durations and pacing. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1), for jitter. */
export type Chance = () => number;

/** Asked immediately before each write goes out: null where it may, else why not, for people. */
export type MayWrite = () => string | null;
