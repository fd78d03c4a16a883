const DEFAULT_HOST = 'https://api.convex.dev';

/** The official CLI's variable for the API host. */
const VARIABLE = 'CONVEX_PROVISION_HOST';

/** Why a URL cannot be the API's: a sentence and perhaps what to do. */
export interface NoApiUrl {
  readonly why: string;
  readonly hint?: string;
}

/**
 * The API's URL with `/v1` and without a slash at its end: what was given, else the variable, else Convex itself. `name`
 * is what messages call the given one.
 */
export function apiUrlFrom(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): string | NoApiUrl {
  const fromEnv = env[VARIABLE];
  const [called, text] =
    given !== undefined ? [name, given] : [VARIABLE, fromEnv === undefined || fromEnv === '' ? DEFAULT_HOST : fromEnv];
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { why: `${called} is not an http(s) URL`, hint: 'write it as https://api.convex.dev' };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return { why: `${called} must be a plain URL: no credentials, no query, no fragment` };
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return base.endsWith('/v1') ? base : `${base}/v1`;
}
