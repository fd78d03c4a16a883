/** The command line is wrong: exit 64. Expected, so it carries no stack to the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What to do about it. */
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.hint = hint;
  }
}

/** A name of the contract that this version does not serve. */
export function notBuilt(what: string): UsageError {
  return new UsageError(`${what} is not built yet in this version`);
}
