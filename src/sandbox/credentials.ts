import { SandboxError } from './platform/errors.ts';
import type { Platform } from './platform/platform.ts';
import type { Token } from './platform/state.ts';
import { accessTokenInvalid } from './platform/tokens.ts';
import type { Caller } from './platform/tokens.ts';

/** What a request says of its sender. */
export interface Sender {
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  readonly clientIp: string | undefined;
}

/** Splits `Bearer abc`; the scheme in lower case, empty when there is none. */
function credential(authorization: string | undefined): { readonly scheme: string; readonly secret: string } {
  const [, scheme = '', secret = ''] = /^(\S+) +(.*)$/.exec(authorization ?? '') ?? [];
  return { scheme: scheme.toLowerCase(), secret };
}

/** A deploy key (`prod:happy-otter-123|sandbox`, `happy-otter-123|sandbox`) names its deployment; a plain token none. */
function splitDeployKey(secret: string): { readonly name: string | null; readonly token: string } {
  const bar = secret.indexOf('|');
  if (bar === -1) return { name: null, token: secret };
  return { name: secret.slice(0, bar).replace(/^(prod|dev|preview|custom):/, ''), token: secret.slice(bar + 1) };
}

/** The deployment that a deploy key names. */
export function deploymentOfKey({ authorization }: Sender): string | null {
  return splitDeployKey(credential(authorization).secret).name;
}

function callerOf(token: Token, { clientIp, userAgent }: Sender): Caller {
  return {
    token,
    ...(clientIp === undefined ? {} : { clientIp }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

/** `Authorization: Bearer <token>`, or 401 AccessTokenInvalid. */
export function managementCaller(platform: Platform, sender: Sender): Caller {
  const { scheme, secret } = credential(sender.authorization);
  if (scheme !== 'bearer') throw accessTokenInvalid('The management API needs `Authorization: Bearer <token>`.');
  const token = platform.identify(secret);
  if (token === undefined) throw accessTokenInvalid('The token is invalid: the sandbox takes sandbox… tokens.');
  return callerOf(token, sender);
}

/** `Authorization: Convex <token or deploy key>`, or 401 BadAdminKey. Personal access tokens are refused. */
export function deploymentCaller(platform: Platform, sender: Sender): Caller {
  const { scheme, secret } = credential(sender.authorization);
  const bad = (message: string) => new SandboxError(401, 'BadAdminKey', message);
  if (scheme !== 'convex') throw bad('The deployment API needs `Authorization: Convex <token>`.');
  const token = platform.identify(splitDeployKey(secret).token);
  if (token === undefined) throw bad('The key is invalid: the sandbox takes sandbox… tokens.');
  if (token.kind === 'personal') throw bad('The deployment API takes no personal access tokens.');
  return callerOf(token, sender);
}
