import { describe, expect, it } from 'vitest';
import { compareSpec, sameValue } from '../../src/diff/compare.ts';
import type { AnyKind } from '../../src/model/kinds.ts';
import { Secret } from '../../src/model/secret.ts';
import { machine } from './memory-kinds.ts';

const withField = (field: object): AnyKind => ({ ...machine, schema: { size: { json: {}, ...field } } }) as never;
const differs = (kind: AnyKind, desired: unknown, live: unknown): boolean =>
  compareSpec(kind, { size: desired }, live === undefined ? {} : { size: live }).differences.length > 0;

describe('a field', () => {
  it('that the platform never gives back is not compared', () => {
    expect(differs(withField({}), 'a', 'b')).toBe(true);
    expect(differs(withField({ writeOnly: true }), 'a', 'b')).toBe(false);
  });

  it('whose order means nothing is compared as a set', () => {
    expect(differs(withField({}), ['a', 'b'], ['b', 'a'])).toBe(true);
    expect(differs(withField({ orderFree: true }), ['a', 'b'], ['b', 'a'])).toBe(false);
    expect(differs(withField({ orderFree: true }), ['a', 'a'], ['a', 'b'])).toBe(true);
  });

  it('that may be null is null where the platform says nothing', () => {
    expect(differs(withField({ nullable: true }), null, undefined)).toBe(false);
    expect(differs(withField({ nullable: true }), 'a', undefined)).toBe(true);
  });

  it('goes through the kind’s own spelling first', () => {
    const kind = { ...withField({}), normalize: (spec) => ({ size: String(spec['size']).toLowerCase() }) } as AnyKind;
    expect(differs(kind, 'BIG', 'big')).toBe(false);
  });
});

it('values are equal by what they hold', () => {
  expect(sameValue(new Secret('a'), new Secret('a'))).toBe(true);
  expect(sameValue(new Secret('a'), 'a')).toBe(false);
  expect(sameValue({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
  expect(sameValue({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(sameValue(null, undefined)).toBe(false);
});
