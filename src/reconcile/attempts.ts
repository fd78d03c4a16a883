import type { Address } from '../model/address.ts';

/** What is remembered of heals of one resource that did not succeed. */
export interface Attempt {
  /** Digest of what was asked for and of what was live: another one is another attempt. */
  readonly ground: string;
  readonly failures: number;
  /** Milliseconds on a clock that never steps back. */
  readonly notBefore: number;
}

export type Attempts = ReadonlyMap<Address, Attempt>;

/** Whether a resource may be healed now. */
export type Standing =
  | { readonly type: 'due' }
  | { readonly type: 'resting'; readonly forMs: number; readonly failures: number }
  /** Until the document or the live state of it changes. */
  | { readonly type: 'stalled'; readonly failures: number };

const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 300_000;
/** With the rests between them about a quarter of an hour: who needs longer needs a person. */
export const STALLED_AFTER = 10;

export function standingOf(attempts: Attempts, address: Address, ground: string, now: number): Standing {
  const attempt = attempts.get(address);
  if (attempt === undefined || attempt.ground !== ground) return { type: 'due' };
  const { failures, notBefore } = attempt;
  if (failures >= STALLED_AFTER) return { type: 'stalled', failures };
  return notBefore > now ? { type: 'resting', forMs: notBefore - now, failures } : { type: 'due' };
}

/** What one round showed of heals. */
export interface Tried {
  /** Ground by address of everything that differs, tried or not. */
  readonly differing: ReadonlyMap<Address, string>;
  /** What was tried and did not succeed. */
  readonly failed: ReadonlySet<Address>;
  /** False: some could not be read, so what does not differ may only not be seen. */
  readonly whole: boolean;
}

/** The attempts after a round. What no longer differs, and what stands on new ground and was not tried, is forgotten. */
export function afterRound(attempts: Attempts, { differing, failed, whole }: Tried, now: number): Attempts {
  const after = new Map<Address, Attempt>(whole ? [] : [...attempts].filter(([address]) => !differing.has(address)));
  for (const [address, ground] of differing) {
    const known = attempts.get(address);
    const before = known?.ground === ground ? known : undefined;
    if (failed.has(address)) {
      const failures = (before?.failures ?? 0) + 1;
      after.set(address, { ground, failures, notBefore: now + restAfter(failures) });
    } else if (before !== undefined) after.set(address, before);
  }
  return after;
}

export function restAfter(failures: number): number {
  return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures - 1, 30));
}

/** Milliseconds until the next heal is due again; null: none rests, or what failed is stalled. */
export function nextDue(attempts: Attempts, now: number): number | null {
  const resting = [...attempts.values()].filter(({ failures }) => failures < STALLED_AFTER);
  return resting.length === 0 ? null : Math.max(0, Math.min(...resting.map(({ notBefore }) => notBefore)) - now);
}
