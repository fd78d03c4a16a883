import { createHmac } from 'node:crypto';
import { compareAddress, type Address } from '../model/address.ts';
import { keyField, type Kinds } from '../model/kinds.ts';
import type { DesiredResource, LiveResource, Spec } from '../model/resource.ts';
import { Secret } from '../model/secret.ts';
import { UnknownValue } from '../model/unknown-value.ts';
import type { Change } from '../model/change.ts';

/** HMAC-SHA256 in hex, of JSON with sorted keys; secrets enter as their own digests, so no text of one is built. */
export function digestOf(key: Uint8Array, value: unknown): string {
  return createHmac('sha256', key).update(canonical(key, value)).digest('hex');
}

/** Digest of every desired value of the documents, those in `unresolved` left out. */
export function stateDigest(
  key: Uint8Array,
  desired: Iterable<DesiredResource>,
  unresolved: ReadonlySet<string>,
): string {
  const entries = [...desired]
    .sort((a, b) => compareAddress(a.address, b.address))
    .map(({ address, spec, atCreation, absent, renamedFrom, protect }) => [
      address,
      unresolved.has(address) ? 'unresolved' : { spec, atCreation, absent, renamedFrom, protect },
    ]);
  return digestOf(key, entries);
}

/**
 * Digest of what a change stands on: that the live one exists, under which id, and the fields that the change
 * touches. A deletion stands on all of it. Absent live: the digest of null.
 */
export function preImage(key: Uint8Array, change: Change, live: LiveResource | undefined, kinds: Kinds): string {
  if (live === undefined) return digestOf(key, null);
  const whole = change.action === 'delete' || change.action === 'replace';
  const fields = new Set([keyField(kinds.named(change.kind)), ...change.fields.map(({ field }) => field)]);
  const spec: Spec = whole
    ? live.spec
    : Object.fromEntries(Object.entries(live.spec).filter(([field]) => fields.has(field)));
  return digestOf(key, { id: live.id, spec });
}

/** The addresses whose desired value is not resolved in this run, sorted. */
export function unresolvedAddresses(desired: Iterable<DesiredResource>): readonly Address[] {
  return [...desired]
    .filter(({ spec }) => Object.values(spec).some((value) => value instanceof UnknownValue))
    .map(({ address }) => address)
    .sort(compareAddress);
}

function canonical(key: Uint8Array, value: unknown): string {
  if (value instanceof Secret) return `"hmac:${value.digest(key)}"`;
  if (value instanceof UnknownValue) return '"unresolved"';
  if (Array.isArray(value)) return `[${value.map((item) => canonical(key, item)).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => `${JSON.stringify(name)}:${canonical(key, item)}`)
      .join(',')}}`;
  return JSON.stringify(value ?? null);
}
