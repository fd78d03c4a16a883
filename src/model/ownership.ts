import { isWithin, parentAddress, type Address } from './address.ts';
import { anyGlob, type Matcher } from './glob.ts';
import type { PolicyGlobs } from './resource.ts';

/** The globs of one policy list, each acting only inside the entry whose policy says it. */
export function policyMatcher(policies: readonly PolicyGlobs[], list: 'protect' | 'unprotect' | 'ignore'): Matcher {
  const scoped = policies
    .filter((policy) => policy[list].length > 0)
    .map((policy) => ({ within: policy.within, matches: anyGlob(policy[list]) }));
  return (address) =>
    scoped.some(({ within, matches }) => (within === null || isWithin(address as Address, within)) && matches(address));
}

/** True for what others own (rule 4): a thing that `ignore` matches, and everything inside it. */
export function ignoredBy(policies: readonly PolicyGlobs[]): (address: Address) => boolean {
  const matches = policyMatcher(policies, 'ignore');
  return (address) => {
    for (let at: Address | null = address; at !== null; at = parentAddress(at)) if (matches(at)) return true;
    return false;
  };
}
