/** One thing that a policy has against a plan, or to say of it. */
export interface PolicyFinding {
  /** One sentence, for people. */
  readonly message: string;
  /** Changes of the plan that it is about, or what contains them; absent or empty: all of the plan. */
  readonly addresses?: readonly string[];
  /** What the policy calls its rule. */
  readonly rule?: string;
}

/** What a policy says of a plan: while there are refusals, nothing that they are about is written. */
export interface PolicyAnswer {
  /** A text is a finding's message. */
  readonly refusals: readonly (PolicyFinding | string)[];
  readonly warnings?: readonly (PolicyFinding | string)[];
}
