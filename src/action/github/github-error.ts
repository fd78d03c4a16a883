/** GitHub did not do what was asked. Expected, so it stops nothing but what needed it; the message is for people. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  /** Null: there was no answer. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.status = status;
  }
}
