import type { FaultBook, FaultEffect } from './faults.ts';
import type { Reply } from './operation.ts';
import { whole } from './sending.ts';
import type { Sending } from './sending.ts';

/** Does the platform's work and gives its reply; `firstPage` leaves the request's cursor out. */
export type Perform = (options?: { readonly firstPage: boolean }) => Reply;

function withPagination(reply: Reply, pagination: Readonly<Record<string, unknown>>): Reply {
  if (typeof reply.body !== 'object' || reply.body === null || !('pagination' in reply.body)) return reply;
  return { ...reply, body: { ...reply.body, pagination } };
}

/** What is sent under a fault. `now` is real time in ms since the epoch, for dates on the wire. */
export function disturb(effect: FaultEffect, perform: Perform, book: FaultBook, now: number): Sending {
  if ('when' in effect && effect.when !== undefined && effect.when !== 'before' && effect.kind !== 'delay') {
    const sending = whole(perform());
    if (effect.when === 'mid-body') return { kind: 'half', whole: sending };
  }
  switch (effect.kind) {
    case 'status': {
      const { status, code, message = 'A fault of the sandbox.', body, headers = {} } = effect;
      if (body !== undefined) return { kind: 'whole', status, headers, bytes: Buffer.from(body) };
      return whole({ status, headers, ...(code === undefined ? {} : { body: { code, message } }) });
    }
    case 'rate-limited': {
      const { seconds, dateInMs, text } = effect;
      const value =
        text ??
        (dateInMs === undefined
          ? seconds === undefined
            ? undefined
            : String(seconds)
          : new Date(now + dateInMs).toUTCString());
      const headers: Record<string, string> = value === undefined ? {} : { 'retry-after': value };
      return whole({ status: 429, body: { code: 'RateLimited', message: 'Too many requests.' }, headers });
    }
    case 'html': {
      const bytes = Buffer.from('<html><body><h1>Bad gateway</h1></body></html>');
      return { kind: 'whole', status: effect.status ?? 502, headers: { 'content-type': 'text/html' }, bytes };
    }
    case 'reset':
      return { kind: 'reset' };
    case 'hang':
      return { kind: 'hang' };
    case 'delay':
      // The waiting is the server's; the reply is the true one.
      return whole(perform());
    case 'truncated': {
      const sending = whole(perform());
      return { ...sending, bytes: sending.bytes.subarray(0, sending.bytes.length >> 1) };
    }
    case 'content-type': {
      const sending = whole(perform());
      return { ...sending, headers: { ...sending.headers, 'content-type': effect.value ?? 'text/html' } };
    }
    case 'slow':
      return { kind: 'slow', whole: whole(perform()), bytesPerSecond: effect.bytesPerSecond };
    case 'huge':
      return { kind: 'huge', bytes: effect.bytes };
    case 'redirect':
      return whole({ status: effect.status ?? 307, headers: { location: effect.location } });
    case 'no-cursor':
      return whole(withPagination(perform(), { hasMore: true }));
    case 'cursor-loop':
      return whole(withPagination(perform({ firstPage: true }), { hasMore: true, nextCursor: 'again' }));
    case 'lag': {
      const reply = perform();
      book.hide(reply, effect.reads);
      return whole(reply);
    }
    default:
      return effect satisfies never;
  }
}
