import type { Clock } from '../model/ports.ts';

/** One who follows: a response that stays open, as far as this needs it. */
export interface Follower {
  write(text: string): boolean;
  destroy(): unknown;
  once(event: 'close', gone: () => void): unknown;
  /** Bytes that were written and not yet taken over by the network. */
  readonly writableLength: number;
}

export interface EventStream {
  /** Whether there is room for one more. */
  hasRoom(): boolean;
  follow(follower: Follower): void;
  /** What `state` says may have changed: it is told once this has not been called for a moment. */
  changed(): void;
  /** Something happened: told at once. */
  tell(event: string, data: unknown): void;
  followers(): number;
  /** Ends every stream. */
  close(): void;
}

export interface EventStreamOptions {
  readonly clock: Clock;
  /** Small plain data without a secret, told at the beginning and whenever it differs from what was told last. */
  readonly state: () => unknown;
}

/** A browser has few; a loop of curl does not fill the process. */
export const MOST_FOLLOWERS = 64;
export const HEARTBEAT_MS = 10_000;
const DEBOUNCE_MS = 200;
/** Who is so far behind reads anew. */
const MOST_BEHIND_BYTES = 65_536;
/** A stream asks for the bearer once, so one that was taken back serves no longer than this. */
const LONGEST_MS = 900_000;

/** Server-sent events for a bounded number of followers. Nobody waits for a slow one: it is cut, and comes again. */
export function openEventStream({ clock, state }: EventStreamOptions): EventStream {
  const open = new Map<Follower, number>();
  const ending = new AbortController();
  let told = '';
  let beating = false;
  let settling = false;

  function send(text: string, to: Iterable<Follower> = open.keys()): void {
    for (const follower of to) {
      follower.write(text);
      if (follower.writableLength > MOST_BEHIND_BYTES) drop(follower);
    }
  }

  function drop(follower: Follower): void {
    open.delete(follower);
    follower.destroy();
  }

  /** True: it was news. */
  function tellState(): boolean {
    const now = JSON.stringify(state());
    if (now === told) return false;
    told = now;
    send(framed('status', now));
    return true;
  }

  async function beat(): Promise<void> {
    if (beating) return;
    beating = true;
    try {
      while (open.size > 0) {
        await clock.sleep(HEARTBEAT_MS, ending.signal);
        for (const [follower, since] of open) if (clock.monotonic() - since > LONGEST_MS) drop(follower);
        // What holds only for a time (an observation that grows old) changes without an event.
        if (!tellState()) send(': alive\n\n');
      }
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    } finally {
      beating = false;
    }
  }

  async function settle(): Promise<void> {
    if (settling || open.size === 0) return;
    settling = true;
    await clock.sleep(DEBOUNCE_MS, ending.signal).catch(() => undefined);
    settling = false;
    if (!ending.signal.aborted) tellState();
  }

  return {
    hasRoom: () => open.size < MOST_FOLLOWERS && !ending.signal.aborted,
    follow(follower) {
      tellState();
      open.set(follower, clock.monotonic());
      follower.once('close', () => open.delete(follower));
      send(framed('status', told), [follower]);
      void beat();
    },
    changed: () => void settle(),
    tell(event, data) {
      send(framed(event, JSON.stringify(data)));
    },
    followers: () => open.size,
    close() {
      ending.abort('closed');
      for (const follower of open.keys()) drop(follower);
    },
  };
}

/** JSON text has no line break, so one line of data is the whole of it. */
function framed(event: string, json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}
