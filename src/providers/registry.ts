import type { Push } from '../model/hints.ts';
import type { ResourceKind } from '../model/kind.ts';
import type { Provider } from '../model/provider.ts';
import type { Spec } from '../model/resource.ts';
import type { ConvexApi } from './convex/api.ts';
import type { ConvexDialectName } from './convex/dialect-name.ts';
import { openConvex, type ConvexDialect, type ConvexOptions } from './convex/provider.ts';
import { convexDialects } from './convex/registry.ts';

/** An API that the platform may be spoken to through. */
export type Dialect = ConvexDialectName;

/** All of them, the usual one first. */
export const DIALECTS = Object.keys(convexDialects) as readonly Dialect[] as readonly [Dialect, ...Dialect[]];

/** A kind that comes from elsewhere and is read and written through the dialect's own handle. */
export type FurtherKind = ResourceKind<Spec, ConvexApi>;

export interface ProviderOptions extends ConvexOptions {
  readonly dialect: Dialect;
  /** Beside the dialect's own kinds. Absent: none. */
  readonly kinds?: readonly FurtherKind[] | undefined;
}

/** The kinds of a dialect and then the further ones, parents before children; no connection is needed to know them. */
export function kindsFor(
  dialect: Dialect,
  further: readonly FurtherKind[] = [],
): readonly ResourceKind<Spec, ConvexApi>[] {
  const { kinds } = dialectNamed(dialect);
  return further.length === 0 ? kinds : [...kinds, ...further];
}

/** What the platform sends by itself in a dialect; null: nothing. */
export function pushFor(dialect: Dialect): Push | null {
  return dialectNamed(dialect).push ?? null;
}

/** Opens a provider; nothing is sent before it is first asked. Close it when done. */
export function openProvider(options: ProviderOptions): Provider<ConvexApi> {
  const { dialect, kinds: further } = options;
  const spoken = { ...dialectNamed(dialect), kinds: kindsFor(dialect, further) };
  return openConvex({ ...options, name: dialect, dialect: spoken });
}

function dialectNamed(dialect: Dialect): ConvexDialect {
  return convexDialects[dialect];
}
