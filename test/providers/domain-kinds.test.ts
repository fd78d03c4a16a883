import { describe, expect, test } from 'vitest';
import type { LiveResource } from '../../src/model/resource.ts';
import { canonicalUrlKind } from '../../src/providers/convex/canonical-url/kind.ts';
import { domainKind, type DomainSpec } from '../../src/providers/convex/domain/kind.ts';
import { readHostname } from '../../src/providers/convex/domain/hostname.ts';

const codes = (domain: string): readonly string[] =>
  (domainKind.check?.({ domain: readHostname(domain) }) ?? []).map(({ code, field }) => `${code} ${field ?? '-'}`);

function deployment(facts: LiveResource['facts']): LiveResource {
  const address = 'project:shop/deployment:production' as LiveResource['address'];
  return { address, kind: 'deployment', key: 'production', parent: null, id: '11', spec: {}, facts };
}

describe('a custom domain', () => {
  test.each([
    ['api.acme.com', 'api.acme.com'],
    ['API.Acme.COM', 'api.acme.com'],
    ['shop.bücher.example', 'shop.xn--bcher-kva.example'],
    ['SHOP.BÜCHER.example', 'shop.xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['api。acme。com', 'api.acme.com'],
  ])('%j is %s', (written, hostname) => {
    expect(readHostname(written)).toBe(hostname);
    expect(codes(written)).toEqual([]);
  });

  test.each([
    'api.acme.com.',
    'localhost',
    '',
    '.',
    '*.acme.com',
    '192.0.2.1',
    '0x7f.1',
    '::1',
    '[::1]',
    'a b.com',
    'a_b.com',
    '-a.com',
    'a-.com',
    'a..com',
    'api.acme.com:443',
    'https://api.acme.com',
    'api.acme.com/v1',
    'user@acme.com',
    'acme.com?x',
    'acme.com#x',
    'a%2eb.com',
    'a.com\u0000',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(127)}com`,
  ])('cannot be %j', (written) => {
    expect(codes(written)).toEqual(['CVG302 domain']);
  });

  test.each(['happy-otter-123.convex.cloud', 'x.convex.site', 'convex.domains'])('cannot be %s', (written) => {
    expect(codes(written)).toEqual(['CVG303 domain']);
  });

  test('may have 253 characters', () => {
    const longest = `${`${'a'.repeat(62)}.`.repeat(4)}c`;
    expect(longest).toHaveLength(253);
    expect(codes(longest)).toEqual([]);
    expect(codes(`a${longest}`)).toEqual(['CVG302 domain']);
  });

  test('is exclusive in the team, whatever its destination', () => {
    const claims = (destination: string) => domainKind.claims?.({ domain: 'api.acme.com', destination });
    expect(claims('convexCloud')).toEqual(claims('convexSite'));
    expect(claims('convexSite')).toMatchObject([{ name: 'api.acme.com', scope: 'team' }]);
  });

  test('is settled once it is verified', () => {
    const live = (verified: boolean): LiveResource<DomainSpec> => ({ ...deployment({ verified }), spec: {} });
    expect(domainKind.settled?.(live(true))).toBe(true);
    expect(domainKind.settled?.(live(false))).toContain('not verified');
  });

  test('needs two records, one of which names the deployment', () => {
    const records = (parent: LiveResource | null) =>
      domainKind.advice?.({ domain: 'api.acme.com' }, parent).map(({ type, name, value }) => [type, name, value]);
    expect(records(deployment({ name: 'happy-otter-123' }))).toEqual([
      ['CNAME', 'api.acme.com', 'convex.domains'],
      ['TXT', '_convex_domains.api.acme.com', 'happy-otter-123'],
    ]);
    expect(records(null)?.[1]?.[2]).toBeNull();
  });
});

describe('a canonical URL', () => {
  const normal = (url: string) => canonicalUrlKind.normalize?.({ url }).url;

  test('is compared as an origin', () => {
    expect(normal('https://API.acme.com:443/')).toBe('https://api.acme.com');
    expect(normal('https://bücher.example')).toBe('https://xn--bcher-kva.example');
    expect(normal('https://api.acme.com:8443')).toBe('https://api.acme.com:8443');
    expect(normal('https://api.acme.com/v1')).toBe('https://api.acme.com/v1');
    expect(normal('free text')).toBe('free text');
  });

  test.each(['https://api.acme.com', 'https://api.acme.com/', 'http://localhost:3210'])('may be %s', (url) => {
    expect(canonicalUrlKind.check?.({ url })).toEqual([]);
  });

  test.each(['api.acme.com', '', 'ftp://acme.com', 'https://u:p@acme.com', 'https://a.com/b', 'https://a.com/?q', 'x'])(
    'cannot be %j',
    (url) => {
      expect(canonicalUrlKind.check?.({ url })).toMatchObject([{ code: 'CVG302', field: 'url' }]);
    },
  );

  test('depends on the domain that its host is', () => {
    const needs = (url: string | null) => canonicalUrlKind.dependsOn?.({ url });
    expect(needs('https://API.acme.com/')).toEqual([{ kind: 'domain', key: 'api.acme.com' }]);
    expect(needs('https://api.acme.com:8443')).toEqual([]);
    expect(needs('free text')).toEqual([]);
    expect(needs(null)).toEqual([]);
  });

  test.each([
    ['https://happy-otter-123.convex.cloud', 'convexCloud', 'https://happy-otter-123.convex.cloud/', true],
    ['https://happy-otter-123.convex.cloud', 'convexSite', 'https://happy-otter-123.convex.site', true],
    ['https://calm-cow-456.eu-west-1.convex.cloud', 'convexSite', 'https://calm-cow-456.eu-west-1.convex.site', true],
    ['https://calm-cow-456.eu-west-1.convex.cloud', 'convexSite', 'https://calm-cow-456.convex.site', false],
    ['https://happy-otter-123.convex.cloud', 'convexSite', 'https://happy-otter-123.convex.cloud', false],
    ['https://happy-otter-123.convex.cloud', 'convexCloud', 'https://api.acme.com', false],
    ['http://127.0.0.1:4400/happy-otter-123', 'convexCloud', 'http://127.0.0.1:4400/happy-otter-123', true],
    ['http://127.0.0.1:4400/happy-otter-123', 'convexSite', 'http://127.0.0.1:4400/happy-otter-123/http', true],
    ['http://127.0.0.1:4400/happy-otter-123', 'convexCloud', 'http://127.0.0.1:4400/calm-cow-456', false],
  ])('of %s for %s: %s is the default: %s', (deploymentUrl, destination, url, expected) => {
    expect(canonicalUrlKind.isDefault?.({ destination, url }, deployment({ deploymentUrl }))).toBe(expected);
  });
});
