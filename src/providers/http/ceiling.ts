/**
 * A second and a bit: what we send a second apart, the network and a busy server may take a little closer together.
 * The bit is what the rate that is reached stays below the one that is asked for.
 */
export const WINDOW_MS = 1025;

/** So many requests may start at once after a pause, half a second's at most; then they go evenly. */
const MOST_AT_ONCE = 10;
/** Timers wake late: so much of a delay is caught up, also where the rate allows no burst. */
const CATCH_UP_MS = 20;

/** The right to send one request. Occupied from when it is taken until a window after the request was sent. */
export interface Slot {
  /** The request is on the wire now. Said again where the network stack sends it again. */
  sent(now: number): void;
  /** The request is over; one that never was sent counts from here. */
  done(now: number): void;
}

/** Times are monotonic milliseconds. */
export interface Ceiling {
  /** When a slot can be taken: at once if not after `now`; Infinity while all wait for their connections. */
  freeAt(now: number): number;
  take(now: number): Slot;
}

/**
 * A sliding log, and an even pace below it: in no second are more than `rate` requests sent, bursts and slow
 * connections included. A slot counts from the sending, not from the start: requests that waited together for their
 * connections would else arrive together, on top of the next window's. Part of a request cannot be sent, so 2.5 a
 * second are two, and 0.5 are one in two seconds.
 */
export function openCeiling(rate: number): Ceiling {
  const most = Math.max(1, Math.floor(rate));
  const windowMs = WINDOW_MS * Math.max(1, 1 / rate);
  const interval = windowMs / most;
  const tolerance = Math.max(CATCH_UP_MS, interval * (Math.min(MOST_AT_ONCE, Math.ceil(most / 2)) - 1));
  /** When requests were sent, oldest first: they are noted as they happen. */
  const log: number[] = [];
  let unsent = 0;
  /** When the next request would start if all went evenly. */
  let due = -Infinity;

  return {
    freeAt(now) {
      while (log[0] !== undefined && log[0] + windowMs <= now) log.shift();
      const paced = due - tolerance;
      if (unsent + log.length < most) return paced;
      return Math.max(paced, (log[0] ?? Infinity) + windowMs);
    },
    take(now) {
      due = Math.max(due, now) + interval;
      unsent += 1;
      let isSent = false;
      const stamp = (at: number): void => {
        if (!isSent) unsent -= 1;
        isSent = true;
        log.push(at);
      };
      return {
        sent: stamp,
        done: (at) => {
          if (!isSent) stamp(at);
        },
      };
    },
  };
}
