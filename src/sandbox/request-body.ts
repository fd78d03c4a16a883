import type { IncomingMessage } from 'node:http';
import type { RequestBody } from './api.ts';

/** axum's default body limit, which the official server keeps. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Beyond this a client is cut off instead of being read to the end. */
const CUT_BYTES = 64 * 1024 * 1024;

/** Reads a body to its end, so that the reply reaches the client. Rejects when the client goes away. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return { kind: 'none' };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
    else if (size > CUT_BYTES) throw new Error('the body does not end');
  }
  if (size > MAX_BYTES) return { kind: 'bad', why: 'The body has more than 2 MiB.' };
  if (size === 0) return { kind: 'none' };
  try {
    const source = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return { kind: 'json', value: JSON.parse(source) as unknown };
  } catch (error) {
    return {
      kind: 'bad',
      why: `The body is not JSON in UTF-8: ${error instanceof SyntaxError ? 'syntax' : 'encoding'} error.`,
    };
  }
}
