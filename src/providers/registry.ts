import type { ResourceKind } from '../model/kind.ts';
import type { Provider } from '../model/provider.ts';
import type { Spec } from '../model/resource.ts';
import type { ConvexApi } from './convex/api.ts';
import { openConvex, type ConvexOptions } from './convex/provider.ts';
import { convexKinds } from './convex/registry.ts';

export type Dialect = 'official';

export const DIALECTS: readonly Dialect[] = ['official'];

export interface ProviderOptions extends ConvexOptions {
  readonly dialect: Dialect;
}

/** The kinds of a dialect, parents before children; no connection is needed to know them. */
export function kindsFor(dialect: Dialect): readonly ResourceKind<Spec, ConvexApi>[] {
  switch (dialect) {
    case 'official':
      return convexKinds;
    default:
      return dialect satisfies never;
  }
}

/** Opens a provider; nothing is sent before it is first asked. Close it when done. */
export function openProvider(options: ProviderOptions): Provider<ConvexApi> {
  return openConvex({ ...options, kinds: kindsFor(options.dialect) });
}
