/** The proxies of the environment; null: none. */
export interface Proxies {
  /** For `https:` hosts. With user and password, where it has them: never to be printed. */
  readonly https: string | null;
  /** For what has no proxy of its own. */
  readonly http: string | null;
  /** `NO_PROXY` as it stands. */
  readonly except: string;
}

export const NO_PROXIES: Proxies = { https: null, http: null, except: '' };

/**
 * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in lower case first, as other programs read them. The second form names
 * the variable that holds no proxy's URL, not its value.
 */
export function proxiesOf(
  env: Readonly<Record<string, string | undefined>>,
): { readonly proxies: Proxies } | { readonly invalid: string } {
  const https = read(env, 'https_proxy');
  const http = read(env, 'http_proxy');
  const invalid = [https, http].find((found) => found !== null && found.url === null);
  if (invalid !== undefined && invalid !== null) return { invalid: invalid.name };
  const except = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return { proxies: { https: https?.url ?? null, http: http?.url ?? null, except } };
}

interface Found {
  readonly name: string;
  /** Null: it is no URL of a proxy that we can use. */
  readonly url: string | null;
}

function read(env: Readonly<Record<string, string | undefined>>, lower: string): Found | null {
  const name = [lower, lower.toUpperCase()].find((one) => env[one] !== undefined);
  const text = (name === undefined ? '' : (env[name] ?? '')).trim();
  if (name === undefined || text === '') return null;
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  const isUsable = url !== null && url.hostname !== '' && /^https?:$/.test(url.protocol) && isDecodable(url);
  return { name, url: isUsable ? url.href : null };
}

/** User and password are decoded for the proxy. */
function isDecodable({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(username + password).length >= 0;
  } catch {
    return false;
  }
}
