import type { AnyKind } from '../model/kinds.ts';
import type { Part } from './not-built-yet.ts';
import { collectionKeys } from './schema-parts.ts';
import { show } from './show.ts';

/** Where a key that is right elsewhere goes; null where it is right nowhere, or that would not help. */
export function belongsTo(key: string, part: Part | null, kinds: readonly AnyKind[]): string | null {
  if (part === 'match') return null;
  if ((part === 'root' || part === 'entry') && OF_POLICY.has(key)) return 'It belongs in `policy`.';
  const home = kinds.find((kind) => {
    if (kind.form.shape !== 'list') return false;
    const inside = kinds.filter((child) => child.parent === kind.name);
    return Object.hasOwn(kind.schema, key) || inside.some((child) => collectionKeys(child).includes(key));
  });
  return home === undefined ? null : `It belongs in an entry of ${show(home.collection)}.`;
}

/** Rules are easily written where they are meant to act. */
const OF_POLICY: ReadonlySet<string> = new Set(['invariants', 'windows', 'prune', 'unprotect', 'ignore', 'visible']);
