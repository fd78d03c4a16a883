import { createHmac } from 'node:crypto';
import { reveal, type Secret } from '../../model/secret.ts';

/** Sent with each try: what it is, when it was sent (seconds since epoch), and who has sent it. */
export const ID_HEADER = 'converge-id';
export const TIME_HEADER = 'converge-timestamp';
export const SIGNATURE_HEADER = 'converge-signature';

/** `v1=` and HMAC-SHA256 in hex over `TIMESTAMP.BODY`: the time is signed too, so that an old message cannot be sent anew. */
export function signatureOf(secret: Secret, seconds: number, body: string): string {
  return `v1=${createHmac('sha256', reveal(secret)).update(`${seconds}.${body}`).digest('hex')}`;
}
