import type { AnyKind } from '../model/kinds.ts';
import type { Spec } from '../model/resource.ts';
import { fieldsOf } from '../model/schema.ts';
import { Secret } from '../model/secret.ts';
import { UnknownValue } from '../model/unknown-value.ts';

/** One managed field that is not live as desired. */
export interface Difference {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** The desired value is not resolved in this run, so it may turn out equal. */
  readonly unknown: boolean;
  readonly immutable: boolean;
  /** The platform cannot change it, and nothing is replaced for it. */
  readonly fixed: boolean;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** False when the platform withholds a value that the document manages: it is never written on that ground alone. */
  readonly comparable: boolean;
}

/**
 * Compares the fields that `desired` manages; what it does not mention is left as it is (rule 11).
 * Both sides go through the kind's `normalize` first.
 */
export function compareSpec(kind: AnyKind, desired: Spec, live: Spec): Comparison {
  const wanted = kind.normalize?.(desired) ?? desired;
  const actual = kind.normalize?.(live) ?? live;
  const differences: Difference[] = [];
  let comparable = true;
  for (const [field, schema] of fieldsOf(kind.schema)) {
    const after = wanted[field];
    if (after === undefined || schema.writeOnly === true) continue;
    const before = actual[field];
    const unknown = after instanceof UnknownValue;
    if (before === undefined && schema.nullable !== true) comparable = false;
    else if (unknown || !sameValue(before ?? null, after, schema.orderFree === true))
      differences.push({
        field,
        before,
        after,
        unknown,
        immutable: schema.immutable === true,
        fixed: schema.fixed === true,
      });
  }
  return { differences, comparable };
}

/** Deep equality of spec values: scalars, arrays, plain objects and {@link Secret}. */
export function sameValue(a: unknown, b: unknown, orderFree = false): boolean {
  if (a instanceof Secret || b instanceof Secret) return a instanceof Secret && b instanceof Secret && a.equals(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    const [left, right] = orderFree ? [sorted(a), sorted(b)] : [a, b];
    return left.every((item, index) => sameValue(item, right[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
  }
  return a === b;
}

function sorted(values: readonly unknown[]): readonly unknown[] {
  return values
    .map((value) => ({ value, text: JSON.stringify(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ value }) => value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
