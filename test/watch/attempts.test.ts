import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../src/model/address.ts';
import {
  afterRound,
  nextDue,
  restAfter,
  STALLED_AFTER,
  standingOf,
  type Attempts,
} from '../../src/reconcile/attempts.ts';

const A = 'site:a' as Address;
const B = 'site:b' as Address;
const NONE: Attempts = new Map();

/** A round in which everything of `differing` was tried and `failed` did not succeed. */
function round(attempts: Attempts, failed: readonly Address[], now: number, ground: string | readonly Address[] = 'g') {
  const differing = new Map(
    (typeof ground === 'string' ? failed : ground).map((one) => [one, String(ground)] as const),
  );
  return afterRound(attempts, { differing, failed: new Set(failed), whole: true }, now);
}

describe('heals that fail', () => {
  test('rest twice as long each time, up to five minutes, then stall', () => {
    let attempts = NONE;
    let now = 0;
    const rests: number[] = [];
    for (let failure = 1; failure < STALLED_AFTER; failure++) {
      attempts = round(attempts, [A], now);
      const standing = standingOf(attempts, A, 'g', now);
      if (standing.type !== 'resting') throw new Error(standing.type);
      expect(standing.failures).toBe(failure);
      expect(standingOf(attempts, A, 'g', now + standing.forMs - 1).type).toBe('resting');
      now += standing.forMs;
      expect(nextDue(attempts, now)).toBe(0);
      expect(standingOf(attempts, A, 'g', now)).toEqual({ type: 'due' });
      rests.push(standing.forMs);
    }
    expect(rests).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000]);
    attempts = round(attempts, [A], now);
    expect(standingOf(attempts, A, 'g', now + 1e12)).toEqual({ type: 'stalled', failures: STALLED_AFTER });
    expect(nextDue(attempts, now)).toBeNull();
  });

  test('another document or another live state is another attempt', () => {
    let attempts = NONE;
    for (let failure = 0; failure < STALLED_AFTER; failure++) attempts = round(attempts, [A], 0);
    expect(standingOf(attempts, A, 'g', 0).type).toBe('stalled');
    expect(standingOf(attempts, A, 'other', 0)).toEqual({ type: 'due' });
    attempts = round(attempts, [A], 0, 'other');
    expect(standingOf(attempts, A, 'other', 0)).toMatchObject({ type: 'resting', failures: 1 });
  });

  test('one does not hold another back', () => {
    const attempts = round(NONE, [A], 0);
    expect(standingOf(attempts, B, 'g', 0)).toEqual({ type: 'due' });
  });

  test('what no longer differs is forgotten; what still does and was not tried is not', () => {
    const both = afterRound(
      NONE,
      {
        differing: new Map([
          [A, 'g'],
          [B, 'g'],
        ]),
        failed: new Set([A, B]),
        whole: true,
      },
      0,
    );
    const after = afterRound(both, { differing: new Map([[B, 'g']]), failed: new Set(), whole: true }, 10);
    expect([...after]).toEqual([[B, { ground: 'g', failures: 1, notBefore: 2_000 }]]);
    expect(nextDue(after, 10)).toBe(1_990);
  });

  test('what could not be read is not forgotten: it may still differ', () => {
    const one = round(NONE, [A], 0);
    const hidden = afterRound(one, { differing: new Map([[B, 'g']]), failed: new Set(), whole: false }, 10);
    expect(standingOf(hidden, A, 'g', 10).type).toBe('resting');
  });

  test('it never rests longer than the longest, and never less than before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), (failures) => {
        expect(restAfter(failures)).toBeLessThanOrEqual(300_000);
        expect(restAfter(failures + 1)).toBeGreaterThanOrEqual(restAfter(failures));
      }),
      { seed: 20261121 },
    );
  });
});
