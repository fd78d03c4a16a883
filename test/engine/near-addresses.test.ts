import { expect, test } from 'vitest';
import { didYouMean } from '../../src/diff/near-addresses.ts';
import type { Address } from '../../src/model/address.ts';

const KNOWN: readonly string[] = [
  'site:blog',
  'site:shop',
  'site:shop/machine:main',
  'site:shop/machine:main/setting:LOG_LEVEL',
  'site:shop/machine:spare',
  'site:shop/machine:spare/setting:LOG_LEVEL',
];

test.each([
  ['site:shpo', 'Did you mean site:shop?'],
  ['site:shpo/**', 'Did you mean site:shop/**?'],
  ['site:shop/machin:main', 'Did you mean site:shop/machine:main?'],
  ['shop', 'Did you mean site:shop?'],
  ['shop/main', 'Did you mean site:shop/machine:main?'],
  ['spare/**', 'Did you mean site:shop/machine:spare/**?'],
  ['LOG_LEVL', 'Did you mean site:shop/machine:main/setting:LOG_LEVEL or site:shop/machine:spare/setting:LOG_LEVEL?'],
  ['site:*/setting:LOG_LEVEL', '`*` stays within a segment. Did you mean site:**/setting:LOG_LEVEL?'],
  ['site:*/machne:main', 'Did you mean site:shop/machine:main?'],
  ['site:warehouse', null],
  ['machine:main/setting:X', null],
  ['x', null],
])('%s', (wanted, said) => {
  expect(didYouMean(wanted, KNOWN as readonly Address[])).toBe(said);
});

test('nothing is near where nothing is known', () => {
  expect(didYouMean('site:shop', [])).toBeNull();
});
