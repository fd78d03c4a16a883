import type { IncomingMessage } from 'node:http';

/** Nobody who acts has more to say. */
const MOST_BYTES = 16 * 1024;

export type Body =
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'too-large' }
  /** No JSON, or cut short. */
  | { readonly type: 'unreadable' };

/** The body of a request as JSON. Reads no more than is taken, whatever length is announced. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Giving up early must not cut the connection: the answer goes over it.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST_BYTES) return { type: 'too-large' };
      chunks.push(chunk);
    }
    return { type: 'json', value: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown };
  } catch {
    return { type: 'unreadable' };
  }
}
