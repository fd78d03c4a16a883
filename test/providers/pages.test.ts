import { expect, test } from 'vitest';
import { PlatformError } from '../../src/model/error.ts';
import { UnexpectedShape } from '../../src/providers/http/decode.ts';
import { pageOf, readPages, type Page } from '../../src/providers/http/pages.ts';

const page = (items: readonly string[], nextCursor: string | null, hasMore = nextCursor !== null): Page<string> => ({
  items,
  hasMore,
  nextCursor,
});

async function read(pages: readonly Page<string>[]): Promise<{
  readonly items: readonly string[];
  readonly queries: readonly unknown[];
}> {
  const queries: unknown[] = [];
  const items = await readPages(
    'the list',
    async (query) => {
      queries.push(query);
      const next = pages[queries.length - 1];
      if (next === undefined) throw new Error('asked for a page too many');
      return next;
    },
    (item) => item.slice(0, 1),
  );
  return { items, queries };
}

test('a list is read to its end with the cursors that it names', async () => {
  const { items, queries } = await read([page(['a', 'b'], 'c1'), page(['c'], 'c2'), page([], null)]);
  expect(items).toEqual(['a', 'b', 'c']);
  expect(queries).toEqual([{ limit: '100' }, { limit: '100', cursor: 'c1' }, { limit: '100', cursor: 'c2' }]);
});

test('an item that moved between pages counts once, as last seen', async () => {
  expect((await read([page(['a1', 'b1'], 'c1'), page(['b2', 'c1'], null)])).items).toEqual(['a1', 'b2', 'c1']);
});

test('a cursor on the last page is ignored', async () => {
  expect((await read([page(['a'], 'c1', false)])).items).toEqual(['a']);
});

test.each([
  ['more and no cursor', [page(['a'], null, true)]],
  ['more and an empty cursor', [page(['a'], '', true)]],
  ['the same cursor again', [page(['a'], 'c1'), page(['b'], 'c1')]],
  ['a loop of cursors', [page(['a'], 'c1'), page(['b'], 'c2'), page(['a'], 'c1')]],
])('%s: fails closed', async (_, pages) => {
  const error = await read(pages).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(PlatformError);
  expect(error).toMatchObject({ code: 'bad-response', retryable: false });
});

test('a list whose cursors never end is given up', async () => {
  let count = 0;
  const endless = readPages(
    'the list',
    async () => page([], String((count += 1))),
    (item) => item,
  );
  await expect(endless).rejects.toMatchObject({ code: 'bad-response' });
});

test.each([
  [{ items: [] }, 'list.pagination'],
  [{ items: [], pagination: {} }, 'list.pagination.hasMore'],
  [{ items: [], pagination: { hasMore: 'no' } }, 'list.pagination.hasMore'],
  [{ items: [], pagination: { hasMore: true, nextCursor: 3 } }, 'list.pagination.nextCursor'],
  [{ pagination: { hasMore: false } }, 'list.items'],
  [{ items: {}, pagination: { hasMore: false } }, 'list.items'],
  [[], 'list'],
  [null, 'list'],
  ['text', 'list'],
])('%j names the field that is missing or wrong', (body, field) => {
  const decode = (): unknown => pageOf(body, 'list', (item) => item);
  expect(decode).toThrow(UnexpectedShape);
  expect(decode).toThrow(`${field} should be`);
});
