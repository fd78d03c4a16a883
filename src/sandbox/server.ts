import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApi, refusal, urlLabel, type Dialect } from './api.ts';
import { disturb } from './disturb.ts';
import type { Perform } from './disturb.ts';
import { createFaultBook } from './faults.ts';
import type { Fault } from './faults.ts';
import { dialects, type DialectName } from './dialects.ts';
import { plantSeed } from './plant.ts';
import { SandboxError, notFound } from './platform/errors.ts';
import { createPlatform, createWorld } from './platform/platform.ts';
import type { Platform } from './platform/platform.ts';
import { slidingSecond } from './rate-limit.ts';
import { readBody } from './request-body.ts';
import { createRequestLog } from './request-log.ts';
import type { RequestLogEntry } from './request-log.ts';
import { checkSeed } from './seed.ts';
import type { SandboxSeed } from './seed.ts';
import { statusOf, transmit, whole } from './sending.ts';
import type { Sending } from './sending.ts';
import { serveSyncSockets } from './sync/socket.ts';

export interface SandboxOptions {
  /** Port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** Which API is served. Default: the official one. */
  readonly dialect?: DialectName;
  /** Serves this platform, of another sandbox, instead of one of its own: seed, clock and names are that one's. */
  readonly platform?: Platform;
  /** Default: one team `acme` (id 41), without projects. */
  readonly seed?: SandboxSeed;
  /** Requests in any sliding second, per token; more answer 429 with `Retry-After`. Default: no limit. */
  readonly rate?: number;
  /** Every request waits so many ms before the platform works; a function is asked for each. Default 0. */
  readonly latencyMs?: number | (() => number);
  /** The platform's time, in ms since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Fixes every generated name. Default 1. */
  readonly randomSeed?: number;
  /** Besides those of the seed. */
  readonly faults?: readonly Fault[];
  /** Log entries kept at least (default 100,000); older ones go first. */
  readonly logLimit?: number;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, without `/v1`: what `CONVEX_PROVISION_HOST` and `--api-url` take. */
  readonly url: string;
  readonly platform: Platform;
  /** Live: grows with each request, emptied by `clearLog`. */
  readonly log: readonly RequestLogEntry[];
  readonly clearLog: () => void;
  /** Replaces all faults; counting starts again. */
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Stops listening, lets running requests end, cuts hung ones. */
  readonly close: () => Promise<void>;
}

const rateLimited = refusal(new SandboxError(429, 'RateLimited', 'Too many requests.'));
const hidden = refusal(notFound('DeploymentNotFound', 'What was just created is not visible yet.'));
const conflicted = refusal(
  new SandboxError(
    503,
    'OptimisticConcurrencyControlFailure',
    'Data read or written by this request changed while it was running.',
  ),
);

function plantedPlatform(seed: SandboxSeed, { clock = Date.now, randomSeed = 1 }: SandboxOptions): Platform {
  const world = createWorld({ clock, randomSeed });
  plantSeed(world, seed);
  return createPlatform(world);
}

/** How long running requests may take after `close`. */
const DRAIN_MS = 5000;

/**
 * The Convex platform as an HTTP server on loopback: management at `{url}/v1`, each deployment at the `deploymentUrl`
 * that the management API names. Rejects when the port is taken or the seed contradicts itself.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, latencyMs = 0, logLimit = 100_000 } = options;
  const seed = checkSeed(options.seed);
  let url = '';
  const platform = options.platform ?? plantedPlatform(seed, options);
  const { clock } = platform.world;
  const dialect: Dialect = dialects[options.dialect ?? 'official'];
  const resolve = createApi(
    platform,
    dialect,
    (deployment, to) => `${url}/${urlLabel(deployment)}${to === 'convexSite' ? '/http' : ''}`,
  );
  const log = createRequestLog(logLimit);
  const book = createFaultBook([...(options.faults ?? []), ...(seed.faults ?? [])]);
  const limit = options.rate === undefined ? null : slidingSecond(options.rate);
  const closing = new AbortController();
  const busy = new Set<string>();
  const start = performance.now();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: raw = '/', headers } = request;
    const mark = raw.indexOf('?');
    const path = mark === -1 ? raw : raw.slice(0, mark);
    const query = new URLSearchParams(mark === -1 ? '' : raw.slice(mark + 1));
    const { authorization } = headers;
    const head = {
      method,
      path,
      authorization,
      contentType: headers['content-type'],
      userAgent: headers['user-agent'],
      clientIp: request.socket.remoteAddress,
    };
    const target = resolve(head);
    const at = performance.now() - start;
    const entry = log.open({
      at,
      method,
      path,
      query: Object.fromEntries(query),
      ...(target.deployment === undefined ? {} : { deployment: target.deployment }),
      kind: target.access,
      tokenScheme: authorization?.split(' ')[0]?.toLowerCase() ?? null,
    });
    const wait = limit?.(authorization ?? '', at) ?? null;
    const { exclusive } = target;
    const conflict = exclusive !== undefined && busy.has(exclusive);
    const mine = exclusive !== undefined && !conflict && wait === null;
    if (mine) busy.add(exclusive);
    let sending: Sending;
    try {
      const body = await readBody(request);
      if (body.kind === 'json') entry.requestBody = body.value;
      const latency = typeof latencyMs === 'number' ? latencyMs : latencyMs();
      if (latency > 0) await sleep(latency);

      const perform: Perform = ({ firstPage } = { firstPage: false }) => {
        if (wait !== null) return { ...rateLimited, headers: { 'retry-after': String(wait) } };
        if (book.hidden(target.access, path)) return hidden;
        if (conflict) return conflicted;
        if (firstPage) query.delete('cursor');
        return target.answer(body, query);
      };
      const effect = wait === null ? book.meet(method, path) : undefined;
      const delay = effect?.kind === 'delay' ? effect : undefined;
      if (delay !== undefined && delay.when !== 'after') await sleep(delay.ms, undefined, { signal: closing.signal });
      sending = effect === undefined ? whole(perform()) : disturb(effect, perform, book, Date.now());
      if (delay?.when === 'after') await sleep(delay.ms, undefined, { signal: closing.signal });
    } finally {
      // Before the reply leaves: a client that waits for it must not meet its own conflict.
      if (mine) busy.delete(exclusive);
    }
    entry.status = statusOf(sending);
    if (closing.signal.aborted) response.setHeader('connection', 'close');
    await transmit(response, sending, closing.signal);
  }

  const server = createServer((request, response) => {
    // What fails here is a connection that ended early, by the client, a fault or `close`.
    handle(request, response).catch(() => response.destroy());
    response.once('close', () => {
      if (closing.signal.aborted) server.closeIdleConnections();
    });
  });
  server.keepAliveTimeout = 30_000;
  const opened = (path: string, deployment: string | null): void => {
    const named = deployment === null ? {} : { deployment };
    const at = performance.now() - start;
    log.open({ at, method: 'GET', path, query: {}, ...named, kind: 'read', tokenScheme: null }).status = 101;
  };
  const sockets = dialect.sync === true ? serveSyncSockets(server, { platform, clock, opened }) : null;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the sandbox has no port');
  url = `http://127.0.0.1:${String(address.port)}`;

  return {
    url,
    platform,
    log: log.entries,
    clearLog: () => log.clear(),
    setFaults: (faults) => book.replace(faults),
    async close() {
      closing.abort();
      if (!server.listening) return;
      const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      const ended = new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
      });
      await Promise.all([ended, sockets?.close(DRAIN_MS)]);
      clearTimeout(deadline);
    },
  };
}
