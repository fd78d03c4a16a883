import type { Dialect } from './api.ts';
import { catalogDialect } from './catalog-routes.ts';
import { officialDialect } from './official-routes.ts';

/** Every dialect by its name: other routes over the same platform. */
export const dialects = { official: officialDialect, catalog: catalogDialect } satisfies Readonly<
  Record<string, Dialect>
>;

export type DialectName = keyof typeof dialects;
