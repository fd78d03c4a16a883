import { expect, test } from 'vitest';
import { groupChanges } from '../../src/cli/change-groups.ts';
import type { Change } from '../../src/model/change.ts';

const changes = ['a:1', 'a:1/b:1/c:1', 'a:1/b:1/c:2', 'a:1/b:2/c:1', 'a:2/b:1'].map(
  (address) => ({ address }) as Change,
);
const titles = (most: number): readonly string[] =>
  groupChanges(changes, most).map(({ title, addresses }) => `${title} ${addresses.length}`);

test('as deep as the terminal has room for', () => {
  expect(titles(4)).toEqual(['a:1 1', 'a:1/b:1 2', 'a:1/b:2 1', 'a:2/b:1 1']);
  expect(titles(3)).toEqual(['a:1 4', 'a:2 1']);
  expect(titles(1)).toEqual(['All changes 5']);
});
