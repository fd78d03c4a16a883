import type { Clock } from '../../model/ports.ts';

/** A second and a bit: what we send evenly, the network may deliver a little closer together. */
export const WINDOW_MS = 1030;

/** The right to send one request. Occupied from when it is given until a window after the request was sent. */
export interface Slot {
  /** The request is on the wire now. */
  sent(): void;
  /** The request is over; one that never was sent counts from here. */
  done(): void;
  /** Nothing was tried with it: free at once. */
  giveBack(): void;
}

export interface Ceiling {
  /** Waits for a free slot, first come first served. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Slot>;
}

/**
 * A sliding log: in no second are more than `rate` requests sent, bursts and slow connections included. A slot counts
 * from the sending, not from the start: requests that waited together for their connections would else arrive
 * together, on top of the next window's.
 */
export function openCeiling(rate: number, clock: Clock): Ceiling {
  const taken = new Set<{ sentAt: number | null }>();
  let tail: Promise<unknown> = Promise.resolve();
  let wake = Promise.withResolvers<void>();

  function open(): Slot {
    const slot: { sentAt: number | null } = { sentAt: null };
    taken.add(slot);
    const stamp = (): void => {
      slot.sentAt = clock.monotonic();
      wake.resolve();
    };
    return {
      sent: stamp,
      done: () => {
        if (slot.sentAt === null) stamp();
      },
      giveBack: () => {
        taken.delete(slot);
        wake.resolve();
      },
    };
  }

  async function firstFree(signal: AbortSignal): Promise<Slot> {
    for (;;) {
      signal.throwIfAborted();
      const now = clock.monotonic();
      let next = Infinity;
      for (const slot of taken) {
        if (slot.sentAt === null) continue;
        if (slot.sentAt + WINDOW_MS <= now) taken.delete(slot);
        else next = Math.min(next, slot.sentAt + WINDOW_MS);
      }
      if (taken.size < rate) return open();
      if (next < Infinity) await clock.sleep(next - now, signal);
      else {
        // All are waiting for their connections: the first that is sent says when to look again.
        wake = Promise.withResolvers();
        await orAborted(wake.promise, signal);
      }
    }
  }

  return {
    take(signal) {
      const turn = tail.then(() => firstFree(signal));
      tail = turn.catch(() => null);
      return turn;
    },
  };
}

async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
