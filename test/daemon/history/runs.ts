// Runs as the loop would report them.
import type { Address } from '../../../src/model/address.ts';
import type { Difference, RecordedOutcome, RunInput } from '../../../src/model/history.ts';

export const START = Date.UTC(2026, 10, 20);
export const at = (text: string): Address => text as Address;
export const KEY = at('site:a/machine:m/setting:KEY');
export const OTHER = at('site:a/machine:m/setting:OTHER');

export function difference(address: Address, fields: readonly string[] = ['value']): Difference {
  return { address, kind: 'setting', action: 'update', reason: 'differs', fields };
}

export function outcome(address: Address, status: RecordedOutcome['status'] = 'succeeded'): RecordedOutcome {
  return { address, kind: 'setting', action: 'update', status, code: status === 'failed' ? 'unavailable' : null };
}

/** The minute-th run: whole, and all is as declared. */
export function quiet(minute: number, part: Partial<RunInput> = {}): RunInput {
  const startedAt = START + minute * 60_000;
  return {
    id: minute,
    session: 's',
    cause: 'schedule',
    startedAt,
    ms: 800,
    result: 'done',
    problem: null,
    requests: { reads: 5, writes: 0 },
    held: 0,
    outcomes: [],
    origin: 'live',
    found: [],
    reading: { at: startedAt + 100, differing: [], equal: new Set([KEY, OTHER]), whole: true },
    ...part,
  };
}

/** It differs, and nobody heals it. */
export function differing(minute: number, ...addresses: readonly Address[]): RunInput {
  const base = quiet(minute);
  const found = addresses.map((address) => difference(address));
  const equal = new Set([KEY, OTHER].filter((address) => !addresses.includes(address)));
  return { ...base, found, reading: { at: base.startedAt + 100, differing: found, equal, whole: true } };
}

/** It differed, and was healed. */
export function healing(minute: number, ...addresses: readonly Address[]): RunInput {
  return {
    ...quiet(minute),
    found: addresses.map((address) => difference(address)),
    outcomes: addresses.map((address) => outcome(address)),
    requests: { reads: 10, writes: 1 },
  };
}
