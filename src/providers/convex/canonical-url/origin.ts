import type { Finding } from '../../../model/kind.ts';
import type { LiveResource } from '../../../model/resource.ts';

/** `https://API.acme.com:443/` and `https://api.acme.com` are one origin; what is no origin stays as it is written. */
export function originText(written: string): string {
  const url = parse(written);
  return url === null || !isOrigin(url) ? written : url.origin;
}

/** The host that an origin is served on; null where it is no URL, or has a port of its own. */
export function hostOf(text: string): string | null {
  const url = parse(text);
  return url === null || url.port !== '' || url.hostname === '' ? null : url.hostname;
}

/** Offline check: the platform takes any text, and what is compared as an origin must be one. */
export function checkOrigin(text: string | null | undefined): readonly Finding[] {
  if (typeof text !== 'string') return [];
  const url = parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && isOrigin(url)) return [];
  return [
    {
      severity: 'error',
      code: 'CVG302',
      summary: 'a canonical URL is scheme and host alone, such as https://api.acme.com',
      hint: 'Write it without user, path, query and fragment.',
      field: 'url',
    },
  ];
}

/**
 * Whether `text` is what the deployment answers without a canonical URL of its own. The API gives defaults back as
 * if they were set (convex-backend `canonical_urls.rs`), so only the value tells: the deployment's URL, and for HTTP
 * actions the same name under convex.site. Elsewhere than on convex.cloud HTTP actions are under `/http`.
 */
export function isPlatformDefault(destination: string | undefined, text: string, deployment: LiveResource): boolean {
  const base = deployment.facts['deploymentUrl'];
  if (typeof base !== 'string') return false;
  const own = trimmed(base);
  const site = own.replace(/\.convex\.cloud$/, '.convex.site');
  return trimmed(text) === (destination === 'convexSite' ? (site === own ? `${own}/http` : site) : own);
}

function trimmed(text: string): string {
  return (parse(text)?.href ?? text).replace(/\/+$/, '');
}

function isOrigin({ pathname, search, hash, username, password }: URL): boolean {
  return pathname === '/' && search === '' && hash === '' && username === '' && password === '';
}

function parse(text: string): URL | null {
  return URL.parse(text);
}
