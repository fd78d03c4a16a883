import type { Clock } from '../../model/ports.ts';
import { openCeiling, type Slot } from './ceiling.ts';
import { openLane, type Sending } from './lane.ts';

/** Holds and pace are kept per class of hosts: a hold of the one does not stop the other (law G). */
export type HostClass = 'management' | 'deployment';

/** What an attempt tells the limiter. */
export interface Turn {
  /** Its request goes onto the wire now. */
  sent(): void;
  /** The platform refused it for the rate (429), and named a time to wait or none. */
  refused(retryAfterMs: number | null): void;
}

export interface Limiter {
  /**
   * Runs one attempt when the class, the ceiling and the concurrency allow it; attempts of a class begin in the order
   * in which they came. Rejects with the signal's reason if it is aborted before its turn.
   */
  run<T>(on: HostClass, signal: AbortSignal, attempt: (turn: Turn) => Promise<T>): Promise<T>;
  /** `Retry-After`: nothing of the class starts for `ms`. */
  hold(on: HostClass, ms: number): void;
  /** Milliseconds in which something could have been sent, had it not been for ceiling, holds and pace. */
  waitedMs(): number;
}

export interface LimiterOptions {
  /** Requests in any sliding second, over all classes. */
  readonly rate: number;
  /** Requests at one time, over all classes. */
  readonly concurrency: number;
  readonly clock: Clock;
}

interface Waiting {
  /** By which the first come is found among the classes. */
  readonly came: number;
  readonly begin: (now: number) => void;
}

/** One limiter per credential. All that holds a request back is judged in one place, at the moment it would start. */
export function openLimiter({ rate, concurrency, clock }: LimiterOptions): Limiter {
  const ceiling = openCeiling(rate);
  const classes = { management: open(), deployment: open() } satisfies Record<HostClass, unknown>;
  let came = 0;
  let running = 0;
  let alarm: { readonly at: number; readonly off: AbortController } | null = null;
  let limitedFrom: number | null = null;
  let waited = 0;

  function open() {
    return { lane: openLane(rate), queue: new Set<Waiting>() };
  }

  /** Begins all that may begin, and sees to it that it is called again when more may. */
  function pump(): void {
    const now = clock.monotonic();
    for (let next = firstReady(now); next !== null; next = firstReady(now)) next.begin(now);
    const at = running < concurrency ? nextAt(now) : null;
    note(now, at !== null);
    // Infinity: all slots wait for their connections, and the first that is sent calls again.
    if (at === null || at === Infinity) ring(null, now);
    else ring(at, now);
  }

  /** The first come of those whose class may send; null: none may begin. */
  function firstReady(now: number): Waiting | null {
    if (running >= concurrency || ceiling.freeAt(now) > now) return null;
    let first: Waiting | null = null;
    for (const { lane, queue } of Object.values(classes)) {
      const [head] = queue;
      if (head !== undefined && (first === null || head.came < first.came) && lane.freeAt(now) <= now) first = head;
    }
    return first;
  }

  /** When the next of what waits may begin; null: nothing waits. */
  function nextAt(now: number): number | null {
    const times = Object.values(classes).flatMap(({ lane, queue }) => (queue.size === 0 ? [] : [lane.freeAt(now)]));
    return times.length === 0 ? null : Math.max(Math.min(...times), ceiling.freeAt(now));
  }

  function note(now: number, isLimited: boolean): void {
    if (limitedFrom !== null) waited += now - limitedFrom;
    limitedFrom = isLimited ? now : null;
  }

  function ring(at: number | null, now: number): void {
    // An alarm that rings early does no harm: it looks, and sets the next.
    if (at !== null && alarm !== null && alarm.at <= at) return;
    alarm?.off.abort();
    alarm = null;
    if (at === null) return;
    const mine = { at, off: new AbortController() };
    alarm = mine;
    clock.sleep(at - now, mine.off.signal).then(
      () => {
        if (alarm === mine) alarm = null;
        pump();
      },
      () => undefined,
    );
  }

  /** Takes what one attempt needs, at once: the next in the queue is judged right after it. */
  function reserve(on: HostClass, now: number): Slot {
    classes[on].lane.started(now);
    running += 1;
    return ceiling.take(now);
  }

  function turnOf(on: HostClass, slot: Slot): Turn {
    const { lane } = classes[on];
    let sending: Sending | null = null;
    return {
      sent() {
        const now = clock.monotonic();
        slot.sent(now);
        sending = lane.sent(now);
        pump();
      },
      refused(retryAfterMs) {
        const now = clock.monotonic();
        lane.refused(sending ?? lane.sent(now), retryAfterMs, now);
      },
    };
  }

  return {
    async run(on, signal, attempt) {
      signal.throwIfAborted();
      const { queue } = classes[on];
      const { promise, resolve, reject } = Promise.withResolvers<Slot>();
      const leave = (): void => {
        queue.delete(waiting);
        reject(signal.reason as Error);
        pump();
      };
      const waiting: Waiting = {
        came: (came += 1),
        begin(now) {
          signal.removeEventListener('abort', leave);
          queue.delete(waiting);
          resolve(reserve(on, now));
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.add(waiting);
      pump();
      const slot = await promise;
      try {
        return await attempt(turnOf(on, slot));
      } finally {
        slot.done(clock.monotonic());
        running -= 1;
        pump();
      }
    },
    hold(on, ms) {
      classes[on].lane.hold(ms, clock.monotonic());
    },
    waitedMs: () => waited + (limitedFrom === null ? 0 : clock.monotonic() - limitedFrom),
  };
}
