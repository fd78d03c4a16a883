import { PlatformError, type PlatformErrorCode } from '../../model/error.ts';
import { AddressRefused } from './guarded-connect.ts';

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
  /** A proxy of the environment may have stood between. */
  readonly isProxied: boolean;
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

function describe(cause: unknown, { isAborted, isLate, isSent, isProxied, timeoutMs }: Attempted): Description {
  if (isAborted) return { code: 'aborted', message: 'was not waited for any longer', isPermanent: true };
  const refused = addressRefused(cause);
  if (refused !== null) {
    const message = `${refused.reason}: the token is not sent there; \`--allow-host\` with the address or its network would permit it`;
    return { code: 'host-not-allowed', message, isPermanent: true };
  }
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
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return { code: 'bad-response', message: 'sent too many headers', isPermanent: true };
  }
  const proxySaid = /^Proxy response \((\d{3})\)/.exec(cause instanceof Error ? cause.message : '')?.[1];
  if (proxySaid !== undefined) {
    const message = `could not be reached: the proxy of HTTPS_PROXY or HTTP_PROXY answered with ${proxySaid}`;
    return { code: 'network', message, ...(/^4(?!08|29)/.test(proxySaid) ? { isPermanent: true } : {}) };
  }
  const through = isProxied ? ' through the proxy of HTTPS_PROXY or HTTP_PROXY' : '';
  const did = isSent ? 'broke off the connection' : `could not be connected to${through}`;
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

/** The refusal of an address, also where several were tried. */
function addressRefused(cause: unknown): AddressRefused | null {
  if (cause instanceof AddressRefused) return cause;
  if (cause instanceof AggregateError) return cause.errors.map(addressRefused).find((one) => one !== null) ?? null;
  return cause instanceof Error && cause.cause !== undefined ? addressRefused(cause.cause) : null;
}
