import type { Chance, Clock } from '../../model/ports.ts';
import { NOTHING_EARLIER, summedUp, type Earlier, type Message } from './message.ts';

/** How one try ended. `why`: a few words without the receiver's URL, host or reply. */
export type Sent =
  | { readonly type: 'sent' }
  | { readonly type: 'refused'; readonly why: string }
  /** Another try may succeed; `afterMs`: not before, where the receiver said so. */
  | { readonly type: 'again'; readonly why: string; readonly afterMs: number | null };

export interface OutboxOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Messages in any minute. */
  readonly perMinute: number;
  /** Never rejects. */
  readonly send: (message: Message, signal: AbortSignal) => Promise<Sent>;
  readonly onSent: (message: Message) => void;
  readonly onFailed: (message: Message, why: string, attempts: number) => void;
  /** It goes into the sum of a later one. */
  readonly onSummedUp: (message: Message) => void;
}

/** What waits for one target. */
export interface Outbox {
  /** Returns at once. */
  put(message: Message): void;
  waiting(): number;
  /** Sends what waits in one message, whatever the rate, within `forMs`; what is not sent then is lost. */
  close(forMs: number): Promise<void>;
}

const MINUTE_MS = 60_000;
const MOST_WAITING = 20;
const ATTEMPTS = 6;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;
/** A receiver that wants to be left alone for longer has failed. */
const LONGEST_ASKED_MS = 300_000;

/** One message after the other. The rate delays, and what piles up meanwhile is one message with a sum. */
export function openOutbox(options: OutboxOptions): Outbox {
  const { clock, chance, perMinute } = options;
  let waiting: Message[] = [];
  let dropped: Earlier = NOTHING_EARLIER;
  const times: number[] = [];
  const ending = new AbortController();
  const closing = new AbortController();
  let working: Promise<void> | null = null;

  /** Milliseconds until the rate lets one more through. */
  function untilFree(): number {
    const now = clock.monotonic();
    for (; times.length > 0 && now - (times[0] ?? 0) >= MINUTE_MS;) times.shift();
    return times.length < perMinute ? 0 : MINUTE_MS - (now - (times[0] ?? 0));
  }

  /** The newest says how things are; of those before it only the sum is told. */
  function next(): Message | null {
    const newest = waiting.pop();
    if (newest === undefined) return null;
    const earlier = waiting.reduce(summedUp, dropped);
    for (const one of waiting) options.onSummedUp(one);
    waiting = [];
    dropped = NOTHING_EARLIER;
    return { ...newest, earlier };
  }

  async function work(): Promise<void> {
    for (; waiting.length > 0 && !ending.signal.aborted;) {
      const ms = untilFree();
      // At the end nobody waits for the rate.
      if (ms > 0 && !closing.signal.aborted) await paused(ms, closing.signal);
      const message = next();
      if (message === null) return;
      times.push(clock.monotonic());
      await deliver(message);
    }
  }

  async function deliver(message: Message): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const sent = await options.send(message, ending.signal);
      if (sent.type === 'sent') return options.onSent(message);
      const asked = sent.type === 'again' ? sent.afterMs : null;
      const isLast =
        sent.type === 'refused' || attempt === ATTEMPTS || ending.signal.aborted || (asked ?? 0) > LONGEST_ASKED_MS;
      if (isLast) return options.onFailed(message, sent.why, attempt);
      // Full jitter: receivers that were down are not met by everybody at once.
      const most = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (attempt - 1));
      await paused(Math.max(asked ?? 0, most * chance()), ending.signal);
    }
  }

  async function paused(ms: number, signal: AbortSignal): Promise<void> {
    await clock.sleep(ms, AbortSignal.any([signal, ending.signal])).catch(() => undefined);
  }

  function start(): void {
    working ??= work().finally(() => {
      working = null;
    });
  }

  async function idle(): Promise<void> {
    const current = working;
    if (current === null) return;
    await current;
    return idle();
  }

  return {
    put(message) {
      if (closing.signal.aborted) return;
      waiting.push(message);
      if (waiting.length > MOST_WAITING) {
        const oldest = waiting.shift();
        if (oldest !== undefined) {
          dropped = summedUp(dropped, oldest);
          options.onSummedUp(oldest);
        }
      }
      start();
    },
    waiting: () => waiting.length,
    async close(forMs) {
      closing.abort('closing');
      const over = new AbortController();
      const limit = clock.sleep(forMs, over.signal).then(
        () => ending.abort('over'),
        () => undefined,
      );
      await idle();
      over.abort('done');
      await limit;
      ending.abort('closed');
      for (const lost of waiting.splice(0)) options.onFailed(lost, 'the process ended before it was sent', 0);
    },
  };
}
