// The wire without sockets: requests of the real provider are answered by the real sandbox platform in this process, on
// a virtual clock, and anything may go wrong in between. What it does with a fault is what `server.ts` does over TCP.
import { gzipSync } from 'node:zlib';
import type { Clock } from '../../../src/model/ports.ts';
import type { Client, WireReply, WireRequest } from '../../../src/providers/http/client.ts';
import { ReplyTooLarge, transportError } from '../../../src/providers/http/transport-error.ts';
import type { RequestHead, Target } from '../../../src/sandbox/api.ts';
import { disturb } from '../../../src/sandbox/disturb.ts';
import { createFaultBook, type FaultEffect } from '../../../src/sandbox/faults.ts';
import type { Reply } from '../../../src/sandbox/operation.ts';
import { whole, type Sending } from '../../../src/sandbox/sending.ts';

/** One request as it arrived. */
export interface Sent {
  /** Which run sent it, from 0. */
  readonly run: number;
  /** From 0 within its run. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly isWrite: boolean;
  /** The platform did what it asks, or read what it asks for. */
  committed: boolean;
  /** What the platform answered, whatever the client saw; null where it was not reached. */
  status: number | null;
  /** The platform's own reply body. */
  reply: unknown;
  /** A fault met it. */
  met: string | null;
  /** Virtual milliseconds, when it arrived. */
  at: number;
}

/** The process is gone: thrown out of the request, and out of every later one. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * Where a process dies, in time order: before the request leaves; on its way (it never arrives); after the platform
 * did it, the reply unread; after the reply was read; `late`: the request arrives only when the next run has planned.
 */
export type CrashPoint = 'before' | 'on-its-way' | 'unread' | 'read' | 'late';
export const CRASH_POINTS: readonly CrashPoint[] = ['before', 'on-its-way', 'unread', 'read', 'late'];

export type Effect =
  | FaultEffect
  | { readonly kind: 'crash'; readonly at: CrashPoint }
  | { readonly kind: 'refused' }
  | { readonly kind: 'gzip' }
  | { readonly kind: 'empty' }
  /** The true reply with another body. Null: does not fit this reply, which goes unchanged. */
  | { readonly kind: 'rewrite'; readonly rewrite: (body: unknown) => unknown };

/** What goes wrong with a request; null: nothing. Asked once for each. */
export type Rule = (sent: Sent) => Effect | null;

export interface Network {
  /** Everything that was sent, in order of arrival. */
  readonly log: Sent[];
  rule: Rule;
  /** Told right before the platform does it, and right after. */
  before: (sent: Sent) => void;
  after: (sent: Sent) => void;
  /** A process of its own: after a crash nothing of it arrives any more. */
  connect(run: number): () => Client;
  /** What a dead process had sent arrives now. */
  deliverLate(): void;
  /** Answers reads from elsewhere: a replica that is behind. Null: from the platform. */
  replica: ((head: RequestHead) => Target) | null;
}

export interface NetworkOptions {
  readonly resolve: (head: RequestHead) => Target;
  readonly clock: Clock;
  /** Of each request, ms. Default: none. */
  readonly latency?: () => number;
}

export function openNetwork({ resolve, clock, latency }: NetworkOptions): Network {
  const book = createFaultBook();
  const late: (() => void)[] = [];

  function perform(sent: Sent, head: RequestHead, firstPage = false): Reply {
    const query = new URLSearchParams(sent.query);
    if (firstPage) query.delete('cursor');
    if (book.hidden(sent.isWrite ? 'write' : 'read', sent.path)) {
      sent.status = 404;
      return { status: 404, body: { code: 'DeploymentNotFound', message: 'not known yet' } };
    }
    const body = sent.body === undefined ? ({ kind: 'none' } as const) : ({ kind: 'json', value: sent.body } as const);
    network.before(sent);
    const from = !sent.isWrite && network.replica !== null ? network.replica : resolve;
    const reply = from(head).answer(body, query);
    sent.status = reply.status;
    sent.reply = reply.body;
    sent.committed = reply.status < 300;
    network.after(sent);
    return reply;
  }

  const network: Network = {
    log: [],
    rule: () => null,
    before: () => undefined,
    after: () => undefined,
    replica: null,
    deliverLate() {
      for (const arrive of late.splice(0)) arrive();
    },
    connect(run) {
      let index = 0;
      let isDead = false;
      return () => ({
        close: () => Promise.resolve(),
        async send(request) {
          const { timeoutMs } = request;
          if (isDead) throw new Crash();
          const { sent, head } = arrival(request, run, index++);
          network.log.push(sent);
          const fail = (cause: unknown, of: { readonly isSent?: boolean; readonly isLate?: boolean } = {}): Error =>
            transportError(cause, {
              host: new URL(request.url).host,
              isWrite: sent.isWrite,
              isSent: of.isSent ?? true,
              isProxied: false,
              isAborted: request.signal.aborted,
              isLate: of.isLate ?? false,
              timeoutMs,
            });
          const wait = async (ms: number): Promise<void> => {
            try {
              await clock.sleep(Math.min(ms, timeoutMs), request.signal);
            } catch {
              throw fail(null);
            }
            if (ms >= timeoutMs) throw fail(null, { isLate: true });
          };
          if (latency !== undefined) await wait(latency());
          if (isDead) throw new Crash();
          if (request.signal.aborted) throw fail(null, { isSent: false });
          sent.at = clock.monotonic();
          const effect = network.rule(sent);
          sent.met = effect?.kind ?? null;
          if (effect?.kind === 'refused') throw fail(broken('ECONNREFUSED'), { isSent: false });
          if (effect?.kind === 'crash') {
            if (effect.at !== 'before') request.onSent();
            if (effect.at === 'unread' || effect.at === 'read') perform(sent, head);
            if (effect.at === 'late') late.push(() => void perform(sent, head));
            isDead = true;
            throw new Crash();
          }
          request.onSent();
          if (effect?.kind === 'delay') await wait(effect.ms);
          const sending = sendingOf(effect, (options) => perform(sent, head, options?.firstPage), clock.now());
          if (isDead) throw new Crash();
          return receive(sending, { wait, fail, timeoutMs });
        },
      });
    },
  };

  function sendingOf(
    effect: Effect | null,
    work: (o?: { readonly firstPage: boolean }) => Reply,
    now: number,
  ): Sending {
    if (effect === null) return whole(work());
    switch (effect.kind) {
      case 'gzip': {
        const sending = whole(work());
        return {
          ...sending,
          headers: { ...sending.headers, 'content-encoding': 'gzip' },
          bytes: gzipSync(sending.bytes),
        };
      }
      case 'empty':
        return { ...whole(work()), bytes: Buffer.alloc(0) };
      case 'rewrite': {
        const reply = work();
        return whole({ ...reply, body: effect.rewrite(reply.body) ?? reply.body });
      }
      case 'crash':
      case 'refused':
        throw new Error(`${effect.kind} has no reply`);
      default:
        return disturb(effect, work, book, now);
    }
  }
  return network;
}

function arrival(
  request: WireRequest,
  run: number,
  index: number,
): { readonly sent: Sent; readonly head: RequestHead } {
  const url = new URL(request.url);
  // A deployment's own host is a label below convex.cloud; the sandbox has it as the first part of the path.
  const label = /^(.*)\.convex\.cloud$/.exec(url.hostname)?.[1];
  const path = label === undefined ? url.pathname : `/${label}${url.pathname}`;
  const isWrite = request.method !== 'GET';
  return {
    sent: {
      run,
      index,
      method: request.method,
      path,
      query: Object.fromEntries(url.searchParams),
      body: request.body === null ? undefined : (JSON.parse(request.body) as unknown),
      isWrite,
      committed: false,
      status: null,
      reply: undefined,
      met: null,
      at: 0,
    },
    head: {
      method: request.method,
      path,
      authorization: request.headers['authorization'],
      contentType: request.headers['content-type'],
      userAgent: request.headers['user-agent'],
      clientIp: undefined,
    },
  };
}

async function receive(
  sending: Sending,
  to: {
    readonly wait: (ms: number) => Promise<void>;
    readonly fail: (cause: unknown, of?: { readonly isLate?: boolean }) => Error;
    readonly timeoutMs: number;
  },
): Promise<WireReply> {
  switch (sending.kind) {
    case 'whole':
      return { status: sending.status, headers: sending.headers, body: sending.bytes };
    case 'slow':
      await to.wait((sending.whole.bytes.length / sending.bytesPerSecond) * 1000);
      return { status: sending.whole.status, headers: sending.whole.headers, body: sending.whole.bytes };
    case 'half':
    case 'reset':
      throw to.fail(broken('ECONNRESET'));
    case 'huge':
      throw to.fail(new ReplyTooLarge(sending.bytes));
    case 'hang':
      await to.wait(to.timeoutMs);
      throw to.fail(null, { isLate: true });
    default:
      return sending satisfies never;
  }
}

function broken(code: string): Error {
  return Object.assign(new Error(code), { code });
}
