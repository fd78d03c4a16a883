import { PlatformError } from '../../model/error.ts';
import type { Listed, Listing } from '../../model/kind.ts';
import type { LiveResource } from '../../model/resource.ts';

/**
 * Runs one reading of a collection. Its failure is an answer (the collection is unreadable, law A); only an abort is
 * thrown on.
 */
export async function listingOf<S extends object>(
  parentId: string | null,
  read: () => Promise<readonly Listed<S>[]>,
): Promise<Listing<S>> {
  try {
    return { items: await read(), unreadable: [] };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code === 'aborted') throw error;
    return { items: [], unreadable: [{ parentId, error }] };
  }
}

/** One reading per parent, all at once: the limiter says how many really run. */
export async function listingOfEach<S extends object>(
  parents: readonly LiveResource[],
  read: (parent: LiveResource) => Promise<readonly Listed<S>[]>,
): Promise<Listing<S>> {
  const listings = await Promise.all(parents.map((parent) => listingOf(parent.id, () => read(parent))));
  return {
    items: listings.flatMap(({ items }) => items),
    unreadable: listings.flatMap(({ unreadable }) => unreadable),
  };
}
