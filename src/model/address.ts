/**
 * Addresses: where a resource stands in the state document, in one string.
 *
 * Shape: segments `kind:key` joined with `/`, outermost first (`project:shop/deployment:production/env-var:KEY`).
 * Keys are percent-encoded except `A-Za-z0-9-._~` (and the `@` before a name that stands in for a missing key), so an address is pure ASCII, a `/` only ever separates segments,
 * and plain string comparison is comparison by code point.
 */
export type Address = string & { readonly __address: unique symbol };

export interface Segment {
  readonly kind: string;
  /** The user's key, decoded. */
  readonly key: string;
}

/**
 * Percent-encodes one key: every byte of its UTF-8 form that is not `A-Za-z0-9-._~`. A leading `@` stays: it marks a
 * platform's name in place of a key that was never given (rule 25), and no key of a user's holds one.
 */
export function encodeKey(key: string): string {
  if (key.startsWith('@')) return `@${encodeKey(key.slice(1))}`;
  return encodeURIComponent(key.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The address of a resource of `kind` with `key` inside `parent` (null at the top). */
export function addressOf(parent: Address | null, kind: string, key: string): Address {
  const segment = `${kind}:${encodeKey(key)}`;
  return (parent === null ? segment : `${parent}/${segment}`) as Address;
}

/** The segments of an address, outermost first. Total on what {@link addressOf} makes. */
export function segmentsOf(address: Address): readonly Segment[] {
  return address.split('/').map((part) => {
    const colon = part.indexOf(':');
    return { kind: part.slice(0, colon), key: decodeURIComponent(part.slice(colon + 1)) };
  });
}

/** The last segment: the resource's own kind and key. */
export function lastSegment(address: Address): Segment {
  const segments = segmentsOf(address);
  const last = segments[segments.length - 1];
  if (last === undefined) throw new Error(`not an address: ${address}`);
  return last;
}

/** The address that contains this one, null at the top. */
export function parentAddress(address: Address): Address | null {
  const slash = address.lastIndexOf('/');
  return slash === -1 ? null : (address.slice(0, slash) as Address);
}

/** True when `inner` is `outer` or stands inside it. */
export function isWithin(inner: Address, outer: Address): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** Order by code point; the order of everything we print. */
export function compareAddress(a: Address, b: Address): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
