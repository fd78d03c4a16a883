import { readFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { PlatformError } from '../../src/model/error.ts';
import type { DispatcherOptions } from '../../src/providers/http/dispatcher.ts';
import { NO_PROXIES } from '../../src/providers/http/proxies.ts';
import { openClient, type Client, type WireRequest } from '../../src/providers/http/client.ts';
import { http, listening, raw } from './servers.ts';

/* What only real sockets show: timeouts, resets, sizes, reuse. */

const direct: DispatcherOptions = { connections: 1, ca: null, allowHosts: [], proxies: NO_PROXIES };

function client(connections = 2): Client {
  const opened = openClient({ ...direct, connections });
  onTestFinished(() => opened.close());
  return opened;
}

interface Sent {
  readonly sent: number;
  readonly end: unknown;
}

async function send(opened: Client, url: string, extra: Partial<WireRequest> = {}): Promise<Sent> {
  let sent = 0;
  const end = await opened
    .send({
      method: 'GET',
      url,
      headers: { authorization: 'Bearer token-123456' },
      body: null,
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

const write: Partial<WireRequest> = { method: 'POST', body: '{"a":1}' };

test('a request arrives as it is, its reply is read whole, the connection is used again', async () => {
  const seen: unknown[] = [];
  const ports = new Set<number | undefined>();
  const url = await http((request, response) => {
    ports.add(request.socket.remotePort);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push([request.method, request.url, request.headers.authorization, body]);
      response.writeHead(418, { 'x-more': 'yes' });
      response.write('half ');
      response.end('and half');
    });
  });
  const opened = client(1);
  for (const _ of [1, 2, 3]) {
    const { sent, end } = await send(opened, `${url}/v1/x?a=b%20c`, write);
    expect(sent).toBe(1);
    expect(end).toMatchObject({ status: 418, headers: { 'x-more': 'yes' } });
    expect((end as { readonly body: Buffer }).body.toString()).toBe('half and half');
  }
  expect(seen).toEqual(Array.from({ length: 3 }, () => ['POST', '/v1/x?a=b%20c', 'Bearer token-123456', '{"a":1}']));
  expect(ports.size).toBe(1);
});

test('a refused connection was never sent: safe to repeat, also a write', async () => {
  const server = createRawServer();
  const ready = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', ready.resolve);
  await ready.promise;
  const { port } = server.address() as AddressInfo;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  const { sent, end } = await send(client(), `http://127.0.0.1:${String(port)}/`, write);
  expect(sent).toBe(0);
  expect(end).toBeInstanceOf(PlatformError);
  expect(end).toMatchObject({ code: 'network', executed: 'no', retryable: true });
  expect((end as Error).message).toContain('ECONNREFUSED');
});

test('a host that does not exist was never sent to', async () => {
  const { sent, end } = await send(client(), 'http://nowhere.invalid/', write);
  expect(sent).toBe(0);
  expect(end).toMatchObject({ code: 'network', executed: 'no', retryable: true });
});

test('no answer within the time: a read may be repeated, a write is unknown', async () => {
  const url = await http(() => undefined);
  expect((await send(client(), url, { timeoutMs: 150 })).end).toMatchObject({
    code: 'timeout',
    executed: 'no',
    retryable: true,
  });
  expect((await send(client(), url, { ...write, timeoutMs: 150 })).end).toMatchObject({
    code: 'timeout',
    executed: 'unknown',
    retryable: false,
  });
});

test('a body that trickles is not waited for beyond the time of the whole request', async () => {
  const url = await http((_, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(drip));
  });
  const { sent, end } = await send(client(), url, { ...write, timeoutMs: 200 });
  expect(sent).toBe(1);
  expect(end).toMatchObject({ code: 'timeout', executed: 'unknown' });
});

test.each<[string, (socket: Socket) => void]>([
  ['before any reply', (socket) => socket.on('data', () => socket.resetAndDestroy())],
  ['after half a head', (socket) => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-le'))],
  [
    'after half a body',
    (socket) => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":')),
  ],
])('a connection that breaks %s leaves a write unknown', async (_, onSocket) => {
  const url = await raw(onSocket);
  const { sent, end } = await send(client(), url, write);
  expect(sent).toBe(1);
  expect(end).toMatchObject({ code: 'network', executed: 'unknown', retryable: false });
  expect((await send(client(), url)).end).toMatchObject({ code: 'network', executed: 'no', retryable: true });
});

test('what does not speak HTTP is a bad response, and none of it is quoted', async () => {
  const url = await raw((socket) => socket.on('data', () => socket.end('SSH-2.0-secret-banner\r\n')));
  const { end } = await send(client(), url, write);
  expect(end).toMatchObject({ code: 'bad-response', executed: 'unknown' });
  expect((end as Error).message).not.toContain('secret-banner');
});

test('a reply beyond 16 MiB is cut off while it streams', async () => {
  const sentBytes = Promise.withResolvers<number>();
  const url = await http((_, response) => {
    const chunk = Buffer.alloc(256 * 1024, 'x');
    let bytes = 0;
    const more = (): void => {
      while (!response.destroyed) {
        bytes += chunk.length;
        if (!response.write(chunk)) return;
      }
    };
    response.on('drain', more);
    response.on('close', () => sentBytes.resolve(bytes));
    response.writeHead(200);
    more();
  });
  const { end } = await send(client(), url);
  expect(end).toMatchObject({ code: 'bad-response', retryable: false });
  expect(await sentBytes.promise).toBeLessThan(64 * 1024 * 1024);
});

test('a reply that announces more than 16 MiB is not read at all', async () => {
  const sentBytes = Promise.withResolvers<number>();
  const url = await http((_, response) => {
    response.writeHead(200, { 'content-length': String(10 * 1024 ** 3) });
    response.write('x');
    response.on('close', () => sentBytes.resolve(response.writableLength));
  });
  const { end } = await send(client(), url);
  expect(end).toMatchObject({ code: 'bad-response', retryable: false });
  await sentBytes.promise;
});

test('headers without end are a bad response', async () => {
  const url = await raw((socket) =>
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n');
      for (let i = 0; i < 2000; i++) socket.write(`x-${String(i)}: ${'y'.repeat(100)}\r\n`);
    }),
  );
  const { end } = await send(client(), url, write);
  expect(end).toMatchObject({ code: 'bad-response', executed: 'unknown', retryable: false });
  expect((end as Error).message).toContain('too many headers');
});

test('a host that is an IPv6 address of this machine is reached', async () => {
  const { end } = await send(client(), 'http://[::1]:1/', write);
  expect(end).toMatchObject({ code: 'network', executed: 'no' });
});

test('a redirect is a reply; the second host is never asked', async () => {
  let asked = 0;
  const evil = await http((_, response) => {
    asked += 1;
    response.end();
  });
  const url = await http((_, response) => response.writeHead(307, { location: evil }).end('moved'));
  expect((await send(client(), url)).end).toMatchObject({ status: 307, headers: { location: evil } });
  expect(asked).toBe(0);
});

test('replies of any status are read to the end: connections do not run out', async () => {
  const big = 'x'.repeat(1024 * 1024);
  const url = await http((_, response) => response.writeHead(500).end(big));
  const opened = client(1);
  const ends = await Promise.all(Array.from({ length: 12 }, () => send(opened, url)));
  expect(ends.map(({ end }) => (end as { readonly status?: number }).status)).toEqual(
    Array.from({ length: 12 }, () => 500),
  );
});

test('an abort ends a request in flight at once', async () => {
  const abort = new AbortController();
  const url = await http(() => abort.abort(new Error('SIGINT')));
  expect((await send(client(), url, { ...write, signal: abort.signal })).end).toMatchObject({
    code: 'aborted',
    executed: 'unknown',
    retryable: false,
  });
  expect((await send(client(), url, { ...write, signal: abort.signal })).end).toMatchObject({
    code: 'aborted',
    executed: 'no',
  });
});

test('a certificate that nobody vouches for is refused for good; with its authority given it is trusted', async () => {
  const pem = (name: string): Promise<string> => readFile(new URL(`tls/${name}.pem`, import.meta.url), 'utf8');
  const [key, cert] = await Promise.all([pem('key'), pem('certificate')]);
  const url = (await listening(createTlsServer({ key, cert }, (_, response) => response.end('{}')))).replace(
    'http:',
    'https:',
  );
  const { sent, end } = await send(client(), url, write);
  expect(sent).toBe(0);
  expect(end).toMatchObject({ code: 'network', executed: 'no', retryable: false });
  expect((end as Error).message).toContain('certificate that is not trusted');

  // Nor does the environment switch that off.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect((await send(client(), url, write)).end).toMatchObject({ code: 'network', executed: 'no', retryable: false });

  const trusting = openClient({ ...direct, ca: cert });
  onTestFinished(() => trusting.close());
  expect((await send(trusting, url, write)).end).toMatchObject({ status: 200 });
});

test('a connection that breaks in the TLS handshake was never sent to', async () => {
  const url = await raw((socket) => socket.end('not TLS'));
  const { sent, end } = await send(client(), url.replace('http:', 'https:'), write);
  expect(sent).toBe(0);
  expect(end).toMatchObject({ code: 'network', executed: 'no' });
});

test('closing cuts what is in flight and does not wait for it', async () => {
  const arrived = Promise.withResolvers<void>();
  const url = await http(() => arrived.resolve());
  const opened = openClient(direct);
  const flight = send(opened, url, write);
  await arrived.promise;
  await opened.close();
  expect((await flight).end).toMatchObject({ executed: 'unknown' });
});

test('closing what was never used is fine', async () => {
  await expect(openClient(direct).close()).resolves.toBeUndefined();
});
