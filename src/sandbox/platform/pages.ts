import { badRequest } from './errors.ts';

export interface PageRequest {
  /** 1–100. */
  readonly limit?: number | null | undefined;
  readonly cursor?: string | null | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly next: string | null;
}

type Key = readonly (string | number)[];

/** 400 LimitOutOfRange, as convex-backend answers, although the specification says "capped". */
export function pageLimit(limit: number | null | undefined, otherwise: number): number {
  if (limit === null || limit === undefined) return otherwise;
  if (limit < 1 || limit > 100) throw badRequest('LimitOutOfRange', 'The limit must be between 1 and 100.');
  return limit;
}

/** A cursor names its list and the last item's key, so pages stay right while items come and go. */
export function writeCursor(list: string, key: Key): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** The key after which to go on; undefined at the start. 400 BadQueryArgs for anything this list did not write. */
export function readCursor(list: string, length: number, cursor: string | null | undefined): Key | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed[0] === list && parsed.length === length + 1) return parsed.slice(1) as Key;
  } catch {
    // The same answer as for a cursor of another list.
  }
  throw badRequest('BadQueryArgs', 'The cursor is not one that this list returned.');
}

/** The index of the first item whose id is `id` or more, in a list that ascends by id. */
export function lowerBound(items: readonly { readonly id: number }[], id: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && item.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One page of an ascending list, newest first. Costs the items it passes, not the list. */
export function newestFirst<Item extends { readonly id: number }>(
  list: string,
  items: readonly Item[],
  keep: (item: Item) => boolean,
  request: PageRequest,
): Page<Item> {
  const limit = pageLimit(request.limit, 100);
  const after = readCursor(list, 1, request.cursor)?.[0];
  const found: Item[] = [];
  for (let at = (after === undefined ? items.length : lowerBound(items, Number(after))) - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item === undefined || !keep(item)) continue;
    const last = found[limit - 1];
    if (last !== undefined) return { items: found, next: writeCursor(list, [last.id]) };
    found.push(item);
  }
  return { items: found, next: null };
}
