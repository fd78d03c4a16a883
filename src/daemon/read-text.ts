import type { IncomingMessage } from 'node:http';

/** The body of a request as text, `most` bytes at most, whatever length is announced; null: it is larger. Empty where it is cut short. */
export async function readText(request: IncomingMessage, most: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Giving up early must not cut the connection: the answer goes over it.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return '';
  }
}
