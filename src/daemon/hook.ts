import type { IncomingMessage } from 'node:http';
import type { Delivery } from '../model/hints.ts';
import { readBody } from './read-body.ts';

/** Where the platform's own news arrive; a further part of the path names whose they are. */
const PATH = /^\/hooks\/log-stream(?:\/([A-Za-z0-9._~-]{1,256}))?$/;

/** More than a batch of events has; what is bigger is not read to its end. */
const LARGEST_BODY = 1024 * 1024;

/** `refused`: its signature does not hold, or it is old. `unusable`: our side cannot judge it now. Throws nothing. */
export type Hook = (delivery: Delivery) => Promise<'taken' | 'refused' | 'unusable'>;

export function isHookPath(pathname: string): boolean {
  return PATH.test(pathname);
}

/** The status and body of the answer to a delivery. Whatever is wrong with one, who sent it learns nothing of why. */
export async function answerDelivery(
  request: IncomingMessage,
  pathname: string,
  hook: Hook | null,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  if (hook === null) return { status: 404, body: { error: 'not found' } };
  if (request.method !== 'POST') return { status: 405, body: { error: 'only POST' } };
  const body = await readBody(request, LARGEST_BODY);
  if (body === null) return { status: 413, body: { error: 'too large' } };
  const of = PATH.exec(pathname)?.[1] ?? null;
  const verdict = await hook({ body, headers: request.headers, of });
  switch (verdict) {
    case 'taken':
      return { status: 202, body: { accepted: true } };
    case 'refused':
      return { status: 401, body: { error: 'not accepted' } };
    case 'unusable':
      return { status: 503, body: { error: 'not accepted now' } };
    default:
      return verdict satisfies never;
  }
}
