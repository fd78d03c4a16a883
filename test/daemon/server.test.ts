import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isOurs, parseListen } from '../../src/daemon/listen.ts';
import { openEventStream } from '../../src/daemon/event-stream.ts';
import type { PageOptions } from '../../src/daemon/page-routes.ts';
import { openServer, type Server, type ServerOptions } from '../../src/daemon/server.ts';
import { pauseApi } from '../../src/daemon/pause-api.ts';
import { openPauseDesk, pausesInProcess } from '../../src/daemon/pause-desk.ts';
import { openHistory } from '../../src/daemon/history/open-history.ts';
import { systemClock } from '../../src/compose/machine.ts';
import { Secret } from '../../src/model/secret.ts';
import { served } from './served.ts';
import { differing, healing, KEY, OTHER, quiet, START } from './history/runs.ts';

const TOKEN = 'a-long-bearer-token';
const PAGE: PageOptions = {
  shell: { html: '<!doctype html>', policy: "default-src 'none'" },
  tree: () => ({ etag: 'W/"a"', body: '{}\n' }),
  events: openEventStream({ clock: systemClock, state: () => ({}) }),
};
let server: Server | null = null;
let asked = 0;
const levels: unknown[] = [];
const history = await openHistory({
  file: null,
  bounds: { ageMs: 1e12, bytes: 1e7 },
  clock: { now: () => START, monotonic: () => 0 },
  onState: () => undefined,
});

afterEach(async () => {
  await server?.close();
  server = null;
  asked = 0;
});

const desk = openPauseDesk(pausesInProcess(), {
  now: () => 0,
  whyNot: () => null,
  onAdded: () => void asked++,
  onLifted: () => void asked++,
});

async function serve(options: Partial<ServerOptions> = {}): Promise<void> {
  server = await openServer(
    served({
      token: () => Promise.resolve(new Secret(TOKEN)),
      ready: () => ({ ok: false, why: 'the platform is down' }),
      metrics: () => Promise.resolve('converge_ready 0\n'),
      status: () => ({ kind: 'status' }),
      reconcile: () => void asked++,
      pauses: pauseApi(desk, () => []),
      history: () => history,
      setLogLevel: (...given) => void levels.push(given),
      page: PAGE,
      ...options,
    }),
  );
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Over a socket, with whatever Host is asked for. */
function ask(
  path: string,
  {
    method = 'GET',
    host,
    bearer,
    body = '',
    known,
  }: {
    readonly method?: string;
    readonly host?: string;
    readonly bearer?: string;
    readonly body?: string;
    readonly known?: string;
  } = {},
): Promise<Reply> {
  const { port } = new URL(server?.url ?? '');
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: {
          ...(host === undefined ? {} : { host }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(known === undefined ? {} : { 'if-none-match': known }),
        },
      },
      (response) => {
        let read = '';
        response.setEncoding('utf8').on('data', (text: string) => (read += text));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: read, headers: response.headers }));
      },
    );
    request.on('error', reject).end(body);
  });
}

describe('on loopback', () => {
  test('what is asked for is said, and nothing may be kept or read by other sites', async () => {
    await serve();
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: 'the platform is down\n' });
    expect(await ask('/metrics')).toMatchObject({ status: 200, body: 'converge_ready 0\n' });
    const status = await ask('/api/status');
    expect(status).toMatchObject({ status: 200, body: '{"kind":"status"}\n' });
    expect(status.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(Object.keys(status.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await ask('/metrics', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test('what acts needs the bearer also here', async () => {
    await serve();
    const post = (bearer?: string): Promise<Reply> =>
      ask('/api/reconcile', { method: 'POST', ...(bearer === undefined ? {} : { bearer }) });
    expect(await post()).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(await post('another-bearer-token')).toMatchObject({ status: 401 });
    expect(asked).toBe(0);
    expect(await post(TOKEN)).toMatchObject({ status: 202 });
    expect(asked).toBe(1);
  });

  test('without a token nothing acts; with a file that cannot be read neither', async () => {
    await serve({ token: () => Promise.resolve(null) });
    expect(await ask('/api/reconcile', { method: 'POST', bearer: TOKEN })).toMatchObject({ status: 403 });
    await server?.close();
    await serve({ token: () => Promise.reject(new Error('ENOENT /secret/path')) });
    const reply = await ask('/api/reconcile', { method: 'POST', bearer: TOKEN });
    expect(reply.status).toBe(503);
    expect(reply.body).not.toContain('/secret/path');
    expect(asked).toBe(0);
  });

  test('a token in a URL is refused, not read', async () => {
    await serve();
    for (const name of ['token', 'access_token', 'key', 'Authorization'])
      expect(await ask(`/api/reconcile?${name}=${TOKEN}`, { method: 'POST', bearer: TOKEN })).toMatchObject({
        status: 400,
      });
    expect(asked).toBe(0);
  });

  test.each([
    ['/', 'GET', 200],
    ['/', 'POST', 405],
    ['/api/pause', 'PUT', 405],
    ['/api/pause', 'POST', 400],
    ['/constructor', 'GET', 404],
    ['/nothing', 'GET', 404],
    ['/api/reconcile', 'GET', 405],
    ['/readyz', 'POST', 405],
  ])('%s with %s answers %i', async (path, method, status) => {
    await serve();
    expect(await ask(path, { method, bearer: TOKEN })).toMatchObject({ status });
  });

  test('another Host is not answered: a name that somebody else chose may point here', async () => {
    await serve({ names: ['converge.monitoring.svc'] });
    expect(await ask('/api/status', { host: 'evil.example' })).toMatchObject({ status: 421 });
    expect(await ask('/metrics', { host: 'evil.example:9464' })).toMatchObject({ status: 421 });
    expect(await ask('/api/status', { host: 'localhost:9464' })).toMatchObject({ status: 200 });
    expect(await ask('/api/status', { host: 'Converge.Monitoring.svc:9464' })).toMatchObject({ status: 200 });
  });
});

describe('the past', () => {
  const get = async (path: string): Promise<unknown> => {
    const { status, body } = await ask(path);
    return status === 200 ? JSON.parse(body) : [status, JSON.parse(body)];
  };

  test('runs, one run, and drift, newest first', async () => {
    history.record(quiet(1));
    history.record(healing(2, KEY));
    history.record(differing(3, OTHER));
    await serve();
    const runs = {
      kind: 'runs',
      formatVersion: '1.0',
      runs: [
        {
          id: 3,
          session: 's',
          cause: 'schedule',
          startedAt: '2026-11-20T00:03:00.000Z',
          seconds: 0.8,
          result: 'done',
          problem: null,
          differs: 1,
          changed: 0,
          held: 0,
          requests: { reads: 5, writes: 0 },
          standsFor: { runs: 1, firstId: 3, since: '2026-11-20T00:03:00.000Z' },
        },
      ],
      next: 3,
    };
    expect(await get('/api/runs?limit=1')).toEqual(runs);
    expect(await get('/api/runs?limit=2&before=3')).toMatchObject({ runs: [{ id: 2 }, { id: 1 }], next: null });
    expect(await get('/api/runs/2')).toEqual({
      kind: 'run',
      formatVersion: '1.0',
      run: expect.objectContaining({ id: 2, changed: 1, requests: { reads: 10, writes: 1 } }),
      outcomes: [{ address: KEY, kind: 'setting', action: 'update', status: 'succeeded', code: null }],
    });
    expect(await get('/api/drift?since=2026-11-20T00:00:00Z')).toEqual({
      kind: 'drift-history',
      formatVersion: '1.0',
      episodes: [
        {
          address: OTHER,
          kind: 'setting',
          action: 'update',
          reason: 'differs',
          fields: ['value'],
          origin: 'live',
          seenAt: '2026-11-20T00:03:00.000Z',
          goneAt: null,
          healedBy: null,
          run: 3,
          healedInRun: null,
          lastEqualAt: '2026-11-20T00:02:00.100Z',
        },
        expect.objectContaining({ address: KEY, healedBy: 'converge', run: 2, healedInRun: 2 }),
      ],
    });
    expect(await get('/api/drift?since=2026-11-20T00:02:30Z&limit=5')).toMatchObject({
      episodes: [{ address: OTHER }],
    });
  });

  test.each([
    ['/api/runs?limit=0', 'limit: expected a whole number from 1 to 500'],
    ['/api/runs?limit=501', 'limit: expected a whole number from 1 to 500'],
    ['/api/runs?limit=1&limit=2', 'expected no other query than limit and before, each once'],
    ['/api/runs?before=x', 'before: expected the number that an answer gave as next'],
    ['/api/runs?offset=1', 'expected no other query than limit and before, each once'],
    ['/api/runs/x', 'expected the number of a run, as in /api/runs/7'],
    ['/api/drift?since=yesterday', 'since: expected a time as 2026-11-20T10:00:00Z'],
    ['/api/drift?since=2026-13-01T00:00:00Z', 'since: expected a time as 2026-11-20T10:00:00Z'],
    ['/api/drift?limit=9999', 'limit: expected a whole number from 1 to 1000'],
  ])('%s is refused with what was expected', async (path, error) => {
    await serve();
    expect(await get(path)).toEqual([400, { error }]);
  });

  test('what is not remembered is not found', async () => {
    await serve();
    expect(await get('/api/runs/99')).toEqual([404, { error: 'no such run is remembered' }]);
    expect(await ask('/api/runs/1/x')).toMatchObject({ status: 404 });
  });
});

describe('the log level', () => {
  const post = (body: string, bearer: string | null = TOKEN): Promise<Reply> =>
    ask('/api/log-level', { method: 'POST', body, ...(bearer === null ? {} : { bearer }) });

  test('is set for a time, by who has the bearer', async () => {
    await serve();
    expect(await post('{"level":"debug"}', null)).toMatchObject({ status: 401 });
    expect(levels).toEqual([]);
    expect(await post('{"level":"debug","for":"30s"}')).toMatchObject({
      status: 200,
      body: '{"level":"debug","forSeconds":30}\n',
    });
    expect(await post('{"level":"error"}')).toMatchObject({ status: 200 });
    expect(levels).toEqual([
      ['debug', 30_000],
      ['error', 600_000],
    ]);
  });

  test.each([
    ['', 400, 'expected JSON as'],
    ['[]', 400, 'expected JSON as'],
    ['{"level":"loud"}', 400, 'level: expected one of trace, debug, info, warn, error'],
    ['{"level":"info","for":"1000h"}', 400, 'for: expected a duration'],
    ['{"level":"info","for":"0s"}', 400, 'for: expected a duration'],
    ['{"level":"info","until":"x"}', 400, 'no other keys'],
    [`{"level":"${'x'.repeat(2_000)}"}`, 413, '1024 bytes at most'],
  ])('%s is refused', async (body, status, says) => {
    await serve();
    const reply = await post(body);
    expect([reply.status, reply.body]).toEqual([status, expect.stringContaining(says)]);
  });
});

describe('the page', () => {
  test('it comes with the rules that it is to be kept to', async () => {
    await serve();
    const page = await ask('/');
    expect(page).toMatchObject({ status: 200, body: '<!doctype html>' });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('a tree that is known already is not sent again', async () => {
    await serve();
    const tree = await ask('/api/tree');
    expect(tree).toMatchObject({ status: 200, body: '{}\n', headers: { etag: 'W/"a"', 'cache-control': 'no-cache' } });
    expect(await ask('/api/tree', { known: 'W/"b", W/"a"' })).toMatchObject({ status: 304, body: '' });
    expect(await ask('/api/tree', { known: 'W/"b"' })).toMatchObject({ status: 200 });
  });

  test('events come as they happen, and end with the server', async () => {
    const events = openEventStream({ clock: systemClock, state: () => ({ phase: 'waiting' }) });
    await serve({ page: { ...PAGE, events } });
    const reply = await fetch(`${server?.url}/api/events`);
    expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = (reply.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('event: status\ndata: {"phase":"waiting"}\n\n');
    events.tell('run', { id: 1 });
    expect((await reader.read()).value).toBe('event: run\ndata: {"id":1}\n\n');
    events.close();
    await expect(reader.read()).rejects.toThrow('terminated');
    expect(await ask('/api/events')).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  });

  test('one who goes makes room', async () => {
    const events = openEventStream({ clock: systemClock, state: () => ({}) });
    await serve({ page: { ...PAGE, events } });
    const leaving = new AbortController();
    const reply = await fetch(`${server?.url}/api/events`, { signal: leaving.signal });
    expect([reply.status, events.followers()]).toEqual([200, 1]);
    leaving.abort();
    await vi.waitFor(() => expect(events.followers()).toBe(0), { timeout: 5_000, interval: 5 });
    events.close();
  });
});

describe('off loopback', () => {
  test('the page is refused as everything is, and the refusal asks for the token', async () => {
    await serve({ listen: { host: '0.0.0.0', port: 0 } });
    expect(await ask('/')).toMatchObject({
      status: 401,
      body: '<!doctype html>',
      headers: { 'www-authenticate': 'Bearer', 'content-security-policy': "default-src 'none'" },
    });
    expect(await ask('/', { bearer: TOKEN })).toMatchObject({ status: 200, body: '<!doctype html>' });
    for (const path of ['/api/tree', '/api/events'])
      expect(await ask(path)).toMatchObject({ status: 401, headers: { 'content-type': 'application/json' } });
    expect(await ask('/api/tree', { bearer: TOKEN })).toMatchObject({ status: 200 });
  });

  test('only health, readiness and metrics are open', async () => {
    await serve({ listen: { host: '0.0.0.0', port: 0 } });
    for (const path of ['/healthz', '/metrics']) expect(await ask(path)).toMatchObject({ status: 200 });
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: 'the platform is down\n' });
    expect(await ask('/api/status')).toMatchObject({ status: 401 });
    expect(await ask('/api/status', { bearer: TOKEN })).toMatchObject({ status: 200 });
    for (const path of ['/api/runs', '/api/runs/1', '/api/drift'])
      expect(await ask(path)).toMatchObject({ status: 401 });
  });
});

test('a port that is taken is an error, not a crash', async () => {
  await serve();
  const port = Number(new URL(server?.url ?? '').port);
  await expect(serve({ listen: { host: '127.0.0.1', port } })).rejects.toThrow('EADDRINUSE');
});

test.each([
  ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  [':9464', { host: '::', port: 9464 }],
  ['localhost:1', { host: 'localhost', port: 1 }],
])('--listen %s', (text, listen) => expect(parseListen(text)).toEqual(listen));

test.each(['9464', '::1:9464', '[nope]:1', 'host:', 'host:99999', ''])('--listen %j is refused', (text) => {
  expect(parseListen(text)).toHaveProperty('wrong');
});

test.each([
  ['10.1.2.3:9464', true],
  ['[fd00::1]:9464', true],
  ['localhost', true],
  ['box.internal:9464', true],
  ['127.0.0.1.evil.example', false],
  ['evil.example', false],
  ['user@127.0.0.1', false],
  ['', false],
  [undefined, false],
])('Host %s: ours %s', (header, ours) => {
  expect(isOurs(header, { host: 'box.internal', port: 9464 }, [])).toBe(ours);
});
