import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlatformError, type PlatformErrorCode } from '../../src/model/error.ts';
import { openLimiter } from '../../src/providers/http/limiter.ts';
import { openRetryBudget } from '../../src/providers/http/retry-budget.ts';
import { openAllowance, withRetries, type Allowance } from '../../src/providers/http/retry.ts';
import { virtualClock } from './virtual-clock.ts';

const never = new AbortController().signal;

const failed = (code: PlatformErrorCode, retryAfterMs: number | null = null): PlatformError =>
  new PlatformError(code, code, { executed: 'no', retryable: true, retryAfterMs });

/** `requests` through one budget, eight at a time; `fails` decides each attempt. */
async function many(requests: number, fails: (attempt: number) => boolean) {
  const clock = virtualClock();
  const limiter = openLimiter({ rate: 1000, concurrency: 8, clock });
  const budget = openRetryBudget();
  let sent = 0;
  const ends = await Promise.allSettled(
    Array.from({ length: requests }, () =>
      withRetries(
        (count) =>
          limiter.run('deployment', never, async (turn) => {
            turn.sent();
            sent += 1;
            await clock.sleep(20);
            if (fails(count)) throw failed('unavailable');
          }),
        { clock, chance: () => 0.5, signal: never, budget, allowance: openAllowance(30_000) },
      ),
    ),
  );
  return { sent, succeeded: ends.filter(({ status }) => status === 'fulfilled').length };
}

describe('the budget', () => {
  test.each([1, 5, 200, 2000])('in an outage %i requests become at most twenty more', async (requests) => {
    const { sent, succeeded } = await many(requests, () => true);
    expect(succeeded).toBe(0);
    expect(sent).toBeLessThanOrEqual(requests + 20);
    expect(sent).toBe(Math.min(5 * requests, requests + 20));
  });

  test('where some requests fail once, all are repeated, for as long as it takes', async () => {
    let attempts = 0;
    const { sent, succeeded } = await many(1000, (count) => count === 1 && (attempts += 1) % 8 === 0);
    expect(succeeded).toBe(1000);
    expect(sent).toBe(1125);
  });

  test('never grows beyond what it began with', () => {
    const budget = openRetryBudget();
    for (let i = 0; i < 1000; i++) budget.succeeded();
    expect(Array.from({ length: 25 }, () => budget.spend()).filter(Boolean)).toHaveLength(20);
  });

  test('what only asks for time costs nothing of it', async () => {
    const clock = virtualClock();
    const budget = openRetryBudget();
    const options = { clock, chance: () => 0.5, signal: never, budget, allowance: openAllowance(30_000) };
    for (let i = 0; i < 30; i++) {
      await expect(withRetries(() => Promise.reject(failed('rate-limited', 0)), options)).rejects.toThrow(
        'rate-limited',
      );
    }
    expect(budget.spend()).toBe(true);
  });
});

describe('the time of a request with all its attempts', () => {
  /** Attempts that each take `wireMs` of their allowance. */
  async function attempts(timeoutMs: number, wireMs: number, code: PlatformErrorCode = 'timeout') {
    const clock = virtualClock();
    const allowance: Allowance = openAllowance(timeoutMs);
    let count = 0;
    await withRetries(
      async () => {
        count += 1;
        const ms = Math.min(wireMs, timeoutMs, allowance.leftMs());
        await clock.sleep(ms);
        allowance.use(ms);
        throw failed(code);
      },
      { clock, chance: () => 0.999, signal: never, budget: openRetryBudget(), allowance },
    ).catch(() => undefined);
    return { count, ms: clock.monotonic() };
  }

  test('a reply that never comes is asked for once more', async () => {
    expect(await attempts(30_000, Infinity)).toMatchObject({ count: 2 });
  });

  test('is never more than twice that of one attempt, pauses included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: 60_000 }), fc.nat(60_000), async (timeoutMs, wireMs) => {
        const { count, ms } = await attempts(timeoutMs, wireMs);
        expect(ms).toBeLessThanOrEqual(2 * timeoutMs);
        expect(count).toBeLessThanOrEqual(5);
      }),
      { seed: 20_261_120, numRuns: 200 },
    );
  });

  test('does not end the patience with a platform that asks for time', async () => {
    expect((await attempts(1000, 10, 'not-found')).count).toBe(8);
  });
});

test('pauses are of any length up to the bound: callers that failed together do not come back together', async () => {
  const pauses = new Set<number>();
  for (let seed = 0; seed < 50; seed++) {
    const clock = virtualClock();
    let count = 0;
    await withRetries(
      async () => {
        if ((count += 1) === 1) throw failed('unavailable');
      },
      {
        clock,
        chance: () => seed / 50,
        signal: never,
        budget: openRetryBudget(),
        allowance: openAllowance(30_000),
      },
    );
    pauses.add(clock.monotonic());
  }
  expect(pauses.size).toBe(50);
  expect(Math.min(...pauses)).toBe(0);
  expect(Math.max(...pauses)).toBeLessThan(500);
});
