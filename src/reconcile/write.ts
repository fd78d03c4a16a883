import type { Address } from '../model/address.ts';
import { PlatformError } from '../model/error.ts';
import { gone, uncertain } from './fate.ts';
import { isNotFound } from './look.ts';
import type { Seen } from './settle.ts';
import type { Asked } from './workspace.ts';

/** How long an unknown outcome is read again for (law F), and between reads. Milliseconds. */
const SETTLE_WITHIN = 30_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** So many looks (1.75 s) must show that nothing has happened before the same is sent again, and so often it is sent in all. */
const LOOKS_BEFORE_AGAIN = 3;
const MOST_SENDS = 3;

/** One write, and how reading tells whether it happened. */
export interface Write<T> {
  readonly send: () => Promise<T>;
  readonly settle: () => Promise<Seen<T>>;
  /** Sending it twice is the same as once, so what certainly has not happened yet may be sent again. */
  readonly repeatable: boolean;
  /** Asked when it is not found: what of it is not there any more, if so. */
  readonly vanished: () => Promise<Address | null>;
}

/**
 * Sends a write; where nobody knows whether it happened, reading decides (law F). Resolves with what is there, and
 * throws the platform's error, or {@link uncertain} after 30 s. `sent` is called for each request.
 */
export async function writeOnce<Api, T>(asked: Asked<Api>, write: Write<T>, sent: () => void): Promise<T> {
  sent();
  try {
    return await write.send();
  } catch (error) {
    if (!(error instanceof PlatformError) || error.executed === 'no') throw error;
    return settled(asked, { ...write, cause: error }, sent);
  }
}

async function settled<Api, T>(
  { clock, signal, isSelected }: Asked<Api>,
  write: Write<T> & { readonly cause: PlatformError },
  sent: () => void,
): Promise<T> {
  const { cause } = write;
  const deadline = clock.monotonic() + SETTLE_WITHIN;
  let sends = 1;
  let quiet = 0;
  let seen: Seen<T> | { readonly type: 'gone'; readonly what: Address } = {
    type: 'open',
    why: 'it could not be read again',
    untouched: false,
  };
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    if (signal.aborted) throw uncertain(cause, 'interrupted before it could be read again');
    seen = await lookAgain(write, signal);
    if (seen.type === 'happened') return seen.found;
    if (seen.type === 'several') throw uncertain(cause, seen.why);
    quiet = seen.type === 'open' && seen.untouched ? quiet + 1 : 0;
    if (clock.monotonic() + pause >= deadline) break;
    await clock.sleep(pause, signal).catch((reason: unknown) => {
      if (!signal.aborted) throw reason;
    });
    if (!write.repeatable || quiet < LOOKS_BEFORE_AGAIN || sends >= MOST_SENDS || signal.aborted) continue;
    quiet = 0;
    sends += 1;
    sent();
    try {
      return await write.send();
    } catch (error) {
      // The first one may still have happened, so reading goes on; "taken" even says so.
      if (!(error instanceof PlatformError)) throw error;
      if (error.executed === 'no') sends = MOST_SENDS;
    }
  }
  throw seen.type === 'gone' ? gone(seen.what, isSelected) : uncertain(cause, seen.why);
}

/** A reading that fails says nothing; only a bug throws. */
async function lookAgain<T>(
  { settle, vanished }: Write<T>,
  signal: AbortSignal,
): Promise<Seen<T> | { readonly type: 'gone'; readonly what: Address }> {
  try {
    return await settle();
  } catch (error) {
    const what = isNotFound(error) ? await vanished() : null;
    if (what !== null) return { type: 'gone', what };
    if (!(error instanceof PlatformError) && !signal.aborted) throw error;
    const message = error instanceof PlatformError ? `: ${error.message}` : '';
    return { type: 'open', why: `it could not be read again${message}`, untouched: false };
  }
}
