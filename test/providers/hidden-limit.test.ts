import { describe, expect, test } from 'vitest';
import { openLimiter } from '../../src/providers/http/limiter.ts';
import { virtualClock } from './virtual-clock.ts';

/* The figures of the limiter over half a minute, in virtual time: what is reached, and what a limit that it is not told costs. */

const RATES = [10, 50, 200];
const MS = 30_000;

/** A seeded generator (mulberry32): the figures must not depend on luck. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Lognormal latency within 20 and 200 ms. */
function latencies(random: () => number): () => number {
  return function draw(): number {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const ms = 63 * Math.exp(0.575 * normal);
    return ms >= 20 && ms <= 200 ? ms : draw();
  };
}

/** Takes a request or refuses it; the time is its own. */
type Server = (now: number) => boolean;

const LIMITS: Readonly<Record<string, (limit: number) => Server>> = {
  'in any sliding second': (limit) => {
    const taken: number[] = [];
    return (now) => {
      while ((taken[0] ?? Infinity) <= now - 1000) taken.shift();
      return taken.length < limit && taken.push(now) > 0;
    };
  },
  'in each second of the clock': (limit) => {
    let [second, count] = [-1, 0];
    return (now) => {
      const current = Math.floor((now + 370) / 1000);
      if (current !== second) [second, count] = [current, 0];
      return (count += 1) <= limit;
    };
  },
  'as a bucket of one second': (limit) => {
    let [tokens, at] = [limit, 0];
    return (now) => {
      tokens = Math.min(limit, tokens + ((now - at) * limit) / 1000);
      at = now;
      return tokens >= 1 && (tokens -= 1) >= 0;
    };
  },
};

interface Load {
  readonly server: Server;
  readonly retryAfterMs: number | null;
  readonly seed: number;
  /** The platform stands still for so long, every four seconds: what came meanwhile it sees at once. */
  readonly stallMs?: number;
}

/** More callers than the rate needs, for half a minute. */
async function underLoad(rate: number, { server, retryAfterMs, seed, stallMs = 0 }: Load) {
  const clock = virtualClock();
  const latency = latencies(chance(seed));
  const concurrency = Math.ceil(rate * 0.3) + 5;
  const limiter = openLimiter({ rate, concurrency, clock });
  const over = new AbortController();
  const sent: number[] = [];
  const counts = { taken: 0, refused: 0 };
  async function caller(): Promise<void> {
    while (clock.monotonic() < MS) {
      await limiter
        .run('deployment', over.signal, async (turn) => {
          turn.sent();
          sent.push(clock.monotonic());
          const into = (clock.monotonic() + 2200) % 4000;
          if (into < stallMs) await clock.sleep(stallMs - into);
          const isTaken = server(clock.monotonic());
          counts[isTaken ? 'taken' : 'refused'] += 1;
          await clock.sleep(latency());
          if (!isTaken) turn.refused(retryAfterMs);
        })
        .catch(() => undefined);
    }
  }
  const end = clock.sleep(MS).then(() => over.abort(new Error('over')));
  await Promise.all([end, ...Array.from({ length: concurrency + 5 }, caller)]);
  return { ...counts, sent };
}

test.each(RATES)('%i a second are reached, and never exceeded', async (rate) => {
  const { sent } = await underLoad(rate, { server: () => true, retryAfterMs: null, seed: 1 });
  const most = sent.reduce((found, from, index) => {
    const end = sent.findIndex((at, other) => other > index && at >= from + 1000);
    return Math.max(found, (end < 0 ? sent.length : end) - index);
  }, 0);
  expect(most).toBeLessThanOrEqual(rate);
  expect(sent.length / (rate * (MS / 1000))).toBeGreaterThanOrEqual(0.97);
});

describe.each(Object.entries(LIMITS))('a platform that takes half of it %s', (_, limited) => {
  const cases = RATES.flatMap((rate) =>
    [1000, null].flatMap((retryAfterMs) => [0, 60].map((stallMs) => ({ rate, retryAfterMs, stallMs }))),
  );
  test.each(cases)(
    'at $rate a second, Retry-After $retryAfterMs ms, standing still for $stallMs ms now and then: few are refused, and little of the limit is left unused',
    async ({ rate, retryAfterMs, stallMs }) => {
      for (const seed of [1, 2, 3]) {
        const server = limited(rate / 2);
        const { taken, refused } = await underLoad(rate, { server, retryAfterMs, seed, stallMs });
        expect(taken / ((rate / 2) * (MS / 1000))).toBeGreaterThanOrEqual(stallMs === 0 ? 0.92 : 0.86);
        expect(refused / (taken + refused)).toBeLessThanOrEqual(0.025);
      }
    },
  );
});

test('a refusal by chance costs little, one after the other is believed', async () => {
  // Twenty a second are taken, and one request in the tenth second is refused for nothing.
  let isRefused = false;
  const moody: Server = (now) => {
    const refuse = !isRefused && now >= 10_000;
    isRefused ||= refuse;
    return !refuse && half(now);
  };
  const half = LIMITS['in any sliding second']?.(20) ?? (() => true);
  const { taken } = await underLoad(40, { server: moody, retryAfterMs: 1000, seed: 1 });
  expect(taken / (20 * (MS / 1000))).toBeGreaterThanOrEqual(0.84);

  // From the tenth second on only five are.
  const [before, after] = [LIMITS['in any sliding second']?.(20), LIMITS['in any sliding second']?.(5)];
  const falling: Server = (now) => (now < 10_000 ? before?.(now) : after?.(now)) === true;
  const fallen = await underLoad(40, { server: falling, retryAfterMs: 1000, seed: 1 });
  expect(fallen.refused / (fallen.taken + fallen.refused)).toBeLessThanOrEqual(0.08);
});
