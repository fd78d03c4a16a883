import type { Clock } from '../../model/ports.ts';

/** Slower by this factor on a refusal, at most once in {@link SLOWED_EVERY_MS}; faster again by this much a second. */
const SLOWER = 0.7;
const SLOWED_EVERY_MS = 1000;
const FASTER_PER_SECOND = 2;

/** One class of hosts (the management host, the deployment fleet) under the common ceiling: its holds and its pace. */
export interface Lane {
  /** The platform asked for silence: nothing starts for `ms`. */
  hold(ms: number): void;
  isHeld(): boolean;
  /** The platform refused for the rate: go slower, and find the way back up. */
  slowDown(): void;
  /** Waits for the hold to end and for the pace, first come first served. Rejects with the signal's reason. */
  pass(signal: AbortSignal): Promise<void>;
}

/** `ceiling`: requests a second that the lane may have at best. */
export function openLane(ceiling: number, clock: Clock): Lane {
  let heldUntil = -Infinity;
  let slowed: { readonly rate: number; readonly at: number } | null = null;
  let nextStart = -Infinity;
  let tail: Promise<unknown> = Promise.resolve();

  /** Requests a second right now; null: as fast as the ceiling allows. */
  function pace(now: number): number | null {
    if (slowed === null) return null;
    const rate = slowed.rate + (FASTER_PER_SECOND * (now - slowed.at)) / 1000;
    if (rate < ceiling) return rate;
    slowed = null;
    return null;
  }

  async function waitOut(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = clock.monotonic();
      const rate = pace(now);
      const from = Math.max(heldUntil, rate === null ? -Infinity : nextStart);
      if (from <= now) {
        if (rate !== null) nextStart = now + 1000 / rate;
        return;
      }
      await clock.sleep(from - now, signal);
    }
  }

  return {
    hold(ms) {
      heldUntil = Math.max(heldUntil, clock.monotonic() + ms);
    },
    isHeld: () => heldUntil > clock.monotonic(),
    slowDown() {
      const now = clock.monotonic();
      if (slowed !== null && now - slowed.at < SLOWED_EVERY_MS) return;
      slowed = { rate: Math.max(1, (pace(now) ?? ceiling) * SLOWER), at: now };
    },
    pass(signal) {
      const turn = tail.then(() => waitOut(signal));
      tail = turn.catch(() => null);
      return turn;
    },
  };
}
