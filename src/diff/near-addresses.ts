import { distance } from 'fastest-levenshtein';
import type { Address } from '../model/address.ts';
import { globMatcher } from '../model/glob.ts';

/**
 * `Did you mean A, B or C?` for an address or glob that matches none of `known` (sorted): what is spelt nearly so, what has
 * that key (`shop`, `shop/production`, `LOG_LEVEL`), or the glob whose `*` crosses segments. Null: nothing is near.
 */
export function didYouMean(wanted: string, known: readonly Address[]): string | null {
  const crossing = wanted.replace(/\*+/g, '**');
  if (crossing !== wanted && known.some(globMatcher(crossing)))
    return `\`*\` stays within a segment. Did you mean ${crossing}?`;
  const [, stem = wanted, tail = ''] = /^(.*?)(\/\*+)?$/s.exec(wanted) ?? [];
  const near = nearest(stem, known);
  if (near.length === 0) return null;
  const names = near.map((address) => `${address}${tail}`);
  const last = names.pop() ?? '';
  return `Did you mean ${names.length === 0 ? last : `${names.join(', ')} or ${last}`}?`;
}

const MOST = 3;

function nearest(stem: string, known: readonly Address[]): readonly Address[] {
  const most = Math.max(3, stem.length / 3);
  // A key alone is short: what is not nearly it is something else.
  const ofKeys = stem.includes(':') ? 0 : Math.min(most, Math.max(1, stem.length / 4));
  const scored = known
    .map((address) => ({ address, score: scoreOf(stem, address, { most, ofKeys }) }))
    .filter(({ score }) => score !== null)
    .sort((a, b) => (a.score ?? 0) - (b.score ?? 0));
  const best = scored[0]?.score ?? 0;
  return scored
    .filter(({ score }) => score === best)
    .slice(0, MOST)
    .map(({ address }) => address);
}

function scoreOf(
  stem: string,
  address: Address,
  limits: { readonly most: number; readonly ofKeys: number },
): number | null {
  const whole = bySegments(stem, address);
  if (whole <= limits.most) return whole;
  if (stem.includes(':')) return null;
  const keys = address.split('/').map((segment) => segment.slice(segment.indexOf(':') + 1));
  const asKeys = Math.min(distance(stem, keys.join('/')), distance(stem, keys.at(-1) ?? ''));
  return asKeys <= limits.ofKeys ? asKeys : null;
}

/** Where a segment is a glob that matches, it is as good as the same. */
function bySegments(stem: string, address: Address): number {
  if (!stem.includes('*')) return distance(stem, address);
  const [wanted, given] = [stem.split('/'), address.split('/')];
  if (wanted.length !== given.length) return Infinity;
  return wanted.reduce((sum, glob, index) => {
    const segment = given[index] ?? '';
    return sum + (glob.includes('*') && globMatcher(glob)(segment) ? 0 : distance(glob, segment));
  }, 0);
}
