import { PlatformError, type PlatformErrorCode } from '../../model/error.ts';

export class ReplyTooLarge extends Error {
  override readonly name = 'ReplyTooLarge';
  constructor(bytes: number) {
    super(`sent more than ${String(bytes)} bytes`);
  }
}

export interface Attempted {
  readonly host: string;
  readonly isWrite: boolean;
  /** The connection stood and writing had begun. */
  readonly isSent: boolean;
  /** The caller aborted. */
  readonly isAborted: boolean;
  /** The time of the request was up. */
  readonly isLate: boolean;
  readonly timeoutMs: number;
}

/**
 * A request without a whole reply. What was not sent was not executed, whatever went wrong; what was sent and was a
 * write is unknown (law F). Messages are ours: an error of the network stack may quote what we sent.
 */
export function transportError(cause: unknown, attempted: Attempted): PlatformError {
  const { host, isWrite, isSent } = attempted;
  const { code, message, isPermanent } = describe(cause, attempted);
  const executed = isWrite && isSent ? 'unknown' : 'no';
  return new PlatformError(code, `${host} ${message}`, { executed, retryable: !isPermanent && executed === 'no' });
}

interface Description {
  readonly code: PlatformErrorCode;
  readonly message: string;
  readonly isPermanent?: true;
}

function describe(cause: unknown, { isAborted, isLate, isSent, timeoutMs }: Attempted): Description {
  if (isAborted) return { code: 'aborted', message: 'was not waited for any longer', isPermanent: true };
  if (cause instanceof ReplyTooLarge) return { code: 'bad-response', message: cause.message, isPermanent: true };
  const code = codeOf(cause);
  if (isLate || /TIMEOUT|ETIMEDOUT/.test(code)) {
    const message = isSent ? `gave no whole reply within ${String(timeoutMs)} ms` : 'could not be connected to in time';
    return { code: 'timeout', message };
  }
  if (
    /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)|_IN_CERT_CHAIN$|^HOSTNAME_MISMATCH$/.test(code)
  ) {
    return { code: 'network', message: `has a certificate that is not trusted (${code})`, isPermanent: true };
  }
  if (cause instanceof Error && cause.name === 'HTTPParserError') {
    return { code: 'bad-response', message: 'does not speak HTTP' };
  }
  const did = isSent ? 'broke off the connection' : 'could not be connected to';
  return { code: 'network', message: code === '' ? did : `${did} (${code})` };
}

/** The innermost error code, as Node and undici spell them; empty where there is none. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const code = 'code' in cause && typeof cause.code === 'string' && /^\w{2,60}$/.test(cause.code) ? cause.code : '';
  if (code !== '' && code !== 'UND_ERR') return code;
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  return codeOf(cause.cause);
}
