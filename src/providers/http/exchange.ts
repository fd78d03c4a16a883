import { PlatformError } from '../../model/error.ts';
import type { EventSink } from '../../model/event.ts';
import type { Chance, Clock, MayWrite } from '../../model/ports.ts';
import type { RequestUsage } from '../../model/provider.ts';
import type { Client, WireReply } from './client.ts';
import { UnexpectedShape } from './decode.ts';
import { hostOf } from './hosts.ts';
import type { HostClass, Limiter, Turn } from './limiter.ts';
import { replyError } from './reply-error.ts';
import { retryAfterMs } from './retry-after.ts';
import { openRetryBudget } from './retry-budget.ts';
import { openAllowance, withRetries, type Allowance } from './retry.ts';
import type { Scrubber } from './scrub.ts';

/** One request as a caller means it; it may take several attempts. */
export interface Message<Reply> {
  readonly on: HostClass;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Parsed body → what is needed of it; throws {@link UnexpectedShape}. Absent: the reply's body means nothing. */
  readonly decode?: ((body: unknown) => Reply) | undefined;
  /** Whose secrets a message of the platform could echo. */
  readonly secretsOf: string;
  /** What it is about was made a moment ago: "not found" is asked again. */
  readonly isFresh: boolean;
  /** It changes nothing, whatever its method: sent again and counted like a GET. */
  readonly isRead?: true | undefined;
  readonly signal: AbortSignal;
}

export interface Exchange {
  /** Throws {@link PlatformError}. */
  send<Reply>(message: Message<Reply>): Promise<Reply>;
  usage(): RequestUsage;
}

export interface ExchangeOptions {
  readonly client: Client;
  readonly limiter: Limiter;
  readonly scrubber: Scrubber;
  /** For one attempt, milliseconds; a request with all its attempts has twice as much. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly onEvent: EventSink;
  /** Asked before each attempt of a write, and again when its connection stands. Absent: always. */
  readonly mayWrite?: MayWrite | undefined;
}

interface Try {
  /** From 1. */
  readonly count: number;
  readonly turn: Turn;
  readonly allowance: Allowance;
}

/** Requests with everything around them: limits, retries, decoding, errors, events, counts. */
export function openExchange(options: ExchangeOptions): Exchange {
  const { client, limiter, scrubber, clock, onEvent } = options;
  const counts = { reads: 0, writes: 0, throttled: 0 };
  const budget = openRetryBudget();

  function withhold(message: Message<unknown>): void {
    const why = isWrite(message) ? (options.mayWrite?.() ?? null) : null;
    if (why !== null) throw new PlatformError('withheld', why, { executed: 'no', retryable: false });
  }

  /** One attempt, from the wire to what the caller needs. */
  async function attempt<Reply>(message: Message<Reply>, { count, turn, allowance }: Try): Promise<Reply> {
    const { method, url } = message;
    withhold(message);
    counts[isWrite(message) ? 'writes' : 'reads'] += 1;
    const from = clock.monotonic();
    let status: number | null = null;
    try {
      const body = message.body === undefined ? null : JSON.stringify(message.body);
      const { headers, signal, isRead } = message;
      const timeoutMs = Math.ceil(Math.max(allowance.leastMs, Math.min(options.timeoutMs, allowance.leftMs())));
      const onSent = (): void => {
        withhold(message);
        turn.sent();
      };
      const reply = await client.send({ method, url, headers, body, signal, isRead, timeoutMs, onSent });
      status = reply.status;
      return read(reply, message);
    } catch (error) {
      if (error instanceof PlatformError) slow(message.on, error, turn);
      throw error;
    } finally {
      const { host, pathname } = new URL(url);
      const ms = clock.monotonic() - from;
      allowance.use(ms);
      onEvent({ type: 'request', method, host, path: pathname, status, ms, attempt: count });
    }
  }

  function slow(on: HostClass, error: PlatformError, turn: Turn): void {
    if (error.code === 'rate-limited') {
      counts.throttled += 1;
      turn.refused(error.retryAfterMs);
    } else if (error.retryAfterMs !== null) limiter.hold(on, error.retryAfterMs);
  }

  function read<Reply>(reply: WireReply, message: Message<Reply>): Reply {
    const what = describe(message);
    const writes = isWrite(message);
    if (reply.status >= 300 && reply.status < 400) throw redirected(reply, what, writes);
    if (reply.status < 200 || reply.status >= 400) {
      const said = isEncoded(reply) ? NOTHING_SAID : saidIn(reply.body);
      throw replyError(
        {
          status: reply.status,
          code: said.code,
          message: said.message === null ? null : scrubber.scrub(message.secretsOf, said.message),
          retryAfterMs: retryAfterMs(reply.headers['retry-after'], clock.now()),
        },
        { what, isWrite: writes, isFresh: message.isFresh },
      );
    }
    // We asked for none, and a small reply could unpack to any size.
    if (isEncoded(reply)) throw unreadable(`the reply to ${what} is compressed`, { isWrite: writes, retryable: false });
    if (message.decode === undefined) {
      // Sent for its effect: its callers expect nothing back. But a page of something in between is no answer.
      if (reply.body.length > 0 && parsed(reply.body) === undefined) {
        throw unreadable(`the reply to ${what} is not JSON`, { isWrite: writes, retryable: !writes });
      }
      return undefined as Reply;
    }
    return decoded(reply, message.decode, { what, isWrite: writes });
  }

  return {
    async send(message) {
      const { signal } = message;
      const allowance = openAllowance(options.timeoutMs);
      try {
        return await withRetries(
          (count) => limiter.run(message.on, signal, (turn) => attempt(message, { count, turn, allowance })),
          { clock, chance: options.chance, signal, budget, allowance },
        );
      } catch (error) {
        if (error instanceof PlatformError || !signal.aborted) throw error;
        // Aborted while it waited for its turn.
        throw new PlatformError('aborted', `${describe(message)} was not sent any more`, {
          executed: 'no',
          retryable: false,
        });
      }
    },
    usage: () => ({ ...counts, waitedMs: Math.round(limiter.waitedMs()) }),
  };
}

function isWrite({ method, isRead }: Message<unknown>): boolean {
  return method !== 'GET' && isRead !== true;
}

/** Path only: a query may hold what was searched for. */
function describe({ method, url }: Message<unknown>): string {
  const { host, pathname } = new URL(url);
  return `${method} ${pathname} on ${host}`;
}

function decoded<Reply>(
  reply: WireReply,
  decode: (body: unknown) => Reply,
  { what, isWrite }: { readonly what: string; readonly isWrite: boolean },
): Reply {
  const body = parsed(reply.body);
  // A cut or foreign body may be whole the next time; an unexpected shape will not change.
  if (body === undefined) throw unreadable(`the reply to ${what} is not JSON`, { isWrite, retryable: !isWrite });
  try {
    return decode(body);
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    throw unreadable(`the reply to ${what} is not understood: ${error.message}`, { isWrite, retryable: false });
  }
}

function unreadable(message: string, of: { readonly isWrite: boolean; readonly retryable: boolean }): PlatformError {
  return new PlatformError('bad-response', message, {
    executed: of.isWrite ? 'unknown' : 'no',
    retryable: of.retryable,
  });
}

function redirected(reply: WireReply, what: string, isWrite: boolean): PlatformError {
  const location = reply.headers['location'];
  const host = typeof location === 'string' && URL.canParse(location) ? hostOf(location) : 'another place';
  return new PlatformError('bad-response', `${what} was answered with a redirect to ${host}, which is not followed`, {
    executed: isWrite ? 'unknown' : 'no',
    retryable: false,
    status: reply.status,
  });
}

/** Sent though every request says `accept-encoding: identity`. */
function isEncoded({ headers }: WireReply): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && !/^(?:identity)?$/i.test(String(encoding).trim());
}

interface Said {
  readonly code: string | null;
  readonly message: string | null;
}

const NOTHING_SAID: Said = { code: null, message: null };

/** `{ code, message }` where the body has them: it may be empty, HTML of a proxy, or anything else. */
function saidIn(body: Buffer): Said {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null) return NOTHING_SAID;
  const { code, message } = value as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' && /^[\w.-]{1,80}$/.test(code) ? code : null,
    message: typeof message === 'string' ? message : null,
  };
}

/** undefined for what is not JSON. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
