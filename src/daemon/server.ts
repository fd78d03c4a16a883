import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { HistoryReader } from '../model/history.ts';
import { Secret } from '../model/secret.ts';
import { sanitize } from '../report/sanitize.ts';
import { json, type Answer } from './answer.ts';
import { HISTORY_ROUTES } from './history-routes.ts';
import { answerDelivery, isHookPath, type Hook } from './hook.ts';
import { isLoopback, isOurs, type Listen } from './listen.ts';
import { LOG_LEVEL_ROUTES } from './log-level-routes.ts';
import type { Level } from './log-level.ts';
import { METRICS_TYPE } from './metrics-text.ts';
import { PAGE_ROUTES, type PageOptions } from './page-routes.ts';
import type { PauseApi } from './pause-api.ts';
import { PAUSE_ROUTES } from './pause-routes.ts';
import { readBody } from './read-body.ts';
import type { Verdict } from './readiness.ts';
import { findRoute, type Routes } from './route.ts';

export interface ServerOptions {
  readonly listen: Listen;
  /** Names, in lower case, that requests may call us by beside addresses. */
  readonly names: readonly string[];
  /** The bearer, read anew for each request that needs one, so that it may be rotated; null: none is set. */
  readonly token: () => Promise<Secret | null>;
  readonly live: () => Verdict;
  readonly ready: () => Verdict;
  readonly metrics: () => Promise<string>;
  /** Plain data without a secret. */
  readonly status: () => unknown;
  /** Asks for a run. */
  readonly reconcile: () => void;
  readonly pauses: PauseApi;
  readonly history: () => HistoryReader;
  readonly setLogLevel: (level: Level, forMs: number) => void;
  /** Takes in what the platform sends; null: nothing is expected. */
  readonly hook: Hook | null;
  readonly page: PageOptions;
  /** Why nothing that acts can be asked for here: another replica leads. Null: it can. */
  readonly elsewhere: () => string | null;
}

export interface Server {
  /** `http://127.0.0.1:9464`. */
  readonly url: string;
  /** Cuts what is open. */
  close(): Promise<void>;
}

const ROUTES: Routes = {
  ...HISTORY_ROUTES,
  ...LOG_LEVEL_ROUTES,
  ...PAGE_ROUTES,
  ...PAUSE_ROUTES,
  '/healthz': { method: 'GET', access: 'open', answer: ({ live }) => verdict(live()) },
  '/readyz': { method: 'GET', access: 'open', answer: ({ ready }) => verdict(ready()) },
  '/metrics': {
    method: 'GET',
    access: 'open',
    answer: async ({ metrics }) => ({ status: 200, type: METRICS_TYPE, body: await metrics() }),
  },
  '/api/status': { method: 'GET', access: 'private', answer: ({ status }) => json(200, status()) },
  '/api/reconcile': {
    method: 'POST',
    access: 'bearer',
    acts: true,
    answer({ reconcile }) {
      reconcile();
      return json(202, { accepted: true });
    },
  },
};

/** Serves the daemon's few answers. Rejects where it cannot listen. */
export async function openServer(options: ServerOptions): Promise<Server> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    answerTo(request, options)
      .catch((): Answer => json(500, { error: 'this is a bug of converge' }))
      .then((answer) => send(response, request, answer))
      .catch(() => response.destroy());
  });
  server.listen(options.listen.port, options.listen.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { host } = options.listen;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answerTo(request: IncomingMessage, options: ServerOptions): Promise<Answer> {
  const pathname = URL.parse(request.url ?? '/', 'http://local')?.pathname ?? '';
  // Signed, and so neither in need of a bearer nor of a Host that is ours.
  if (isHookPath(pathname)) {
    const { status, body } = await answerDelivery(request, pathname, options.hook);
    return { ...json(status, body), headers: { connection: 'close' } };
  }
  if (!isOurs(request.headers.host, options.listen, options.names))
    return json(421, { error: 'this Host is not served here; CONVERGE_HTTP_HOSTS names further ones' });
  const url = URL.parse(request.url ?? '/', 'http://local');
  if (url === null) return json(400, { error: 'no URL' });
  // It would stand in logs and histories, so it is not even read.
  if ([...url.searchParams.keys()].some((name) => /token|auth|key|secret/i.test(name)))
    return json(400, { error: 'a token is never in a URL: send it as Authorization: Bearer' });
  const found = findRoute(ROUTES, url.pathname);
  if (found === null) return json(404, { error: 'not found' });
  const { routes, rest } = found;
  const route = routes.find(({ method }) => method === (request.method === 'HEAD' ? 'GET' : request.method));
  if (route === undefined) {
    const allow = routes.map(({ method }) => method).join(', ');
    return { ...json(405, { error: `only ${allow}` }), headers: { allow } };
  }
  if (route.access === 'bearer' || (route.access === 'private' && !isLoopback(options.listen.host))) {
    const refusal = await whyNot(request, options);
    if (refusal !== null) {
      const shown = route.refused?.(options);
      return { ...refusal, ...shown, headers: { ...refusal.headers, ...shown?.headers } };
    }
  }
  const elsewhere = route.acts === true ? options.elsewhere() : null;
  if (elsewhere !== null) return json(409, { error: elsewhere });
  const body = route.takes === undefined ? '' : await readBody(request, route.takes);
  if (body === null) return json(413, { error: `a body of ${String(route.takes)} bytes at most` });
  return route.answer(options, { url, rest, body: body.toString(), headers: request.headers });
}

async function whyNot(request: IncomingMessage, { token }: ServerOptions): Promise<Answer | null> {
  let expected: Secret | null;
  try {
    expected = await token();
  } catch {
    return json(503, { error: 'the file that CONVERGE_HTTP_TOKEN_FILE names cannot be read, or is empty' });
  }
  if (expected === null)
    return json(403, { error: 'this needs a bearer token, and CONVERGE_HTTP_TOKEN_FILE names none' });
  const [, given] = /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (given !== undefined && new Secret(given).equals(expected)) return null;
  return { ...json(401, { error: 'a bearer token is needed' }), headers: { 'www-authenticate': 'Bearer' } };
}

function verdict(judged: Verdict): Answer {
  const body = judged.ok ? 'ok\n' : `${sanitize(judged.why)}\n`;
  return { status: judged.ok ? 200 : 503, type: 'text/plain; charset=utf-8', body };
}

function send(response: ServerResponse, request: IncomingMessage, answer: Answer): void {
  const { status, type, body, headers, follow } = answer;
  const isFollowed = follow !== undefined && request.method !== 'HEAD';
  response.writeHead(status, {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(isFollowed || status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  if (isFollowed) follow(response);
  else response.end(request.method === 'HEAD' ? undefined : body);
  // What of a request nobody has read.
  request.resume();
}
