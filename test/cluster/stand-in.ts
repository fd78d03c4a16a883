// A stand-in for the part of an API server that serves Leases: strict in what the real one is strict in. What it must do
// is not decided here but by contract.ts, which both pass.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { leaseSeen, NAMESPACE, type Backend } from './backend.ts';
import { isPermitted, type Asked } from './role.ts';

export interface StandIn extends Backend {
  /** What was asked and permitted, in order. */
  readonly asked: readonly Asked[];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const TOKEN = 'stand-in-token';
const PREFIX = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`;
const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)$/;
const MOST_BYTES = 3 * 1024 * 1024;

export async function startStandIn(): Promise<StandIn> {
  const pem = (name: string): Promise<string> =>
    readFile(new URL(`../providers/tls/${name}.pem`, import.meta.url), 'utf8');
  const [cert, key] = await Promise.all([pem('certificate'), pem('key')]);
  const leases = new Map<string, Json>();
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let version = 100;

  function store(name: string, body: Json, before: Json | undefined): Json {
    const metadata = body['metadata'] as Json;
    const kept = (before?.['metadata'] ?? {
      uid: `uid-${++version}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
    }) as Json;
    const stored: Json = {
      kind: 'Lease',
      apiVersion: 'coordination.k8s.io/v1',
      metadata: {
        name,
        namespace: NAMESPACE,
        uid: kept['uid'],
        resourceVersion: String(++version),
        creationTimestamp: kept['creationTimestamp'],
        ...(metadata['annotations'] === undefined ? {} : { annotations: metadata['annotations'] }),
        managedFields: [{ manager: 'converge', operation: 'Update' }],
      },
      spec: body['spec'] ?? {},
    };
    leases.set(name, stored);
    return stored;
  }

  function put(name: string, request: IncomingMessage, text: string): Answer {
    const before = leases.get(name);
    const permit = { verb: before === undefined ? 'create' : 'update', resource: 'leases', name };
    if (!isPermitted(permit)) return forbidden(permit);
    if (!/^application\/json(?:;|$)/.test(request.headers['content-type'] ?? ''))
      return failure(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format');
    const body = parsed(text);
    if (body === null || body['kind'] !== 'Lease' || body['apiVersion'] !== 'coordination.k8s.io/v1')
      return failure(400, 'BadRequest', 'couldn’t get version/kind; json parse error');
    const metadata = (body['metadata'] ?? {}) as Json;
    if (metadata['name'] !== name) return failure(400, 'BadRequest', 'the name of the object does not match the URL');
    if (metadata['namespace'] !== undefined && metadata['namespace'] !== NAMESPACE)
      return failure(400, 'BadRequest', 'the namespace of the provided object does not match the request');
    const wrong = wrongTime(body['spec']);
    if (wrong !== null) return failure(400, 'BadRequest', wrong);
    const given = metadata['resourceVersion'];
    if (before === undefined && metadata['uid'] !== undefined)
      return failure(409, 'Conflict', 'Precondition failed: UID in precondition');
    if (before !== undefined && given === undefined)
      return failure(422, 'Invalid', 'metadata.resourceVersion: Invalid value: 0: must be specified for an update');
    if (before !== undefined && given !== (before['metadata'] as Json)['resourceVersion'])
      return failure(409, 'Conflict', 'the object has been modified; please apply your changes to the latest version');
    const invalid = invalidSpec(body['spec']);
    if (invalid !== null) return failure(422, 'Invalid', invalid);
    asked.push(permit);
    return { status: before === undefined ? 201 : 200, body: store(name, body, before) };
  }

  function answer(request: IncomingMessage, text: string): Answer {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return failure(401, 'Unauthorized', 'Unauthorized');
    const { pathname, search } = new URL(request.url ?? '/', 'https://local');
    const [, name = null] = pathname.startsWith(PREFIX)
      ? (/^\/([^/]+)$/.exec(pathname.slice(PREFIX.length)) ?? [])
      : [];
    if (request.method === 'PUT' && name !== null && search === '') return put(name, request, text);
    const verb = request.method === 'GET' && name !== null ? 'get' : `${request.method ?? ''} ${pathname}${search}`;
    const permit = { verb, resource: 'leases', name };
    if (search !== '' || !isPermitted(permit)) return forbidden(permit);
    asked.push(permit);
    const found = leases.get(name ?? '');
    return found === undefined ? failure(404, 'NotFound', `leases "${name}" not found`) : { status: 200, body: found };
  }

  const server = createServer({ key, cert }, (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MOST_BYTES) request.destroy();
    });
    request.on('end', () => {
      const { status, body } = answer(request, text);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    name: 'the stand-in',
    port: (server.address() as AddressInfo).port,
    ca: cert,
    asked,
    token: () => Promise.resolve(TOKEN),
    lease: (name) => {
      const found = leases.get(name);
      return Promise.resolve(found === undefined ? null : leaseSeen(found));
    },
    remove: (name) => {
      leases.delete(name);
      return Promise.resolve();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Times are decoded before anything else is looked at. */
function wrongTime(spec: unknown): string | null {
  const { acquireTime, renewTime } = (spec ?? {}) as Json;
  const isWrong = [acquireTime, renewTime].some(
    (time) => time !== undefined && time !== null && !MICRO_TIME.test(typeof time === 'string' ? time : ''),
  );
  return isWrong ? 'Lease in version "v1" cannot be handled as a Lease: parsing time' : null;
}

function invalidSpec(spec: unknown): string | null {
  const { leaseDurationSeconds, leaseTransitions } = (spec ?? {}) as Json;
  if (
    leaseDurationSeconds !== undefined &&
    !(Number.isInteger(leaseDurationSeconds) && Number(leaseDurationSeconds) > 0)
  )
    return 'spec.leaseDurationSeconds: Invalid value: must be greater than 0';
  if (leaseTransitions !== undefined && !(Number.isInteger(leaseTransitions) && Number(leaseTransitions) >= 0))
    return 'spec.leaseTransitions: Invalid value: must be greater than or equal to 0';
  return null;
}

function forbidden({ verb, resource, name }: Asked): Answer {
  return failure(403, 'Forbidden', `${resource} "${name}" is forbidden: cannot ${verb}`);
}

function failure(code: number, reason: string, message: string): Answer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code } };
}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}
