import { anyGlob, type Matcher } from '../model/glob.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { Member, Policy } from './state-document.ts';

/** Whether plans may show a member's value: its own word, else the `visible` lists of all policies around it together. */
export type Visibility = (kind: AnyKind, member: Member, policies: readonly Policy[]) => boolean;

/** Compiles the globs of each policy once. */
export function visibilityOf(): Visibility {
  const compiled = new Map<Policy, Matcher>();
  return (kind, member, policies) => {
    if (kind.form.shape !== 'map') return false;
    if (member.visible !== null) return member.visible;
    return policies.some((policy) => {
      const matches = compiled.get(policy) ?? anyGlob(policy.visible);
      compiled.set(policy, matches);
      return matches(member.key);
    });
  };
}
