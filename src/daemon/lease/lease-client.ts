import type { Pool } from 'undici';
import { reveal } from '../../model/secret.ts';
import { sanitize } from '../../report/sanitize.ts';
import type { CallOptions, Conflict, Found, LeaseApi, Unanswered } from './lease-api.ts';
import type { Cluster, Credentials } from './cluster.ts';
import { decodeLease, type JsonObject, type LeaseName } from './lease-record.ts';

/** A Lease has a few hundred bytes, and at most 256 KiB of annotations. */
const MOST_BYTES = 1024 * 1024;
const MOST_SAID = 200;
const CONNECT_MS = 3_000;

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * One Lease of a cluster over HTTPS. The certificate is always verified, against the cluster's authorities alone; no
 * proxy stands between, and no redirect is followed. A Lease is made with PUT, not POST: its name is then part of what
 * is authorized, so that a Role may permit one name and no other.
 */
export function openLeaseClient(cluster: Cluster, lease: LeaseName, version: string): LeaseApi {
  const parts = [lease.namespace, 'leases', lease.name].map(encodeURIComponent);
  const path = `/apis/coordination.k8s.io/v1/namespaces/${parts.join('/')}`;
  let open: { readonly ca: string; readonly pool: Pool } | null = null;

  async function poolFor({ ca }: Credentials): Promise<Pool> {
    if (open?.ca === ca) return open.pool;
    const before = open;
    open = null;
    await before?.pool.destroy();
    const { Pool: OpenPool } = await import('undici');
    const pool = new OpenPool(cluster.origin, {
      connections: 2,
      allowH2: false,
      // Each call has a time of its own, for all of it.
      headersTimeout: 0,
      bodyTimeout: 0,
      // Whatever the environment says of it.
      connect: { ca, rejectUnauthorized: true, minVersion: 'TLSv1.2', timeout: CONNECT_MS },
    });
    open = { ca, pool };
    return pool;
  }

  async function send(method: 'GET' | 'PUT', body: JsonObject | null, options: CallOptions): Promise<Reply> {
    const credentials = await cluster.credentials();
    const pool = await poolFor(credentials);
    const late = AbortSignal.timeout(Math.max(1, Math.ceil(options.timeoutMs)));
    const signal = options.signal === undefined ? late : AbortSignal.any([late, options.signal]);
    return within(signal, late, async () => {
      const reply = await pool.request({
        path,
        method,
        headers: {
          authorization: `Bearer ${reveal(credentials.token)}`,
          accept: 'application/json',
          'user-agent': `converge/${version}`,
          ...(body === null ? {} : { 'content-type': 'application/json' }),
        },
        body: body === null ? null : JSON.stringify(body),
        signal,
      });
      let text = '';
      reply.body.setEncoding('utf8');
      for await (const chunk of reply.body) {
        text += String(chunk);
        if (text.length > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES} bytes`);
      }
      return { status: reply.statusCode, body: parsed(text) };
    });
  }

  async function write(body: JsonObject, options: CallOptions): Promise<Found | Conflict | Unanswered> {
    try {
      const reply = await send('PUT', body, options);
      // 422: made without a version, while somebody else has made it.
      return reply.status === 409 || reply.status === 404 || isMadeAlready(reply)
        ? { type: 'conflict' }
        : foundIn(reply);
    } catch (error) {
      return unanswered(error);
    }
  }

  return {
    async read(options) {
      try {
        const reply = await send('GET', null, options);
        return reply.status === 404 ? { type: 'absent' } : foundIn(reply);
      } catch (error) {
        return unanswered(error);
      }
    },
    create: write,
    update: write,
    async close() {
      await open?.pool.destroy();
      open = null;
    },
  };
}

/** undici notices an abort only once it has a connection; a term does not wait for that. */
async function within<T>(signal: AbortSignal, late: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(new Error(late.aborted ? 'the API server did not answer in time' : 'given up'));
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const working = work();
  working.catch(() => undefined);
  try {
    return await Promise.race([working, given]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function isMadeAlready({ status, body }: Reply): boolean {
  return status === 422 && (messageIn(body) ?? '').includes('metadata.resourceVersion');
}

function foundIn({ status, body }: Reply): Found | Unanswered {
  if (status !== 200 && status !== 201) {
    const said = messageIn(body);
    const quoted = said === null ? '' : `: ${sanitize(said).slice(0, MOST_SAID)}`;
    return { type: 'unanswered', why: `the API server answered ${status}${quoted}` };
  }
  const record = decodeLease(body);
  return record === null
    ? { type: 'unanswered', why: 'the API server answered with something that is no Lease' }
    : { type: 'found', record };
}

/** A network error's code says enough; its message may quote what was sent. */
function unanswered(error: unknown): Unanswered {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  const isOurs = error instanceof Error && code === null && error.constructor === Error;
  const why = isOurs ? error.message : `the API server could not be asked (${code ?? 'given up'})`;
  return { type: 'unanswered', why };
}

function messageIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('message' in body)) return null;
  return typeof body.message === 'string' ? body.message : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
