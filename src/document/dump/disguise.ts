import { createHmac } from 'node:crypto';
import { addressOf, parentAddress, type Address } from '../../model/address.ts';
import type { Unreadable } from '../../model/change.ts';
import { collectionPath } from '../../model/observation.ts';
import type { AnyKind, Kinds } from '../../model/kinds.ts';
import type { LiveResource, Spec } from '../../model/resource.ts';
import { fieldsOf, type FieldSchema, type Hide } from '../../model/schema.ts';
import { Secret } from '../../model/secret.ts';

export interface Visible {
  readonly live: ReadonlyMap<Address, LiveResource>;
  readonly read: ReadonlySet<string>;
  readonly unreadable: readonly Unreadable[];
}

/** Enough that two texts of one team are not taken for one another. */
const WORD_LENGTH = 12;

/** Words for texts: equal for equal ones under one salt, and of no use without it. */
export function hideWith(salt: Uint8Array): Hide {
  return (text) => createHmac('sha256', salt).update(text).digest('hex').slice(0, WORD_LENGTH);
}

/**
 * The live things with names, values and messages replaced, as the kinds' fields say they must look; what equals stays
 * equal, and the containment, types, regions, times and numbers stay.
 */
export function disguise({ live, read, unreadable }: Visible, kinds: Kinds, salt: Uint8Array): Visible {
  const hide = hideWith(salt);
  const moved = new Map<Address, Address>();
  const hidden = new Map<Address, LiveResource>();
  // Containers first.
  const sorted = [...live.values()].toSorted((a, b) => depth(a.address) - depth(b.address));
  for (const one of sorted) {
    const kind = kinds.named(one.kind);
    const spec = disguisedSpec(kind, one.spec, { hide, salt });
    const parent = one.parent === null ? null : (moved.get(one.parent) ?? null);
    const key = kind.key(spec);
    const address = addressOf(parent, kind.name, key);
    moved.set(one.address, address);
    hidden.set(address, { ...one, address, key, parent, spec, facts: {} });
  }
  const pathOf = (path: string): string => {
    const parent = parentAddress(path as Address);
    const collection = parent === null ? path : path.slice(parent.length + 1);
    return collectionPath(parent === null ? null : (moved.get(parent) ?? null), collection);
  };
  return {
    live: new Map([...hidden].sort(([a], [b]) => (a < b ? -1 : 1))),
    read: new Set([...read].map(pathOf)),
    unreadable: unreadable.map(({ collection, error }) => ({
      collection: pathOf(collection),
      error: { code: error.code, message: error.code },
    })),
  };
}

function disguisedSpec(
  kind: AnyKind,
  spec: Spec,
  { hide, salt }: { readonly hide: Hide; readonly salt: Uint8Array },
): Spec {
  const shown = fieldsOf(kind.schema)
    .filter(([name]) => spec[name] !== undefined)
    .map(([name, field]) => [name, disguised(field, spec[name], { hide, salt })] as const);
  return Object.fromEntries(shown);
}

function disguised(
  field: FieldSchema,
  value: unknown,
  { hide, salt }: { readonly hide: Hide; readonly salt: Uint8Array },
): unknown {
  // Empty is a fact about the shape that bugs hang on.
  if (value instanceof Secret)
    return value.byteLength === 0 ? value : new Secret(`hidden-${value.digest(salt).slice(0, WORD_LENGTH)}`);
  if (value === null || field.disguise === 'kept') return value;
  if (field.disguise !== undefined) return field.disguise(value as never, hide);
  if (typeof value === 'string') return hide(value);
  return typeof value === 'boolean' || typeof value === 'number' ? value : null;
}

function depth(address: Address): number {
  return address.split('/').length;
}
