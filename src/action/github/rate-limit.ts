interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly data: unknown;
}

/** GitHub asks for a minute where it names no time. */
const UNSAID_MS = 60_000;

/**
 * How long an answer asks to wait, milliseconds; null: it is not about a limit. Of 403s only some are: those of the
 * primary limit have `x-ratelimit-remaining: 0`, those of the secondary one `retry-after` or say so.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function limitedFor({ status, headers, data }: Answer, now: number): number | null {
  if (status !== 403 && status !== 429) return null;
  const after = Number(headers['retry-after'] ?? NaN);
  if (after >= 0) return after * 1000;
  if (headers['x-ratelimit-remaining'] === '0') {
    const reset = Number(headers['x-ratelimit-reset'] ?? NaN) * 1000;
    return Number.isNaN(reset) ? UNSAID_MS : Math.max(0, reset - now) + 1000;
  }
  const message = (data as { readonly message?: unknown } | null)?.message;
  const isSecondary = typeof message === 'string' && /secondary rate limit/i.test(message);
  return status === 429 || isSecondary ? UNSAID_MS : null;
}
