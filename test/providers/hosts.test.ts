import { describe, expect, test } from 'vitest';
import { hostOf, isAllowedApiUrl, isAllowedHost } from '../../src/providers/http/hosts.ts';

const CLOUD = { apiUrl: 'https://api.convex.dev/v1', allowHosts: [] };
const LOCAL = { apiUrl: 'http://127.0.0.1:4000/v1', allowHosts: [] };

describe('against the public API', () => {
  test.each([
    'https://happy-otter-123.convex.cloud',
    'https://happy-otter-123.convex.cloud/',
    'https://calm-cow-456.eu-west-1.convex.cloud',
    'https://a.b.c.d.convex.cloud',
    'https://api.convex.dev',
  ])('the token may go to %s', (url) => {
    expect(isAllowedHost(url, CLOUD)).toBe(true);
  });

  test.each([
    'http://happy-otter-123.convex.cloud',
    'https://evilconvex.cloud',
    'https://convex.cloud.evil.com',
    'https://happy.convex.cloud.evil.com',
    'https://evil.com/happy.convex.cloud',
    'https://evil.com#.convex.cloud',
    'https://evil.com?.convex.cloud',
    'https://user@happy.convex.cloud',
    'https://user:pass@happy.convex.cloud',
    'https://happy.convex.cloud@evil.com',
    'https://evil.com\\@happy.convex.cloud',
    'https://evil.com\\.convex.cloud',
    'https:\\\\happy.convex.cloud',
    'https://happy.convex.cloud:8443',
    'https://happy.convex.cloud:443',
    'https://happy.convex.cloud:',
    'https://happy.convex.cloud.',
    'https://HAPPY.convex.cloud',
    'https://happy.CONVEX.CLOUD',
    'HTTPS://happy.convex.cloud',
    'https://häppy.convex.cloud',
    'https://xn--hppy-loa.convex.cloud',
    'https://happy。convex.cloud',
    'https://happy.ⅽonvex.cloud',
    'https://happy.convex.cloud%2eevil.com',
    'https://happy%00.convex.cloud',
    ' https://happy.convex.cloud',
    'https://happy.convex.cloud\n',
    'https://happy.con\tvex.cloud',
    'https:happy.convex.cloud',
    'https:///happy.convex.cloud',
    'https://happy.convex.cloud?x=1',
    'https://happy.convex.cloud?',
    'https://happy.convex.cloud#',
    'https://happy.convex.cloud/a/../b',
    '//happy.convex.cloud',
    'happy.convex.cloud',
    'ftp://happy.convex.cloud',
    'javascript:alert(1)//.convex.cloud',
    'https://127.0.0.1',
    'http://127.0.0.1:4000',
    'http://localhost:4000',
    'http://[::1]:4000',
    'https://169.254.169.254',
    'https://api.convex.dev:8443',
    'http://api.convex.dev',
    'https://other.convex.dev',
    'https://example.com',
    '',
  ])('the token never goes to %j', (url) => {
    expect(isAllowedHost(url, CLOUD)).toBe(false);
  });
});

describe('against a loopback API', () => {
  test.each([
    'http://127.0.0.1:4000/happy-otter-123',
    'http://127.0.0.1:9',
    'https://127.8.9.1:9',
    'http://localhost:3210',
    'http://[::1]:3210',
    'https://happy-otter-123.convex.cloud',
  ])('the token may go to %s', (url) => {
    expect(isAllowedHost(url, LOCAL)).toBe(true);
  });

  test.each([
    'http://happy-otter-123.convex.cloud',
    'http://10.0.0.1:4000',
    'http://0.0.0.0:4000',
    'http://2130706433:4000',
    'http://127.1:4000',
    'http://0x7f.0.0.1:4000',
    'http://[::ffff:127.0.0.1]:4000',
    'http://localhost.evil.com',
    'http://127.0.0.1.evil.com',
    'http://user@127.0.0.1:4000',
    'http://localhost.:4000',
  ])('the token never goes to %j', (url) => {
    expect(isAllowedHost(url, LOCAL)).toBe(false);
  });
});

test('--allow-host adds a suffix, over https and without a port', () => {
  const rules = { ...CLOUD, allowHosts: ['Convex.Example.com', '.other.org'] };
  expect(isAllowedHost('https://convex.example.com', rules)).toBe(true);
  expect(isAllowedHost('https://a.b.convex.example.com', rules)).toBe(true);
  expect(isAllowedHost('https://x.other.org', rules)).toBe(true);
  expect(isAllowedHost('https://evilconvex.example.com', rules)).toBe(false);
  expect(isAllowedHost('https://example.com', rules)).toBe(false);
  expect(isAllowedHost('http://convex.example.com', rules)).toBe(false);
  expect(isAllowedHost('https://convex.example.com:8443', rules)).toBe(false);
  expect(isAllowedHost('https://evil.com', { ...CLOUD, allowHosts: ['', '.', '*'] })).toBe(false);
});

test.each([
  ['https://api.convex.dev/v1', true],
  ['https://proxy.example.com:8443/v1', true],
  ['http://127.0.0.1:4000/v1', true],
  ['http://localhost:4000/v1', true],
  ['http://[::1]:4000/v1', true],
  ['http://api.convex.dev/v1', false],
  ['http://10.0.0.1/v1', false],
  ['https://user:pass@api.convex.dev/v1', false],
  ['ftp://127.0.0.1/v1', false],
  ['api.convex.dev', false],
])('API URL %s: %s', (url, expected) => {
  expect(isAllowedApiUrl(url)).toBe(expected);
});

test('a host in a message has no user info', () => {
  expect(hostOf('https://user:pass@evil.com:99/path?q')).toBe('evil.com:99');
  expect(hostOf('nonsense')).toBe('an invalid URL');
});
