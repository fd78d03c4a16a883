import { PlatformError, type PlatformErrorCode } from '../../model/error.ts';

/** A reply that is not 2xx, as far as we understand it. */
export interface Refusal {
  readonly status: number;
  /** The platform's own code and message, where the body had them. The message is clean already. */
  readonly code: string | null;
  readonly message: string | null;
  readonly retryAfterMs: number | null;
}

export interface RefusedRequest {
  /** `POST /v1/… on api.convex.dev`. */
  readonly what: string;
  readonly isWrite: boolean;
  /** What it is about was made a moment ago, so "not found" may only mean "not known yet". */
  readonly isFresh: boolean;
}

/** Statuses and codes as the platform uses them (convex-backend `errors/src/lib.rs`, recorded replies; law F). */
export function replyError(refusal: Refusal, request: RefusedRequest): PlatformError {
  const { status, code, message, retryAfterMs } = refusal;
  const meaning = meaningOf(refusal);
  const executed = request.isWrite && mayHaveRun(refusal) ? 'unknown' : 'no';
  const transient =
    meaning === 'rate-limited' ||
    (meaning === 'not-found' && request.isFresh) ||
    (request.isWrite ? code === REJECTED : meaning === 'unavailable' || meaning === 'timeout');
  const said = [String(status), code].filter((part) => part !== null).join(' ');
  return new PlatformError(
    meaning,
    message === null || message === ''
      ? `${request.what} was answered with ${said}`
      : `${request.what} was answered with ${said}: ${message}`,
    { executed, retryable: transient && executed === 'no', status, platformCode: code, retryAfterMs },
  );
}

/** The 503 that promises that nothing was begun. */
const REJECTED = 'RejectedBeforeExecution';

function mayHaveRun({ status, code }: Refusal): boolean {
  // 408: the platform gave up waiting, in the middle of anything. 3xx: answered by something in between.
  return (status >= 500 && code !== REJECTED) || status === 408 || status < 400;
}

function meaningOf({ status, code, message }: Refusal): PlatformErrorCode {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 408:
      return 'timeout';
    case 409:
      return 'conflict';
    case 425:
      return 'unavailable';
    case 429:
      return 'rate-limited';
    default:
      if (status >= 500) return 'unavailable';
      if (status < 400) return 'bad-response';
      if (code !== null && code.endsWith('QuotaReached')) return 'quota';
      return isTaken(code, message) ? 'conflict' : 'invalid';
  }
}

/** Taken names answer 400, not 409: `DeploymentReferenceAlreadyExists` (recorded); the code for slugs is not known. */
function isTaken(code: string | null, message: string | null): boolean {
  if (code === null) return false;
  if (/AlreadyExists$|AlreadyInUse$|AlreadyTaken$|Taken$/.test(code)) return true;
  return code === 'InvalidSlug' && /\b(?:taken|in use|already)\b/i.test(message ?? '');
}
