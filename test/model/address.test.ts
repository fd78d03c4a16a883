import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, encodeKey, isWithin, lastSegment, parentAddress, segmentsOf } from '../../src/model/address.ts';
import { anyGlob, globMatcher } from '../../src/model/glob.ts';

const shop = addressOf(null, 'project', 'shop');
const preview = addressOf(shop, 'deployment', 'preview/fix (1)');

describe('addresses', () => {
  it('encode everything but A-Za-z0-9-._~', () => {
    expect(preview).toBe('project:shop/deployment:preview%2Ffix%20%281%29');
    expect(encodeKey("aZ09-._~!*'()é/%")).toBe('aZ09-._~%21%2A%27%28%29%C3%A9%2F%25');
    expect(addressOf(shop, 'deployment', '@happy-otter-123')).toBe('project:shop/deployment:@happy-otter-123');
  });

  it('give back what they were made of', () => {
    expect(segmentsOf(preview)).toEqual([
      { kind: 'project', key: 'shop' },
      { kind: 'deployment', key: 'preview/fix (1)' },
    ]);
    expect(parentAddress(preview)).toBe(shop);
    expect(parentAddress(shop)).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        const address = addressOf(shop, 'deployment', key);
        expect(lastSegment(address)).toEqual({ kind: 'deployment', key: key.toWellFormed() });
        expect(address).toMatch(/^[\x21-\x7e]+$/);
      }),
      { seed: 1 },
    );
  });

  it('contain what stands below them, and not what only begins alike', () => {
    expect(isWithin(preview, shop)).toBe(true);
    expect(isWithin(shop, shop)).toBe(true);
    expect(isWithin(addressOf(null, 'project', 'shopping'), shop)).toBe(false);
  });
});

describe('globs', () => {
  it.each([
    ['project:shop', 'project:shop', true],
    ['project:shop', 'project:shop/deployment:a', false],
    ['project:*', 'project:shop', true],
    ['project:*', 'project:shop/deployment:a', false],
    ['project:shop/*', 'project:shop/deployment:a', true],
    ['project:shop/**', 'project:shop/deployment:a/env-var:B', true],
    ['**/env-var:STRIPE_*', 'project:shop/deployment:a/env-var:STRIPE_KEY', true],
    ['**/env-var:STRIPE_*', 'project:shop/deployment:a/env-var:MY_STRIPE_KEY', false],
    ['**', 'anything/at:all', true],
    ['', '', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
  ])('%s matches %s: %s', (pattern, text, expected) => {
    expect(globMatcher(pattern)(text)).toBe(expected);
  });

  it('agree with the regular expression that they stand for', () => {
    const piece = fc.constantFrom('*', '**', 'a', 'b', '/', '.');
    const letters = fc.constantFrom('a', 'b', '/', '.', 'c');
    const joined = (arbitrary: fc.Arbitrary<string>) =>
      fc.array(arbitrary, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(joined(piece), joined(letters), (pattern, text) => {
        const source = pattern.replace(/\*\*|\*|[^*]/g, (part) =>
          part === '**'
            ? '.*'
            : part === '*'
              ? '[^/]*'
              : `\\${part === 'a' || part === 'b' ? `x6${part === 'a' ? 1 : 2}` : part}`,
        );
        expect(globMatcher(pattern)(text)).toBe(new RegExp(`^(?:${source})$`).test(text));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('take no time for patterns made to take long', () => {
    expect(globMatcher(`${'a*'.repeat(500)}b`)('a'.repeat(2000))).toBe(false);
    expect(anyGlob([])('x')).toBe(false);
  });
});
