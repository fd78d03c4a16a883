import type { Plan } from './change.ts';

/** A plan as `--out` writes it: what it showed, and keyed digests of what it stood on. */
export interface SavedPlan {
  readonly plan: Plan;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly tool: string;
  readonly digests: PlanDigests;
}

export interface PlanDigests {
  /** `embedded`: the random key is in the file, which is as secret as the values; `env`: derived from CONVERGE_PLAN_KEY. */
  readonly key: { readonly from: 'embedded'; readonly hex: string } | { readonly from: 'env'; readonly check: string };
  /** State file path → digest of its bytes. */
  readonly files: Readonly<Record<string, string>>;
  /** Over every resolved desired value. */
  readonly state: string;
  /** Address → digest of the live fields that the change depends on. */
  readonly before: Readonly<Record<string, string>>;
  /** Desired addresses whose value was not resolved. */
  readonly unresolved: readonly string[];
}
