import { PlatformError } from '../../model/error.ts';
import { shapeOf } from './decode.ts';

export const PAGE_SIZE = 100;

/** No list of the platform is this long; a cursor that never ends is not followed for ever. */
const MOST_PAGES = 10_000;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

/** Decodes `{ items, pagination: { hasMore, nextCursor? } }`; `at` names the list in errors. */
export function pageOf<Item>(body: unknown, at: string, itemOf: (item: unknown, at: string) => Item): Page<Item> {
  const shape = shapeOf(body, at);
  const pagination = shape.object('pagination');
  return {
    items: shape.list('items').map((item, index) => itemOf(item, `${at}.items[${String(index)}]`)),
    hasMore: pagination.flag('hasMore'),
    nextCursor: pagination.maybeText('nextCursor'),
  };
}

/**
 * Reads a list to its end. An item that moved between pages while we read counts once, as last seen. Fails closed: a
 * list that says it goes on and does not say where is an error, never a shorter list.
 */
export async function readPages<Item>(
  at: string,
  readPage: (query: Readonly<Record<string, string>>) => Promise<Page<Item>>,
  idOf: (item: Item) => string,
): Promise<readonly Item[]> {
  const items = new Map<string, Item>();
  const cursors = new Set<string>();
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query: Readonly<Record<string, string>> = {
      limit: String(PAGE_SIZE),
      ...(cursor === null ? {} : { cursor }),
    };
    const page: Page<Item> = await readPage(query);
    for (const item of page.items) items.set(idOf(item), item);
    if (!page.hasMore) return [...items.values()];
    cursor = page.nextCursor;
    if (cursor === null || cursor === '') throw incomplete(at, 'names no cursor');
    if (cursors.has(cursor)) throw incomplete(at, 'repeats a cursor');
    cursors.add(cursor);
  }
  throw incomplete(at, 'does not end');
}

function incomplete(at: string, why: string): PlatformError {
  return new PlatformError('bad-response', `${at} says that it has more pages and ${why}; it cannot be read whole`, {
    executed: 'no',
    retryable: false,
  });
}
