/** What the user agrees to in this run (rule 9): kinds that may be deleted, addresses confirmed by name, the threshold. */
export interface Consent {
  readonly allowDelete: readonly string[];
  readonly confirm: readonly string[];
  readonly maxDeletePercent: number | null;
}

export const NO_CONSENT: Consent = { allowDelete: [], confirm: [], maxDeletePercent: null };
