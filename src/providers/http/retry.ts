import { PlatformError } from '../../model/error.ts';
import type { Chance, Clock } from '../../model/ports.ts';

const ATTEMPTS = 5;
/** Nothing was executed and the platform only asks for time: more patience costs nothing. */
const PATIENT_ATTEMPTS = 8;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

export interface RetryOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly signal: AbortSignal;
}

/**
 * The one place that sends again. Whether an error allows it was decided at its birth (`retryable`); each attempt
 * enters the limiter anew. Waits by capped exponential backoff with full jitter; where the platform named a time, the
 * limiter holds the whole class for it and nothing is added here.
 */
export async function withRetries<T>(attempt: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(count);
    } catch (error) {
      if (!(error instanceof PlatformError) || !error.retryable || count >= attemptsFor(error)) throw error;
      if (error.retryAfterMs === null) {
        await options.clock.sleep(backoffMs(count, options.chance), options.signal);
      }
    }
  }
}

function attemptsFor(error: PlatformError): number {
  return error.code === 'rate-limited' || error.code === 'not-found' ? PATIENT_ATTEMPTS : ATTEMPTS;
}

function backoffMs(count: number, chance: Chance): number {
  return chance() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - 1));
}
