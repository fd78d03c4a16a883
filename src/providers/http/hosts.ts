/** Who may get the token (command line: `--api-url`, `--allow-host`). */
export interface HostRules {
  /** With its `/v1`. */
  readonly apiUrl: string;
  /** Host suffixes: `example.com` allows that host and everything under it, over https. */
  readonly allowHosts: readonly string[];
}

/** The hosts of deployments (management specification, `deploymentUrl`). */
const DEPLOYMENT_SUFFIX = 'convex.cloud';

/**
 * May a request with the token go to `url`, which a reply of the platform named? Pure. Anything not spelled the plain
 * way is refused, so that no two parsers can disagree about where it leads: user info, ports, upper case, IDN and
 * punycode, a trailing dot, a query. On a loopback API host other loopback URLs are allowed too, with ports and http.
 */
export function isAllowedHost(url: string, rules: HostRules): boolean {
  const parsed = plainUrl(url);
  const api = parse(rules.apiUrl);
  if (parsed === null || api === null) return false;
  if (parsed.origin === api.origin) return isAllowedApiUrl(rules.apiUrl);
  if (isLoopback(parsed.hostname)) return isLoopback(api.hostname);
  if (parsed.protocol !== 'https:' || parsed.port !== '') return false;
  return [DEPLOYMENT_SUFFIX, ...rules.allowHosts].some((suffix) => isUnder(parsed.hostname, suffix));
}

/** May the token go to the API URL that the user gave? Over https, or to this machine. */
export function isAllowedApiUrl(apiUrl: string): boolean {
  const parsed = parse(apiUrl);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false;
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed.hostname));
}

/** The host of a URL for messages; never its user info, path or query. */
export function hostOf(url: string): string {
  return parse(url)?.host ?? 'an invalid URL';
}

/** 127.0.0.0/8, ::1 and `localhost`, as the URL parser spells them. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isUnder(hostname: string, suffix: string): boolean {
  const plain = suffix.toLowerCase().replace(/^\*?\./, '');
  return plain !== '' && (hostname === plain || hostname.endsWith(`.${plain}`));
}

/** The URL if it is http(s) and written exactly as the parser would write it (a final slash may be left out). */
function plainUrl(url: string): URL | null {
  const parsed = parse(url);
  if (parsed === null || (url !== parsed.href && `${url}/` !== parsed.href)) return null;
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') return null;
  if (url.endsWith('?') || url.endsWith('#')) return null;
  if (parsed.hostname.split('.').some((label) => label.startsWith('xn--'))) return null;
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed : null;
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
