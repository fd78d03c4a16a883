import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from './operation.ts';

/** How a reply goes over the wire, faults included. */
export type Sending =
  | {
      readonly kind: 'whole';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly bytes: Buffer;
    }
  /** Head and half of the body, then a reset. */
  | { readonly kind: 'half'; readonly whole: Extract<Sending, { kind: 'whole' }> }
  | { readonly kind: 'slow'; readonly whole: Extract<Sending, { kind: 'whole' }>; readonly bytesPerSecond: number }
  | { readonly kind: 'huge'; readonly bytes: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

/** A reply as JSON; without a body the reply is really empty. */
export function whole({ status, body, headers = {} }: Reply): Extract<Sending, { kind: 'whole' }> {
  if (body === undefined) return { kind: 'whole', status, headers, bytes: Buffer.alloc(0) };
  const bytes = Buffer.from(JSON.stringify(body));
  return { kind: 'whole', status, headers: { 'content-type': 'application/json', ...headers }, bytes };
}

/** The status that the client sees; 0 for none. */
export function statusOf(sending: Sending): number {
  switch (sending.kind) {
    case 'whole':
      return sending.status;
    case 'half':
    case 'slow':
      return sending.whole.status;
    case 'huge':
      return 200;
    case 'reset':
    case 'hang':
      return 0;
    default:
      return sending satisfies never;
  }
}

async function* slowly(bytes: Buffer, bytesPerSecond: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  // Ten pieces a second, or one byte at a time below that.
  const size = Math.max(1, Math.floor(bytesPerSecond / 10));
  for (let at = 0; at < bytes.length; at += size) {
    await sleep((size / bytesPerSecond) * 1000, undefined, { signal });
    yield bytes.subarray(at, at + size);
  }
}

function* manyBytes(count: number): Generator<Buffer> {
  const chunk = Buffer.alloc(65_536, 'x');
  yield Buffer.from('"');
  for (let left = count - 2; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
  yield Buffer.from('"');
}

/** Sends, and resolves when nothing more will come; `closing` ends what would last. */
export async function transmit(response: ServerResponse, sending: Sending, closing: AbortSignal): Promise<void> {
  const { socket } = response;
  switch (sending.kind) {
    case 'whole': {
      const { status, headers, bytes } = sending;
      // 204 has no body by definition, so no length either.
      response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': bytes.length });
      response.end(bytes);
      return;
    }
    case 'half': {
      const { status, headers, bytes } = sending.whole;
      response.writeHead(status, { ...headers, 'content-length': Math.max(bytes.length, 2) });
      const half = bytes.length < 2 ? Buffer.from('{') : bytes.subarray(0, bytes.length >> 1);
      await new Promise<void>((resolve) => response.write(half, () => resolve()));
      socket?.resetAndDestroy();
      return;
    }
    case 'slow': {
      const { status, headers, bytes } = sending.whole;
      response.writeHead(status, { ...headers, 'content-length': bytes.length });
      const pieces = Readable.from(slowly(bytes, sending.bytesPerSecond, closing));
      await pipeline(pieces, response, { signal: closing });
      return;
    }
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' });
      await pipeline(Readable.from(manyBytes(sending.bytes)), response, { signal: closing });
      return;
    case 'reset':
      socket?.resetAndDestroy();
      return;
    case 'hang':
      if (!closing.aborted && !response.destroyed) {
        await Promise.race([once(response, 'close'), once(closing, 'abort')]);
      }
      response.destroy();
      return;
    default:
      sending satisfies never;
  }
}
