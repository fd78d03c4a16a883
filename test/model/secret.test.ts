import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { looksLikeCredential } from '../../src/model/credential.ts';
import { reveal, Secret } from '../../src/model/secret.ts';

const secret = new Secret('the-text');

it('is printed nowhere', () => {
  const error = new Error(`failed with ${String(secret)}`, { cause: { secret } });
  const forms = [
    String(secret),
    secret.toString(),
    JSON.stringify({ secret }),
    inspect({ deep: [secret] }, { depth: 9, showHidden: true }),
    inspect(error, { depth: 9 }),
    Object.entries(secret).join(),
  ];
  for (const form of forms) expect(form).not.toContain('the-text');
  expect(reveal(secret)).toBe('the-text');
});

it('compares and digests without being shown', () => {
  expect(secret.equals(new Secret('the-text'))).toBe(true);
  expect(secret.equals(new Secret('the-texts'))).toBe(false);
  expect(new Secret('é').byteLength).toBe(2);
  const key = new Uint8Array(32);
  expect(secret.digest(key)).toMatch(/^[0-9a-f]{64}$/);
  expect(secret.digest(key)).not.toBe(new Secret('other').digest(key));
});

it.each([
  ['STRIPE_KEY', 'sk_live_abcdefghij', true],
  ['X', 'ghp_abcdefghijklmnopqrst', true],
  ['X', 'postgres://user:pass@host/db', true],
  ['X', '-----BEGIN RSA PRIVATE KEY-----', true],
  ['X', 'eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0', true],
  ['SESSION_SECRET', 'hunter2hunter2', true],
  ['X', 'q7Zp3mN8vK2xR5tL9wB4yD6f', true],
  ['LOG_LEVEL', 'debug', false],
  ['SITE', 'https://www.example.com/a/long/path/to/somewhere', false],
  ['GREETING', 'Welcome to our shop, have a nice day', false],
  ['FEATURE_X', 'on', false],
  ['HOST', 'api.eu-west-1.example.com', false],
  ['API_KEY', '', false],
])('%s=%s looks like a credential: %s', (name, text, expected) => {
  expect(looksLikeCredential(name, text)).toBe(expected);
});
