import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { leaseTimes } from '../../../src/daemon/lease/lease-times.ts';

test('the usual lease with the usual timeout', () => {
  expect(leaseTimes(60_000, 30_000)).toEqual({
    termMs: 56_000,
    renewMs: 7_000,
    retryMs: 2_000,
    requestMs: 5_000,
    marginMs: 5_000,
    writeMs: 21_000,
  });
});

test('what cannot work says what would', () => {
  expect(leaseTimes(15_000, 30_000)).toEqual({
    wrong:
      'a write may take 30s (--timeout) and has to end before the lease does: expected a lease of at least 50s, or a shorter --timeout',
  });
  expect(leaseTimes(1_000, 100)).toEqual({ wrong: 'expected a duration from 3s to 3600s' });
  expect(leaseTimes(60_000, 7_200_000)).toMatchObject({ wrong: expect.stringContaining('a shorter --timeout') });
});

test('a write always ends before term and margin do, a renewal may fail once, and others notice within the lease', () => {
  const ms = (most: number) => fc.integer({ min: 1, max: most });
  fc.assert(
    fc.property(ms(3_600_000), ms(120_000), (durationMs, timeoutMs) => {
      const times = leaseTimes(durationMs, timeoutMs);
      if ('wrong' in times) return;
      const { termMs, writeMs, marginMs, renewMs, retryMs, requestMs } = times;
      expect(writeMs + timeoutMs + marginMs).toBeLessThanOrEqual(termMs);
      expect(renewMs + retryMs).toBeLessThan(writeMs);
      expect(requestMs).toBeLessThanOrEqual(writeMs);
      expect(termMs + retryMs).toBeLessThan(durationMs);
      expect(termMs % 1000).toBe(0);
    }),
  );
});
