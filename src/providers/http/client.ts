import { PlatformError } from '../../model/error.ts';
import { announcing } from './announcing.ts';
import { openDispatchers, type DispatcherOptions, type Dispatchers } from './dispatcher.ts';
import { hostOf } from './hosts.ts';
import { ReplyTooLarge, transportError } from './transport-error.ts';

/** The longest reply that is read: 512 KiB of variables in JSON are far below it. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
  /** It changes nothing, although its method is not GET. */
  readonly isRead?: true | undefined;
  /** For the whole request, from connecting to the last byte; a whole number. */
  readonly timeoutMs: number;
  /** Called when the connection stands and the request is about to be written to it. What it throws ends it unsent. */
  readonly onSent: () => void;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Client {
  /** One attempt, its reply read to the end; any status is a reply. Throws {@link PlatformError}. */
  send(request: WireRequest): Promise<WireReply>;
  /** Cuts what is in flight. */
  close(): Promise<void>;
}

/** HTTP/1.1 with keep-alive over one set of agents. Redirects are replies like any other: the token never follows one. */
export function openClient(options: DispatcherOptions): Client {
  let opened: Promise<Dispatchers> | null = null;
  return {
    async send(request) {
      opened ??= openDispatchers(options);
      const dispatchers = await opened;
      const url = new URL(request.url);
      const deadline = AbortSignal.timeout(request.timeoutMs);
      let isSent = false;
      const announced = dispatchers.of(url.hostname).compose(
        announcing(() => {
          request.onSent();
          isSent = true;
        }),
      );
      try {
        const reply = await announced.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: request.method,
          headers: request.headers,
          body: request.body,
          signal: AbortSignal.any([request.signal, deadline]),
        });
        const body = await wholeBody(reply.body, reply.headers['content-length']);
        return { status: reply.statusCode, headers: reply.headers, body };
      } catch (error) {
        if (error instanceof PlatformError) throw error;
        throw transportError(error, {
          host: hostOf(request.url),
          isWrite: request.method !== 'GET' && request.isRead !== true,
          isSent,
          isProxied: dispatchers.isProxied(url.hostname),
          isAborted: request.signal.aborted,
          isLate: deadline.aborted,
          timeoutMs: request.timeoutMs,
        });
      }
    },
    async close() {
      await (await opened)?.destroy();
    },
  };
}

/** Reads a body to its end, always: one that is left lying keeps its connection. Counted while it streams. */
async function wholeBody(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  announced: string | string[] | undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  if (Number(announced) > MOST_BYTES) {
    body.destroy();
    throw new ReplyTooLarge(MOST_BYTES);
  }
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      body.destroy();
      throw new ReplyTooLarge(MOST_BYTES);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
