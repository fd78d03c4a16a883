import PQueue from 'p-queue';
import type { Clock } from '../../model/ports.ts';
import { openCeiling } from './ceiling.ts';
import { openLane, type Lane } from './lane.ts';

/** Holds and pace are kept per class of hosts: a hold of the one does not stop the other (law G). */
export type HostClass = 'management' | 'deployment';

export interface Limiter {
  /**
   * Runs one attempt when the class, the ceiling and the concurrency allow it. The attempt calls `sent` when its
   * request goes onto the wire. Rejects with the signal's reason.
   */
  run<T>(on: HostClass, signal: AbortSignal, attempt: (sent: () => void) => Promise<T>): Promise<T>;
  /** `Retry-After`: nothing of the class starts for `ms`. */
  hold(on: HostClass, ms: number): void;
  /** The platform refused for the rate (429). */
  slowDown(on: HostClass): void;
  /** Milliseconds that attempts waited for the ceiling, holds and pace, summed. */
  waitedMs(): number;
}

export interface LimiterOptions {
  /** Requests in any sliding second, over all classes. */
  readonly rate: number;
  /** Requests at one time, over all classes. */
  readonly concurrency: number;
  readonly clock: Clock;
}

/** One limiter per credential. */
export function openLimiter({ rate, concurrency, clock }: LimiterOptions): Limiter {
  const ceiling = openCeiling(rate, clock);
  const running = new PQueue({ concurrency });
  const classes: Readonly<Record<HostClass, { readonly lane: Lane; readonly queue: PQueue }>> = {
    management: { lane: openLane(rate, clock), queue: new PQueue({ concurrency }) },
    deployment: { lane: openLane(rate, clock), queue: new PQueue({ concurrency }) },
  };
  let waited = 0;

  async function timed<T>(wait: Promise<T>): Promise<T> {
    const from = clock.monotonic();
    try {
      return await wait;
    } finally {
      waited += clock.monotonic() - from;
    }
  }

  return {
    run(on, signal, attempt) {
      const { lane, queue } = classes[on];
      // The class's own queue waits out holds, so that they take no place among the running ones.
      return queue.add(
        async () => {
          for (;;) {
            await timed(lane.pass(signal));
            const result = await running.add(
              async () => {
                const slot = await timed(ceiling.take(signal));
                // A hold that came while this waited for its slot.
                if (lane.isHeld()) {
                  slot.giveBack();
                  return null;
                }
                try {
                  return { value: await attempt(() => slot.sent()) };
                } finally {
                  slot.done();
                }
              },
              { signal },
            );
            if (result !== null) return result.value;
          }
        },
        { signal },
      );
    },
    hold: (on, ms) => classes[on].lane.hold(ms),
    slowDown: (on) => classes[on].lane.slowDown(),
    waitedMs: () => waited,
  };
}
