import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { EVERYWHERE, openScrubber } from '../../src/providers/http/scrub.ts';

function scrubbed(secret: string, text: string): string {
  const scrubber = openScrubber();
  scrubber.note('d1', [new Secret(secret)]);
  return scrubber.scrub('d1', text);
}

describe('a secret in a message is masked', () => {
  const secret = 'p@ss "w/rd"\\ é+\n';
  test.each([
    ['plain', secret],
    ['as JSON', JSON.stringify(secret)],
    ['as JSON in JSON', JSON.stringify(JSON.stringify(secret))],
    ['as JSON with escaped slashes', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, lower-case escapes', encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())],
    ['in a form', new URLSearchParams({ a: secret }).toString()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 without padding', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['in base64 after one byte', Buffer.from(`:${secret}`).toString('base64')],
    ['in base64 after a user name', Buffer.from(`user:${secret}tail`).toString('base64')],
    ['in base64url after two bytes', Buffer.from(`a:${secret}"}`).toString('base64url')],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['in hexadecimal, upper case', Buffer.from(secret).toString('hex').toUpperCase()],
    ['in HTML', secret.replaceAll('"', '&quot;')],
    ['as JSON in ASCII', JSON.stringify(secret).replace('é', String.raw`\u00e9`)],
    ['without its line end', secret.trimEnd()],
    ['split by a control character', secret.replace('ss', 's\u0000s').replace('\u0000', '\u001b[31m')],
  ])('%s', (_, spelling) => {
    const clean = scrubbed(secret, `The value <${spelling}> is not valid.`);
    expect(clean).toContain('[secret]');
    expect(clean).not.toMatch(/p@ss|w\/rd|p%40ss|cEBzcyAid|BAc3MgI|QHNzICJ3|cEBzc|704073/i);
  });
});

test('a value within another value goes whole', () => {
  const scrubber = openScrubber();
  scrubber.note('d1', [new Secret('abcdef'), new Secret('abcdefghij')]);
  expect(scrubber.scrub('d1', 'got abcdefghij')).toBe('got [secret]');
});

test('the mask itself is never masked', () => {
  expect(scrubbed('secret', 'my secret, your secret')).toBe('my [secret], your [secret]');
});

test('short values are left: masking "on" would garble everything', () => {
  expect(scrubbed('on', 'depends on it')).toBe('depends on it');
  expect(scrubbed('12345', 'code 12345')).toBe('code 12345');
  expect(scrubbed('123456', 'code 123456')).toBe('code [secret]');
});

test('secrets are kept apart by scope, the token is secret everywhere', () => {
  const scrubber = openScrubber();
  scrubber.note(EVERYWHERE, [new Secret('token-1234')]);
  scrubber.note('d1', [new Secret('production')]);
  expect(scrubber.scrub('d1', 'token-1234 production')).toBe('[secret] [secret]');
  expect(scrubber.scrub('d2', 'token-1234 production')).toBe('[secret] production');
});

test('what a terminal would obey is removed', () => {
  const scrubber = openScrubber();
  expect(scrubber.scrub('', 'a\u001b[31mred\u001b[0m \u001b]0;title\u0007b')).toBe('ared b');
  expect(scrubber.scrub('', 'a\r\n::error::b\u0000\u0085c')).toBe('a ::error::b c');
  expect(scrubber.scrub('', 'abc\u202Etxt.exe\u2066\u200b\u2028x')).toBe('abc txt.exe x');
});

test('messages are at most 500 characters, absurd ones are not read', () => {
  expect(scrubbed('abcdefgh', 'x'.repeat(2000)).length).toBe(500);
  expect(scrubbed('abcdefgh', 'abcdefgh'.repeat(100_000))).toBe('(a message too long to show)');
});

test('no secret survives in any text around it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, unit: 'grapheme' }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(secret.trim().length >= 6 && !'[secret]'.includes(secret));
      const clean = scrubbed(secret, `${before}${secret}${after}`);
      expect(clean.includes(secret)).toBe(false);
    }),
    { seed: 20_261_120, numRuns: 500 },
  );
});

test('no secret survives base64 of a text that holds it', () => {
  const bytes = fc.string({ maxLength: 9, unit: 'binary' });
  fc.assert(
    fc.property(fc.string({ minLength: 12, unit: 'grapheme-ascii' }), bytes, bytes, (secret, before, after) => {
      const encoded = Buffer.from(`${before}${secret}${after}`).toString('base64');
      const rest = scrubbed(secret, `<${encoded}>`);
      // At most two digits on each side hold bits of the secret beside those of what is around it.
      const left = Math.ceil((Buffer.byteLength(before) * 4) / 3);
      const right = Math.ceil((Buffer.byteLength(after) * 4) / 3);
      expect(rest).toContain('[secret]');
      expect(rest.length).toBeLessThanOrEqual('<[secret]>'.length + left + right + 4 + 2);
    }),
    { seed: 20_261_120, numRuns: 300 },
  );
});
