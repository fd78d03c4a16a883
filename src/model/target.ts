/** Whose things these are: what a plan's first line names and a saved plan is bound to. */
export interface Target {
  readonly apiUrl: string;
  readonly dialect: string;
  readonly teamId: number;
  /** Null until something that names it was read (an empty team cannot be checked, rule 26). */
  readonly teamSlug: string | null;
}
