import { isWithin, type Address } from './address.ts';
import { globMatcher } from './glob.ts';
import type { Place } from './place.ts';

/** An item of `policy.ignore` that says why and until when: a difference that is known and accepted for a while. */
export interface IgnoreRule {
  /** It acts on this and what it contains; null: everywhere. */
  readonly within: Address | null;
  /** An address, or a glob over addresses. */
  readonly address: string;
  /** Only these fields of what it matches are left as they are; empty: the whole thing and what it contains (rule 4). */
  readonly fields: readonly string[];
  readonly reason: string;
  /** Milliseconds since epoch. */
  readonly expires: number;
  readonly where: Place;
}

/** What the rule's glob matches where it acts; not what that contains. */
export function ignoreMatcher({
  within,
  address: glob,
}: Pick<IgnoreRule, 'within' | 'address'>): (address: Address) => boolean {
  const matches = globMatcher(glob);
  return (address) => (within === null || isWithin(address, within)) && matches(address);
}
