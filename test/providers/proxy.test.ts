import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openClient, type WireRequest } from '../../src/providers/http/client.ts';
import { NO_PROXIES, proxiesOf, type Proxies } from '../../src/providers/http/proxies.ts';
import { http, portOf, proxyTo } from './servers.ts';

const pem = (name: string): Promise<string> => readFile(new URL(`tls/${name}.pem`, import.meta.url), 'utf8');

/** A TLS server with a certificate of a private authority for `api.converge.test` and `*.convex.cloud`. */
async function platform(): Promise<{ readonly port: number; readonly seen: string[]; readonly ca: string }> {
  const [key, cert, ca] = await Promise.all([pem('named-key'), pem('named'), pem('authority')]);
  const seen: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    seen.push([request.headers.host, request.headers.authorization, request.headers['proxy-authorization']].join(' '));
    response.end('{}');
  });
  return { port: await portOf(server), seen, ca };
}

async function send(
  url: string,
  { proxies, ca = null }: { readonly proxies: Proxies; readonly ca?: string | null },
  extra: Partial<WireRequest> = {},
): Promise<{ readonly sent: number; readonly end: unknown }> {
  // Names are looked up by the proxy; one that we looked up ourselves would be refused here.
  const resolve = (_: string, __: unknown, callback: (error: null, found: []) => void): void => callback(null, []);
  const client = openClient({ connections: 2, ca, allowHosts: [], proxies, resolve });
  onTestFinished(() => client.close());
  let sent = 0;
  const end = await client
    .send({
      method: 'POST',
      url,
      headers: { authorization: 'Bearer token-123456' },
      body: '{}',
      signal: new AbortController().signal,
      timeoutMs: 5000,
      onSent: () => {
        sent += 1;
      },
      ...extra,
    })
    .catch((error: unknown) => error);
  return { sent, end };
}

const through = (url: string): Proxies => ({ ...NO_PROXIES, https: url });

describe('behind a proxy', () => {
  test('requests go through a tunnel to a host whose private authority is given, and the proxy sees no token', async () => {
    const { port, seen, ca } = await platform();
    const proxy = await proxyTo(port);
    const url = proxy.url.replace('//', '//user:pass%40word@');
    expect(await send('https://api.converge.test/v1/x', { proxies: through(url), ca })).toMatchObject({
      sent: 1,
      end: { status: 200 },
    });
    expect(seen).toEqual(['api.converge.test Bearer token-123456 ']);
    expect(proxy.tunnels).toEqual(['api.converge.test:443']);
    expect(proxy.plain).toEqual([]);
    const [head] = proxy.heads;
    expect(head?.headers.authorization).toBeUndefined();
    expect(head?.headers['proxy-authorization']).toBe(`Basic ${btoa('user:pass@word')}`);
  });

  test('a certificate that nobody vouches for is refused inside the tunnel, too', async () => {
    const { port, seen } = await platform();
    const proxy = await proxyTo(port);
    const { sent, end } = await send('https://api.converge.test/', { proxies: through(proxy.url) });
    expect(sent).toBe(0);
    expect(end).toMatchObject({ code: 'network', executed: 'no', retryable: false });
    expect((end as Error).message).toContain('certificate that is not trusted');
    expect(seen).toEqual([]);
  });

  test('so is the certificate of another host', async () => {
    const { port, seen, ca } = await platform();
    const proxy = await proxyTo(port);
    const { end } = await send('https://api.convex.dev/', { proxies: through(proxy.url), ca });
    expect(end).toMatchObject({ code: 'network', executed: 'no', retryable: false });
    expect(seen).toEqual([]);
  });

  test.each([
    [407, false],
    [403, false],
    [502, true],
    [503, true],
  ])('a proxy that answers %i to a tunnel: nothing was sent; asked again: %s', async (status, retryable) => {
    const proxy = await proxyTo(1, status);
    const url = proxy.url.replace('//', '//user:proxy-secret@');
    const { sent, end } = await send('https://api.converge.test/', { proxies: through(url) });
    expect(sent).toBe(0);
    expect(end).toMatchObject({ code: 'network', executed: 'no', retryable });
    expect((end as Error).message).toContain(`proxy of HTTPS_PROXY or HTTP_PROXY answered with ${status}`);
    expect((end as Error).message).not.toContain('proxy-secret');
  });

  test('a proxy that is not there is named as the cause', async () => {
    const { sent, end } = await send('https://api.converge.test/', { proxies: through('http://127.0.0.1:1/') });
    expect(sent).toBe(0);
    expect(end).toMatchObject({ code: 'network', executed: 'no', retryable: true });
    expect((end as Error).message).toContain('through the proxy of HTTPS_PROXY or HTTP_PROXY (ECONNREFUSED)');
  });

  test('a proxy that never answers is not waited for beyond the time of the request', async () => {
    const silent = await http(() => undefined);
    const { sent, end } = await send('https://api.converge.test/', { proxies: through(silent) }, { timeoutMs: 200 });
    expect(sent).toBe(0);
    expect(end).toMatchObject({ executed: 'no' });
  });

  test('this machine is never reached through one', async () => {
    const seen: (string | undefined)[] = [];
    const url = await http((request, response) => {
      seen.push(request.url);
      response.end('{}');
    });
    const proxy = await proxyTo(1);
    const proxies = { https: proxy.url, http: proxy.url, except: '' };
    expect((await send(`${url}/v1/x`, { proxies })).end).toMatchObject({ status: 200 });
    expect(seen).toEqual(['/v1/x']);
    expect([...proxy.tunnels, ...proxy.plain]).toEqual([]);
  });

  test('HTTP_PROXY serves where there is no HTTPS_PROXY', async () => {
    const { port, ca } = await platform();
    const proxy = await proxyTo(port);
    const { end } = await send('https://a.convex.cloud/', { proxies: { ...NO_PROXIES, http: proxy.url }, ca });
    expect(end).toMatchObject({ status: 200 });
    expect(proxy.tunnels).toEqual(['a.convex.cloud:443']);
  });

  test.each(['api.converge.test', '.converge.test', '*', 'other.test, converge.test'])(
    'NO_PROXY %j leads past it, and there our own check of addresses holds',
    async (except) => {
      const proxy = await proxyTo(1);
      const client = openClient({
        connections: 1,
        ca: null,
        allowHosts: [],
        proxies: { https: proxy.url, http: null, except },
        resolve: (_, __, callback) => callback(null, [{ address: '10.0.0.1', family: 4 }]),
      });
      onTestFinished(() => client.close());
      await expect(
        client.send({
          method: 'GET',
          url: 'https://api.converge.test/',
          headers: {},
          body: null,
          signal: new AbortController().signal,
          timeoutMs: 5000,
          onSent: () => undefined,
        }),
      ).rejects.toMatchObject({ code: 'host-not-allowed' });
      expect(proxy.tunnels).toEqual([]);
    },
  );
});

describe('the environment', () => {
  test('lower case wins, empty means none, a scheme may be left out', () => {
    expect(proxiesOf({})).toEqual({ proxies: NO_PROXIES });
    expect(proxiesOf({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2', NO_PROXY: 'x', no_proxy: 'y' })).toEqual({
      proxies: { https: 'http://b:2/', http: null, except: 'y' },
    });
    expect(proxiesOf({ HTTPS_PROXY: 'http://a:1', https_proxy: '' })).toEqual({ proxies: NO_PROXIES });
    expect(proxiesOf({ HTTP_PROXY: 'proxy.example.com:3128', HTTPS_PROXY: ' https://p.example.com ' })).toEqual({
      proxies: { https: 'https://p.example.com/', http: 'http://proxy.example.com:3128/', except: '' },
    });
  });

  test.each(['socks5://proxy:1080', 'http://', 'http://:80', '::', 'http://a b', 'http://us%er@proxy'])(
    '%j is no proxy',
    (text) => {
      expect(proxiesOf({ HTTPS_PROXY: text })).toEqual({ invalid: 'HTTPS_PROXY' });
      expect(proxiesOf({ http_proxy: text })).toEqual({ invalid: 'http_proxy' });
    },
  );
});
