import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A string that cannot be printed: `String()`, template literals, `JSON.stringify` and `util.inspect` all give
 * `[secret]`. Its text leaves only through {@link reveal}, which is searched for by the architecture test: the wire,
 * the scrubber and `visible` variables are the only callers.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Equal text; takes the same time wherever two texts of one length differ. */
  equals(other: Secret): boolean {
    const mine = Buffer.from(this.#text);
    const theirs = Buffer.from(other.#text);
    return mine.length === theirs.length && timingSafeEqual(mine, theirs);
  }

  /** Size in UTF-8 bytes, for the platform's limits. Never print it. */
  get byteLength(): number {
    return Buffer.byteLength(this.#text);
  }

  /** HMAC-SHA256 of the text under `key`, in hex. */
  digest(key: Uint8Array): string {
    return createHmac('sha256', key).update(this.#text).digest('hex');
  }

  /** HMAC-SHA256 of `bytes` under the text as the key. */
  sign(bytes: Uint8Array): Buffer {
    return createHmac('sha256', this.#text).update(bytes).digest();
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }

  static reveal(secret: Secret): string {
    return secret.#text;
  }
}

/** The text of a secret. Call it as late as possible: at the wire, in the scrubber, for a `visible` variable. */
export function reveal(secret: Secret): string {
  return Secret.reveal(secret);
}
