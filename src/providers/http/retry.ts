import { PlatformError } from '../../model/error.ts';
import type { Chance, Clock } from '../../model/ports.ts';
import type { RetryBudget } from './retry-budget.ts';

const ATTEMPTS = 5;
/** Nothing was executed and the platform only asks for time: more patience costs nothing. */
const PATIENT_ATTEMPTS = 8;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

/** The time that a request has for all its attempts: what they take on the wire, and the pauses between them. */
export interface Allowance {
  leftMs(): number;
  use(ms: number): void;
  /** With less than this left, another attempt is not worth its request. */
  readonly leastMs: number;
}

/**
 * Twice the time of one attempt: a reply that never comes may be asked for once more, and no request is repeated for
 * longer. Waiting for the limiter is not counted, or a long hold would end every request.
 */
export function openAllowance(timeoutMs: number): Allowance {
  let left = 2 * timeoutMs;
  return {
    leftMs: () => left,
    use: (ms) => {
      left -= ms;
    },
    leastMs: timeoutMs / 4,
  };
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly signal: AbortSignal;
  readonly budget: RetryBudget;
  readonly allowance: Allowance;
}

/**
 * The one place that sends again. Whether an error allows it was decided at its birth (`retryable`); each attempt
 * enters the limiter anew. Waits by capped exponential backoff with full jitter; where the platform named a time, the
 * limiter holds the whole class for it and nothing is added here.
 */
export async function withRetries<T>(attempt: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, chance, signal, budget, allowance } = options;
  for (let count = 1; ; count += 1) {
    try {
      const result = await attempt(count);
      budget.succeeded();
      return result;
    } catch (error) {
      if (!(error instanceof PlatformError) || !error.retryable) throw error;
      const pause = error.retryAfterMs === null ? backoffMs(count, chance) : 0;
      if (onlyAsksForTime(error)) {
        if (count >= PATIENT_ATTEMPTS) throw error;
      } else {
        if (count >= ATTEMPTS || allowance.leftMs() - pause < allowance.leastMs || !budget.spend()) throw error;
        allowance.use(pause);
      }
      await clock.sleep(pause, signal);
    }
  }
}

/** The limiter bounds what these cost: they are no sign of an outage. */
function onlyAsksForTime({ code }: PlatformError): boolean {
  return code === 'rate-limited' || code === 'not-found';
}

function backoffMs(count: number, chance: Chance): number {
  return chance() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - 1));
}
