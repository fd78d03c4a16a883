import { looksLikeCredential, namesCredential } from './credential.ts';

/**
 * May a live value stand in a file that everybody reads? Only where nothing speaks against it (neither name nor value
 * looks like a credential) and its whole shape speaks for it: what no credential looks like, or a word under a name
 * that settings have. Everything else is taken for a secret. docs/secrets.md has the rule in words; keep them together.
 */
export function isPlainValue(name: string, text: string): boolean {
  if (text === '') return true;
  if (namesCredential(name) || CLOSE_TO_CREDENTIALS.test(name) || looksLikeCredential(name, text)) return false;
  if (SWITCH.test(text) || SMALL_NUMBER.test(text) || COMMON_WORDS.has(text)) return true;
  return (
    isPlainUrl(text) || PLAIN_PATH.test(text) || (SETTING.test(name) && PLAIN_WORD.test(text) && text.length <= 32)
  );
}

/** Words in names that stand near credentials often enough. Whole words, between `_` or at an end; `PASS` also in `SMTPPASS`. */
const CLOSE_TO_CREDENTIALS =
  /PASS|PWD|(?:^|_)(?:AUTH|BEARER|CERT|CONNECTION|COOKIE|DATABASE|DB|DSN|HASH|HMAC|JWT|LICEN[CS]E|LOGIN|MNEMONIC|OTP|PEM|PEPPER|PHRASE|PIN|RSA|SALT|SEED|SESSION|SIGNATURE|SIGNING|SSH|WEBHOOK)S?(?=_|$)/i;

const SWITCH = /^(?:true|false|yes|no|on|off|enabled|disabled|none|null|auto|default)$/i;

/** Five digits at most, with a fraction of three: a port, a count, a time in milliseconds. */
const SMALL_NUMBER = /^-?\d{1,5}(?:\.\d{1,3})?$/;

/** What settings are set to everywhere. */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    'trace debug verbose info notice warn warning error fatal silent ' +
    'production prod staging stage development dev test testing preview local sandbox live demo ' +
    'fast slow strict lax json text pretty light dark system public private internal'
  ).split(' '),
);

/** Names that end like a setting's: their values are words, and words alone are let through. */
const SETTING =
  /(?:^|_)(?:BACKEND|CHANNEL|COUNTRY|CURRENCY|DRIVER|ENGINE|ENV|ENVIRONMENT|FORMAT|LANG|LANGUAGE|LEVEL|LOCALE|MODE|MODEL|PLAN|PROVIDER|REGION|STAGE|STRATEGY|THEME|TIER|TIMEZONE|TYPE|TZ|VARIANT|VERSION|ZONE)$/i;

/** Words of letters, with one or two digits behind each: `aws-us-east-1`, `Europe/Berlin`, `v2`. */
const PLAIN_WORD = /^[a-z]{1,14}\d{0,2}(?:[-_./][a-z]{0,14}\d{0,2}){0,4}$/i;

/** `/stripe/webhook`: lower-case words. */
const PLAIN_PATH = /^(?:\/[a-z]{1,14}(?:[-_][a-z]{1,14}){0,3}){1,6}\/?$/;

/** Host labels that are words, with a short number: `api-2`, `happy-otter-123`. */
const PLAIN_HOST = /^(?:[a-z]{1,14}(?:-[a-z]{1,14}){0,3}(?:-?\d{1,3})?\.)*[a-z]{1,14}(?:-?\d{1,3})?$/;

/** http(s), host, perhaps a port and a plain path; no user, query or fragment. */
function isPlainUrl(text: string): boolean {
  const found = /^https?:\/\/([a-z0-9.-]{1,100})(?::\d{1,5})?(\/[^?#@\s]*)?$/.exec(text);
  if (found === null) return false;
  const [, host = '', path = '/'] = found;
  return PLAIN_HOST.test(host) && (path === '/' || PLAIN_PATH.test(path));
}
