import type { Effects } from './contract.ts';

/** RFC 3339 UTC; SOURCE_DATE_EPOCH (seconds) makes equal inputs give equal bytes. */
export function createdAt({ env, clock }: Pick<Effects, 'env' | 'clock'>): string {
  const epoch = env['SOURCE_DATE_EPOCH'];
  const seconds = epoch === undefined || epoch.trim() === '' ? Number.NaN : Number(epoch);
  const date = new Date(Number.isFinite(seconds) ? seconds * 1000 : clock.now());
  return Number.isNaN(date.getTime()) ? new Date(clock.now()).toISOString() : date.toISOString();
}
