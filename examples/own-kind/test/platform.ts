import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Converge's own sandbox, and in front of it what the sandbox does not serve: the log streams of its deployments. */
export interface Platform extends AsyncDisposable {
  readonly url: string;
  /** By deployment, as the platform would list them. */
  readonly streams: Map<string, Stream[]>;
  /** `POST /create_log_stream` and so on, in order. */
  readonly writes: string[];
}

export type Stream = { readonly id: string; readonly logStreamType: string } & Readonly<Record<string, unknown>>;

const main = fileURLToPath(new URL('dist/cli/main.js', import.meta.resolve('convex-converge/package.json')));
const seed = fileURLToPath(new URL('sandbox.seed.yaml', import.meta.url));
const OURS = /^\/([^/]+)\/api\/v1\/(list_log_streams|create_log_stream|(?:update|delete)_log_stream\/[^/]+)$/;

export async function openPlatform(): Promise<Platform> {
  const child = spawn(process.execPath, [main, 'sandbox', '--port', '0', '--seed', seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [behind] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const streams = new Map<string, Stream[]>();
  const writes: string[] = [];
  const server = createServer(async (request, response) => {
    const [, deployment, operation] = OURS.exec(request.url ?? '') ?? [];
    if (deployment !== undefined && operation !== undefined) {
      const { status, body } = await answer(deployment, operation, request);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
    const body = request.method === 'GET' ? null : await textOf(request);
    const headers = { authorization, ...(body ? { 'content-type': type } : {}) };
    const reply = await fetch(`${behind}${request.url}`, { method: request.method ?? 'GET', headers, body: body || null });
    // Deployments are reached through here as well.
    const text = (await reply.text()).replaceAll(behind, url);
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'text/plain' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(deployment: string, operation: string, request: IncomingMessage) {
    if (!request.headers.authorization?.startsWith('Convex ')) return refused(401, 'Unauthenticated');
    const live = streams.get(deployment) ?? [];
    if (operation === 'list_log_streams') return { status: 200, body: live };
    const [what = '', id] = operation.split('/');
    writes.push(what);
    const text = await textOf(request);
    const body = (text === '' ? {} : JSON.parse(text)) as Stream;
    const known = live.find((stream) => stream.id === id);
    if (what === 'create_log_stream') {
      if (live.some(({ logStreamType }) => logStreamType === body.logStreamType)) return refused(409, 'LogStreamAlreadyExists');
      const created = { topics: null, ...body, id: `stream${live.length + 1}`, status: { type: 'active' }, hmacSecret: SIGNS };
      streams.set(deployment, [...live, created]);
      return { status: 200, body: { id: created.id, logStreamType: body.logStreamType, hmacSecret: SIGNS } };
    }
    if (known === undefined) return refused(404, 'LogStreamNotFound');
    const others = live.filter((stream) => stream !== known);
    streams.set(deployment, what === 'delete_log_stream' ? others : [...others, { ...known, ...body }]);
    return { status: 200, body: null };
  }

  return {
    url,
    streams,
    writes,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What signs the logs: it must turn up nowhere. */
export const SIGNS = 'signs-the-logs-and-is-told-to-nobody';

function refused(status: number, code: string) {
  return { status, body: { code, message: code } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}
