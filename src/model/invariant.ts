import type { Within } from './nearest.ts';
import type { Place } from './place.ts';
import type { Match } from './selector.ts';

/** What an invariant asks: of one key in several containers, or of the keys in each container. */
export const PAIR_RULES = ['mustDiffer', 'mustMatch'] as const;
export const SINGLE_RULES = ['required', 'forbidden'] as const;
export const INVARIANT_RULES = [...PAIR_RULES, ...SINGLE_RULES] as const;

export type PairRule = (typeof PAIR_RULES)[number];
export type InvariantRule = (typeof INVARIANT_RULES)[number];

/** All of them hold of a container and of what contains it; none: every container. */
export type Condition = readonly Match[];

/** One item of a `policy.invariants`: what has to be true of the state after a plan, inside the entry that says it. */
export interface Invariant extends Within {
  readonly rule: InvariantRule;
  /** The kind whose members it is about, a `compared` one. */
  readonly kind: string;
  /** Globs over their keys. */
  readonly keys: readonly string[];
  /**
   * Of a pair rule, what is compared with each other: the containers of each with those of the others, of one alone
   * among themselves. Of other rules one condition.
   */
  readonly sides: readonly Condition[];
  readonly reason: string | null;
  readonly where: Place;
}

export function isPairRule(rule: InvariantRule): rule is PairRule {
  return PAIR_RULES.some((pair) => pair === rule);
}
