/**
 * Does a text look like a credential? Used to warn about literals and to hide what `visible` would show (rule 18).
 * Errs towards yes. Shapes are the published token formats of the services that Convex apps use most.
 */
export function looksLikeCredential(name: string, text: string): boolean {
  if (text.length < 8) return false;
  if (KNOWN_SHAPES.some((shape) => shape.test(text))) return true;
  if (SECRET_NAME.test(name) && !/\s/.test(text)) return true;
  return text.length >= 24 && !/\s/.test(text) && !LOOKS_READABLE.test(text) && entropy(text) > 3.5;
}

/** Whether a variable of this name is likely to hold a credential, whatever its value. */
export function namesCredential(name: string): boolean {
  return SECRET_NAME.test(name);
}

const KNOWN_SHAPES: readonly RegExp[] = [
  /\b[srp]k_(?:live|test)_[A-Za-z0-9]{8,}/, // Stripe, Clerk
  /\bwhsec_[A-Za-z0-9+/=]{8,}/, // Stripe and Svix webhooks
  /\bsk-[A-Za-z0-9_-]{16,}/, // OpenAI, Anthropic
  /\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_/, // GitHub
  /\bxox[abeprs]-/, // Slack
  /\bAKIA[0-9A-Z]{12,}/, // AWS access key id
  /\bAIza[0-9A-Za-z_-]{20,}/, // Google
  /\bre_[A-Za-z0-9]{8,}_[A-Za-z0-9]{8,}/, // Resend
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/, // JSON Web Token
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:prod|dev|preview|project):[a-z0-9-]+(?::[a-z0-9-]+)?\|/, // Convex deploy keys
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i, // a URL with a password
];

const SECRET_NAME = /(?:SECRET|TOKEN|PASSWORD|PASSWD|PRIVATE|CREDENTIAL|API_?KEY|_KEY$|^KEY$)/i;

/** URLs, paths, hostnames and words: long, but meant to be read. */
const LOOKS_READABLE = /^(?:[a-z][a-z0-9+.-]*:\/\/|\.{0,2}\/|[a-z]+(?:[-_., ][a-z]+)*$|[a-z0-9-]+(?:\.[a-z0-9-]+)+$)/i;

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
