import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlatformError } from '../../src/model/error.ts';
import type { Clock } from '../../src/model/ports.ts';
import { WINDOW_MS } from '../../src/providers/http/ceiling.ts';
import { openLimiter, type HostClass } from '../../src/providers/http/limiter.ts';
import { openRetryBudget } from '../../src/providers/http/retry-budget.ts';
import { openAllowance, withRetries } from '../../src/providers/http/retry.ts';
import { virtualClock } from './virtual-clock.ts';

const never = new AbortController().signal;

/** The most requests in any window `[t, t + 1000)`, when each may arrive up to `jitter` ms late. */
function mostInASecond(times: readonly number[], jitter = 0): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.reduce(
    (most, from, index) =>
      Math.max(most, sorted.filter((at, other) => other >= index && at < from + 1000 + jitter).length),
    0,
  );
}

const throttled = (retryAfterMs: number | null): PlatformError =>
  new PlatformError('rate-limited', 'slow down', { executed: 'no', retryable: true, retryAfterMs });

interface Call {
  readonly on: HostClass;
  readonly startsAt: number;
  /** Until the connection stands. */
  readonly connects: number;
  readonly takes: number;
  /** Refusals before it succeeds, with what the platform asks for. */
  readonly refusals: readonly (number | null)[];
}

/** Runs the calls through limiter and retries; when each request went onto the wire, in order. */
async function run(
  calls: readonly Call[],
  options: { readonly rate: number; readonly concurrency: number; readonly clock: Clock },
): Promise<readonly { readonly on: HostClass; readonly at: number }[]> {
  const { clock } = options;
  const limiter = openLimiter(options);
  const sent: { readonly on: HostClass; readonly at: number }[] = [];
  await Promise.all(
    calls.map(async ({ on, startsAt, connects, takes, refusals }) => {
      await clock.sleep(startsAt);
      await withRetries(
        (count) =>
          limiter.run(on, never, async (turn) => {
            await clock.sleep(connects);
            turn.sent();
            sent.push({ on, at: clock.monotonic() });
            await clock.sleep(takes);
            const refusal = refusals[count - 1];
            if (refusal === undefined) return;
            turn.refused(refusal);
            throw throttled(refusal);
          }),
        { clock, chance: () => 0.5, signal: never, budget: openRetryBudget(), allowance: openAllowance(30_000) },
      );
    }),
  );
  return sent;
}

const call: fc.Arbitrary<Call> = fc.record({
  on: fc.constantFrom<HostClass>('management', 'deployment'),
  startsAt: fc.nat(3000),
  connects: fc.oneof(fc.constant(0), fc.nat(1500)),
  takes: fc.nat(400),
  refusals: fc.array(fc.option(fc.nat(2500)), { maxLength: 3 }),
});

test(
  'no sliding second has more than the rate, retries, bursts and slow connections included',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 16 }),
        async (calls, rate, concurrency) => {
          const sent = await run(calls, { rate, concurrency, clock: virtualClock() });
          expect(sent).toHaveLength(calls.reduce((sum, { refusals }) => sum + refusals.length + 1, 0));
          expect(
            mostInASecond(
              sent.map(({ at }) => at),
              25,
            ),
          ).toBeLessThanOrEqual(rate);
        },
      ),
      { seed: 20_261_120, numRuns: 120 },
    );
  },
);

const plain = (on: HostClass, extra: Partial<Call> = {}): Call => ({
  on,
  startsAt: 0,
  connects: 0,
  takes: 20,
  refusals: [],
  ...extra,
});

test('the rate is used: 200 requests at 20 a second take little more than nine seconds', async () => {
  const clock = virtualClock();
  const sent = await run(
    Array.from({ length: 200 }, () => plain('management')),
    { rate: 20, concurrency: 8, clock },
  );
  expect(mostInASecond(sent.map(({ at }) => at))).toBe(20);
  expect(clock.monotonic()).toBeLessThan(9 * 1030 + 500);
});

test('connections that open together do not let a double burst through', async () => {
  const calls = [
    ...Array.from({ length: 5 }, () => plain('deployment', { connects: 900 })),
    ...Array.from({ length: 5 }, () => plain('deployment')),
  ];
  const sent = await run(calls, { rate: 5, concurrency: 10, clock: virtualClock() });
  expect(
    mostInASecond(
      sent.map(({ at }) => at),
      25,
    ),
  ).toBe(5);
});

test('a hold stops its class, at once and whole, and not the other', async () => {
  const clock = virtualClock();
  const calls = [
    plain('management', { refusals: [3000] }),
    ...Array.from({ length: 6 }, () => plain('management', { startsAt: 100 })),
    ...Array.from({ length: 6 }, () => plain('deployment', { startsAt: 100 })),
  ];
  const sent = await run(calls, { rate: 20, concurrency: 2, clock });
  const after = (on: HostClass): readonly number[] =>
    sent.filter((one) => one.on === on && one.at > 0).map(({ at }) => at);
  expect(Math.min(...after('management'))).toBeGreaterThanOrEqual(3020);
  expect(Math.max(...after('deployment'))).toBeLessThan(1000);
});

test('a hold also stops what already waits for its slot, and the slot goes to others', async () => {
  const calls = [
    plain('management', { refusals: [5000] }),
    plain('management'),
    plain('management'),
    plain('deployment', { startsAt: 10 }),
  ];
  const sent = await run(calls, { rate: 2, concurrency: 8, clock: virtualClock() });
  expect(sent.map(({ on }) => on)).toEqual(['management', 'deployment', 'management', 'management', 'management']);
  const [first, other, ...held] = sent.map(({ at }) => at);
  expect(first).toBe(0);
  expect(other).toBeLessThan(WINDOW_MS / 2);
  expect(Math.min(...held)).toBe(5020);
});

test('nothing of a class starts while it is held, and nothing of the other waits for that', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 30 }), fc.nat(4000), async (calls, ms) => {
      const clock = virtualClock();
      const limiter = openLimiter({ rate: 50, concurrency: 2, clock });
      limiter.hold('management', ms);
      const begun: { readonly on: HostClass; readonly at: number; readonly came: number }[] = [];
      await Promise.all(
        calls.map(async ({ on, startsAt }) => {
          await clock.sleep(startsAt);
          const came = clock.monotonic();
          await limiter.run(on, never, async (turn) => {
            turn.sent();
            begun.push({ on, at: clock.monotonic(), came });
          });
        }),
      );
      expect(begun.filter(({ on, at }) => on === 'management' && at < ms)).toEqual([]);
      const waits = begun.filter(({ on }) => on === 'deployment').map(({ at, came }) => at - came);
      expect(Math.max(0, ...waits)).toBeLessThan(WINDOW_MS);
    }),
    { seed: 20_261_120, numRuns: 60 },
  );
});

test('attempts begin in the order in which they came, whatever their class', async () => {
  const clock = virtualClock();
  const limiter = openLimiter({ rate: 3, concurrency: 1, clock });
  const begun: number[] = [];
  const classes = Array.from({ length: 12 }, (_, index): HostClass => (index % 3 === 0 ? 'management' : 'deployment'));
  await Promise.all(
    classes.map((on, index) =>
      limiter.run(on, never, async (turn) => {
        begun.push(index);
        turn.sent();
        await clock.sleep(7);
      }),
    ),
  );
  expect(begun).toEqual(classes.map((_, index) => index));
});

test('after a refusal the class goes slower and finds its way back', async () => {
  const calls = [
    plain('deployment', { refusals: [null] }),
    ...Array.from({ length: 1800 }, () => plain('deployment', { startsAt: 50 })),
  ];
  const sent = await run(calls, { rate: 40, concurrency: 8, clock: virtualClock() });
  const between = (from: number, to: number): number => sent.filter(({ at }) => at >= from && at < to).length;
  expect(between(2000, 3000)).toBeLessThan(34);
  expect(between(20_000, 21_000)).toBeGreaterThanOrEqual(18);
  expect(between(44_000, 45_000)).toBeGreaterThanOrEqual(38);
});

test('a rate that is no whole number is not exceeded either', async () => {
  for (const [rate, most, seconds] of [
    [2.5, 2, 1],
    [0.5, 1, 2],
  ] as const) {
    const calls = Array.from({ length: 6 }, () => plain('management'));
    const sent = await run(calls, { rate, concurrency: 8, clock: virtualClock() });
    const times = sent.map(({ at }) => at / seconds);
    expect(mostInASecond(times)).toBe(most);
  }
});

test('the time in which only the limits held something back is counted, once however much waited', async () => {
  const clock = virtualClock();
  const limiter = openLimiter({ rate: 1, concurrency: 4, clock });
  await Promise.all([1, 2, 3].map(() => limiter.run('management', never, async (turn) => turn.sent())));
  expect(limiter.waitedMs()).toBe(2 * WINDOW_MS);
  await clock.sleep(10_000);
  expect(limiter.waitedMs()).toBe(2 * WINDOW_MS);
});

test('waiting for the others to end is not waiting for the limits', async () => {
  const clock = virtualClock();
  const limiter = openLimiter({ rate: 100, concurrency: 1, clock });
  await Promise.all([1, 2, 3].map(() => limiter.run('management', never, () => clock.sleep(500))));
  expect(clock.monotonic()).toBe(1500);
  expect(limiter.waitedMs()).toBe(0);
});

test('what waits is aborted at once and takes no slot', async () => {
  const clock = virtualClock();
  const limiter = openLimiter({ rate: 1, concurrency: 2, clock });
  const abort = new AbortController();
  limiter.hold('management', 60_000);
  let attempts = 0;
  const waiting = [1, 2, 3, 4].map(() =>
    limiter.run('management', abort.signal, async (turn) => {
      attempts += 1;
      turn.sent();
    }),
  );
  const settled = Promise.allSettled(waiting);
  abort.abort(new Error('stop'));
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  expect(attempts).toBe(0);
  await limiter.run('deployment', never, async (turn) => turn.sent());
  expect(clock.monotonic()).toBe(0);
});

test('a request that never reached the wire counts too', async () => {
  const clock = virtualClock();
  const limiter = openLimiter({ rate: 1, concurrency: 2, clock });
  await limiter.run('management', never, async () => clock.sleep(10));
  await limiter.run('management', never, async () => undefined);
  expect(clock.monotonic()).toBe(10 + WINDOW_MS);
});
