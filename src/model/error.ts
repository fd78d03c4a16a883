/** What a request to the platform can fail with. Closed: providers map everything to one of these at birth. */
export type PlatformErrorCode =
  | 'unauthenticated' // 401: the token is missing, expired or not accepted
  | 'forbidden' // 403: the token may not do this
  | 'not-found' // 404
  | 'conflict' // the name is taken, or the precondition does not hold
  | 'invalid' // other 4xx: the platform refuses the request as it is
  | 'quota' // a plan limit of the team
  | 'rate-limited' // 429
  | 'unavailable' // 5xx and other transient replies
  | 'timeout' // no whole reply within the time allowed
  | 'network' // no connection, or it broke
  | 'bad-response' // a reply we cannot read: not JSON, too large, a shape we do not know
  | 'host-not-allowed' // refused by us before connecting
  | 'wrong-team' // whose things these are is not what the document says, or cannot be found out
  | 'lost-race' // something else took the name we asked for
  | 'withheld' // not sent by us: whoever may write at the moment, it is not this process
  | 'aborted'; // we were told to stop

/**
 * Whether a request may have taken effect: `no` = certainly not executed (refused connection, 4xx, 429, 503
 * RejectedBeforeExecution), `unknown` = sent, and no reply we can trust (law F).
 */
export type Executed = 'no' | 'unknown';

/** A request that failed. The message is scrubbed and stripped of control characters before it gets here. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: PlatformErrorCode;
  readonly executed: Executed;
  /** Safe and sensible to send the same request again. Decided at birth, never re-derived. */
  readonly retryable: boolean;
  /** HTTP status, where there was one. */
  readonly status: number | null;
  /** The platform's own code (`DeploymentReferenceAlreadyExists`), where it gave one. */
  readonly platformCode: string | null;
  /** How long the platform asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    code: PlatformErrorCode,
    message: string,
    details: {
      readonly executed: Executed;
      readonly retryable: boolean;
      readonly status?: number | null;
      readonly platformCode?: string | null;
      readonly retryAfterMs?: number | null;
    },
  ) {
    super(message);
    this.code = code;
    this.executed = details.executed;
    this.retryable = details.retryable;
    this.status = details.status ?? null;
    this.platformCode = details.platformCode ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** What of an error goes into plans and reports. */
export interface ErrorSummary {
  readonly code: string;
  readonly message: string;
}

export function summarizeError(error: PlatformError): ErrorSummary {
  return { code: error.code, message: error.message };
}
