import { keyField, type AnyKind } from '../model/kinds.ts';
import type { Spec } from '../model/resource.ts';
import { fieldsOf } from '../model/schema.ts';
import { Secret } from '../model/secret.ts';
import { UnknownValue } from '../model/unknown-value.ts';
import { digestOf } from './digest.ts';

/** A value as a number: equal numbers are equal values of one run, and say nothing else; or why it cannot be compared. */
export type ToldApart = number | 'unresolved' | 'withheld';

/**
 * Tells members of a kind apart by all their fields but the key, in one spelling per meaning, in time linear in them. The
 * digests under `key` by which it does stay in here.
 */
export function tellingApart(kind: AnyKind, key: Uint8Array = HERE_ONLY): (spec: Spec) => ToldApart {
  const own = keyField(kind);
  const fields = fieldsOf(kind.schema).filter(([name, schema]) => name !== own && schema.writeOnly !== true);
  const numbers = new Map<string, number>();
  return (spec) => {
    const normal = kind.normalize?.(spec) ?? spec;
    const values: unknown[] = [];
    for (const [field, schema] of fields) {
      const value = normal[field];
      if (value instanceof UnknownValue) return 'unresolved';
      if (value === undefined && schema.nullable !== true) return 'withheld';
      values.push(value ?? null);
    }
    const [only] = values;
    const digest = values.length === 1 && only instanceof Secret ? only.digest(key) : digestOf(key, values);
    const number = numbers.get(digest) ?? numbers.size;
    numbers.set(digest, number);
    return number;
  };
}

/** Where nobody asked for a key: nothing that is made with it leaves. */
const HERE_ONLY = new Uint8Array(32);
