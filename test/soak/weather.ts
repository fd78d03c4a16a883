// Faults that meet about one request in a hundred, at places that the seed draws.
import type { Fault, FaultEffect } from '../../src/sandbox/faults.ts';
import { randomOf } from '../faults/kit/random.ts';

export const EFFECTS: readonly FaultEffect[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 500, when: 'after' },
  { kind: 'html' },
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'reset', when: 'mid-body' },
  { kind: 'truncated' },
  { kind: 'rate-limited', seconds: 1 },
  { kind: 'hang', when: 'after' },
  { kind: 'delay', ms: 300 },
];

/** For the next `requests` of them. */
export function weather(
  seed: number,
  { share, requests }: { readonly share: number; readonly requests: number },
): readonly Fault[] {
  const random = randomOf(seed);
  const faults: Fault[] = [];
  for (let nth = 1; nth <= requests; nth++) {
    if (random() >= share) continue;
    const effect = EFFECTS[Math.floor(random() * EFFECTS.length)];
    if (effect !== undefined) faults.push({ match: { nth }, effect });
  }
  return faults;
}
