import type { Posted, Post } from '../daemon/notify/open-notifier.ts';
import { reveal } from '../model/secret.ts';
import { openDispatchers, type Dispatchers } from '../providers/http/dispatcher.ts';
import { isLoopback } from '../providers/http/hosts.ts';
import type { Proxies } from '../providers/http/proxies.ts';

/** Replies are read to this length and dropped, so that the connection can be used again. */
const MOST_REPLY_BYTES = 64 * 1024;

export interface Poster {
  readonly post: (post: Post) => Promise<Posted>;
  readonly close: () => Promise<void>;
}

/**
 * Sends what notifications are made of: through the same proxies and authorities as everything else, without following
 * a redirect. Who may be reached is the operator's choice, also in private networks: no token of the platform is sent.
 */
export function openPoster(options: { readonly ca: string | null; readonly proxies: Proxies }): Poster {
  let opened: Promise<Dispatchers> | null = null;
  const dispatchers = (): Promise<Dispatchers> =>
    (opened ??= openDispatchers({ ...options, connections: 2, allowHosts: ['0.0.0.0/0', '::/0'] }));
  return {
    async post({ url: secret, plainHttp, headers, body, signal }) {
      const url = URL.parse(reveal(secret));
      if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
        return { why: 'what urlFrom gives is no http(s) URL', isPermanent: true };
      if (url.protocol === 'http:' && !plainHttp && !isLoopback(url.hostname))
        return { why: 'what urlFrom gives is an http URL, and plainHttp is not set', isPermanent: true };
      try {
        const agents = await dispatchers();
        const {
          statusCode,
          headers: replied,
          body: reply,
        } = await agents.of(url.hostname).request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: 'POST',
          headers: { ...headers, ...credentialsOf(url) },
          body,
          signal,
        });
        await reply.dump({ limit: MOST_REPLY_BYTES, signal }).catch(() => undefined);
        const after = replied['retry-after'];
        const seconds = typeof after === 'string' && /^\d{1,6}$/.test(after) ? Number(after) : null;
        return { status: statusCode, retryAfter: seconds };
      } catch (error) {
        return { why: `the receiver could not be reached${codeOf(error)}`, isPermanent: false };
      }
    },
    async close() {
      await (await opened)?.destroy();
    },
  };
}

function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

/** A code is a word of Node's or of ours; a message may quote the URL. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string' && /^[A-Z_0-9]{2,60}$/.test(code) && code !== 'UND_ERR') return ` (${code})`;
  return cause instanceof Error ? codeOf(cause) : '';
}
