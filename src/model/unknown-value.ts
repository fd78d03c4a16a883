/**
 * A desired value that could not be resolved in this run (`plan --allow-unresolved`, `validate`): typed, never
 * compared, never printed as null. At apply it becomes a write or nothing.
 */
export class UnknownValue {
  /** What would give the value, for people: `fromEnv STRIPE_KEY`. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}
