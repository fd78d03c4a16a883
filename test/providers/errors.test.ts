import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../src/model/error.ts';
import { replyError } from '../../src/providers/http/reply-error.ts';
import { retryAfterMs } from '../../src/providers/http/retry-after.ts';
import { openRetryBudget } from '../../src/providers/http/retry-budget.ts';
import { openAllowance, withRetries } from '../../src/providers/http/retry.ts';
import { virtualClock } from './virtual-clock.ts';

const never = new AbortController().signal;

function errorOf(
  status: number,
  code: string | null,
  options: { write?: boolean; fresh?: boolean; message?: string } = {},
) {
  return replyError(
    { status, code, message: options.message ?? null, retryAfterMs: null },
    { what: 'POST /v1/x on api.convex.dev', isWrite: options.write ?? false, isFresh: options.fresh ?? false },
  );
}

test.each([
  // status, platform code, meaning, write: executed, write: retried, read: retried
  [400, 'BadJsonBody', 'invalid', 'no', false, false],
  [400, 'DeploymentReferenceAlreadyExists', 'conflict', 'no', false, false],
  [400, 'DefaultDeploymentAlreadyExists', 'conflict', 'no', false, false],
  [400, 'ProjectSlugAlreadyExists', 'conflict', 'no', false, false],
  [400, 'InvalidSlug', 'invalid', 'no', false, false],
  [400, 'ProjectQuotaReached', 'quota', 'no', false, false],
  [400, 'DeploymentQuotaReached', 'quota', 'no', false, false],
  [400, 'EnvVarLimitMet', 'invalid', 'no', false, false],
  [401, 'AccessTokenInvalid', 'unauthenticated', 'no', false, false],
  [403, 'OperationNotPermitted', 'forbidden', 'no', false, false],
  [404, 'ProjectNotFound', 'not-found', 'no', false, false],
  [408, null, 'timeout', 'unknown', false, true],
  [409, 'LogStreamAlreadyExists', 'conflict', 'no', false, false],
  [421, null, 'invalid', 'no', false, false],
  [425, null, 'unavailable', 'no', false, true],
  [429, 'RateLimited', 'rate-limited', 'no', true, true],
  [500, 'InternalServerError', 'unavailable', 'unknown', false, true],
  [502, null, 'unavailable', 'unknown', false, true],
  [503, 'Overloaded', 'unavailable', 'unknown', false, true],
  [503, 'OptimisticConcurrencyControlFailure', 'unavailable', 'unknown', false, true],
  [503, 'RejectedBeforeExecution', 'unavailable', 'no', true, true],
  [504, null, 'unavailable', 'unknown', false, true],
])('%i %s is %s', (status, code, meaning, executed, writeRetried, readRetried) => {
  const write = errorOf(status, code, { write: true });
  expect([write.code, write.executed, write.retryable]).toEqual([meaning, executed, writeRetried]);
  const read = errorOf(status, code);
  expect([read.code, read.executed, read.retryable]).toEqual([meaning, 'no', readRetried]);
  expect([write.status, write.platformCode]).toEqual([status, code]);
});

test('"not found" of what was made a moment ago is asked again', () => {
  expect(errorOf(404, 'DeploymentNotFound', { fresh: true }).retryable).toBe(true);
  expect(errorOf(404, 'DeploymentNotFound', { fresh: true, write: true })).toMatchObject({
    retryable: true,
    executed: 'no',
  });
});

test('a taken slug is a conflict, an ill-formed one is not', () => {
  expect(errorOf(400, 'InvalidSlug', { message: 'This slug is already taken.' }).code).toBe('conflict');
  expect(errorOf(400, 'InvalidSlug', { message: 'Slugs have at least 3 characters.' }).code).toBe('invalid');
});

test('the message says what was asked and what was answered', () => {
  expect(errorOf(403, 'OperationNotPermitted', { message: 'No.' }).message).toBe(
    'POST /v1/x on api.convex.dev was answered with 403 OperationNotPermitted: No.',
  );
  expect(errorOf(502, null).message).toBe('POST /v1/x on api.convex.dev was answered with 502');
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 20, 12, 0, 0);
  test.each([
    ['2', 2000],
    ['0', 0],
    ['1.5', 1500],
    [' 3 ', 3000],
    ['1000000000', 300_000],
    ['Fri, 20 Nov 2026 12:00:10 GMT', 10_000],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['Sat, 20 Nov 2027 12:00:00 GMT', 300_000],
    ['-5', null],
    ['soon', null],
    ['2026', 300_000],
    ['Friday', null],
    ['', null],
    [undefined, null],
  ])('%j means %s ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  test('of several the first counts', () => {
    expect(retryAfterMs(['1', '2'], now)).toBe(1000);
  });
});

describe('retries', () => {
  const error = (code: 'unavailable' | 'rate-limited' | 'invalid', retryAfter: number | null = null): PlatformError =>
    new PlatformError(code, code, { executed: 'no', retryable: code !== 'invalid', retryAfterMs: retryAfter });

  async function attempts(
    errors: readonly Error[],
  ): Promise<{ readonly count: number; readonly ms: number; readonly end: unknown }> {
    const clock = virtualClock();
    let count = 0;
    const end = await withRetries(
      async () => {
        const next = errors[count];
        count += 1;
        if (next !== undefined) throw next;
        return 'done';
      },
      { clock, chance: () => 0.999, signal: never, budget: openRetryBudget(), allowance: openAllowance(30_000) },
    ).catch((caught: unknown) => caught);
    return { count, ms: clock.monotonic(), end };
  }

  test('a transient failure is tried five times, waiting longer each time', async () => {
    const failures = Array.from({ length: 9 }, () => error('unavailable'));
    const { count, ms, end } = await attempts(failures);
    expect(count).toBe(5);
    expect(end).toBe(failures[4]);
    expect(Math.round(ms)).toBe(Math.round(0.999 * (500 + 1000 + 2000 + 4000)));
  });

  test('throttling is met with more patience', async () => {
    expect((await attempts(Array.from({ length: 7 }, () => error('rate-limited')))).end).toBe('done');
    expect((await attempts(Array.from({ length: 8 }, () => error('rate-limited')))).count).toBe(8);
  });

  test('where the platform named a time nothing is added: the limiter holds', async () => {
    expect(await attempts([error('rate-limited', 60_000)])).toEqual({ count: 2, ms: 0, end: 'done' });
  });

  test('what is not retryable and what is not of the platform ends at once', async () => {
    const bug = new TypeError('bug');
    expect(await attempts([error('invalid')])).toMatchObject({ count: 1 });
    expect(await attempts([bug])).toEqual({ count: 1, ms: 0, end: bug });
  });
});
