import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { PlanDigests } from '../model/saved-plan.ts';
import type { Effects } from './contract.ts';

/** The key of a plan's digests and how the plan file tells it. */
export interface PlanKey {
  readonly key: Uint8Array;
  readonly told: PlanDigests['key'];
}

/** From CONVERGE_PLAN_KEY where it is set, so that the file holds no key; else random and inside the file. */
export function newPlanKey(effects: Effects): PlanKey {
  const key = derivedKey(effects);
  if (key !== null) return { key, told: { from: 'env', check: checkOf(key) } };
  const random = randomBytes(32);
  return { key: random, told: { from: 'embedded', hex: random.toString('hex') } };
}

/** The key under which values can be compared between runs; null: none is set, and a random one would compare nothing. */
export function fingerprintKey(effects: Effects): Uint8Array | null {
  return derivedKey(effects);
}

/** The key that a plan file's digests were made with, or why it cannot be had. */
export function keyOf(told: PlanDigests['key'], effects: Effects): Uint8Array | string {
  if (told.from === 'embedded') return Buffer.from(told.hex, 'hex');
  const key = derivedKey(effects);
  if (key === null) return 'the plan was made with CONVERGE_PLAN_KEY, which is not set here';
  return checkOf(key) === told.check ? key : 'the plan was made with another CONVERGE_PLAN_KEY';
}

/** Digest of a file's bytes under the plan's key. */
export function fileDigests(key: Uint8Array, bytes: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...bytes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, content]) => [path, createHmac('sha256', key).update(content).digest('hex')]),
  );
}

function derivedKey({ env }: Effects): Uint8Array | null {
  const secret = env['CONVERGE_PLAN_KEY'] ?? '';
  return secret === '' ? null : new Uint8Array(hkdfSync('sha256', secret, '', 'converge plan digests', 32));
}

function checkOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('converge plan key check').digest('hex');
}
