import { createHmac } from 'node:crypto';
import { compareAddress, encodeKey } from '../model/address.ts';
import { keyField, type Kinds } from '../model/kinds.ts';
import type { DesiredState, LiveResource, Spec } from '../model/resource.ts';
import { Secret } from '../model/secret.ts';
import type { Selector } from '../model/selector.ts';
import { UnknownValue } from '../model/unknown-value.ts';
import type { Change } from '../model/change.ts';

/** HMAC-SHA256 in hex, of JSON with sorted keys; secrets enter as their own digests, so no text of one is built. */
export function digestOf(key: Uint8Array, value: unknown): string {
  return createHmac('sha256', key).update(canonical(key, value)).digest('hex');
}

/**
 * Digest of every desired value of the documents, those in `unresolved` left out. Of selectors what they say counts, not
 * what they match today: a preview that appears or goes is no reason to distrust a plan.
 */
export function stateDigest(
  key: Uint8Array,
  { resources, selectors }: Pick<DesiredState, 'resources' | 'selectors'>,
  unresolved: ReadonlySet<string>,
): string {
  const entries = resources
    .filter(({ selector }) => selector === null)
    .toSorted((a, b) => compareAddress(a.address, b.address))
    .map(({ address, spec, atCreation, absent, renamedFrom, protect }) => [
      address,
      unresolved.has(address) ? 'unresolved' : { spec, atCreation, absent, renamedFrom, protect },
    ]);
  const asked = selectors.map((selector) => [
    selector.name,
    selector.spec,
    selector.collections.map(({ kind, prune, members }) => [
      kind,
      prune,
      members.map(({ key: member, absent, spec }) => [
        member,
        absent,
        unresolved.has(memberId(selector, kind, member)) ? 'unresolved' : spec,
      ]),
    ]),
  ]);
  return digestOf(key, selectors.length === 0 ? entries : [entries, asked]);
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

/** What has no resolved value in this run, sorted: addresses, and members of selectors under their selector's name. */
export function unresolvedAddresses({
  resources,
  selectors,
}: Pick<DesiredState, 'resources' | 'selectors'>): readonly string[] {
  const addresses: string[] = resources.filter(({ spec }) => isUnresolved(spec)).map(({ address }) => address);
  const asked = selectors.flatMap((selector) =>
    selector.collections.flatMap(({ kind, members }) =>
      members.filter(({ spec }) => isUnresolved(spec)).map(({ key }) => memberId(selector, kind, key)),
    ),
  );
  return [...new Set([...addresses, ...asked])].sort();
}

function memberId({ name }: Selector, kind: string, key: string): string {
  return `${name}/${kind}:${encodeKey(key)}`;
}

function isUnresolved(spec: Spec): boolean {
  return Object.values(spec).some((value) => value instanceof UnknownValue);
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
