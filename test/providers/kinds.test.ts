import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/kind.ts';
import type { LiveResource } from '../../src/model/resource.ts';
import { Secret } from '../../src/model/secret.ts';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import { deploymentKind, type DeploymentSpec } from '../../src/providers/convex/deployment/kind.ts';
import { envVarKind } from '../../src/providers/convex/env-var/kind.ts';
import { projectKind } from '../../src/providers/convex/project/kind.ts';
import { kindsFor } from '../../src/providers/registry.ts';

const codes = (findings: readonly Finding[] | undefined): readonly string[] =>
  (findings ?? []).map(({ code, field }) => `${code} ${field ?? '-'}`);

function live(spec: Partial<DeploymentSpec>): LiveResource<DeploymentSpec> {
  return {
    address: 'project:shop/deployment:x' as LiveResource['address'],
    kind: 'deployment',
    key: 'x',
    parent: 'project:shop' as LiveResource['address'],
    id: '1',
    spec,
    facts: {},
  };
}

test('the kinds of the official dialect stand parents first and have one key field each', () => {
  const kinds = kindsFor('official');
  expect(kinds.map(({ name, parent, collection }) => [name, parent, collection])).toEqual([
    ['project', null, 'projects'],
    ['deployment', 'project', 'deployments'],
    ['env-var', 'deployment', 'env'],
    ['domain', 'deployment', 'domains'],
    ['canonical-url', 'deployment', 'canonicalUrls'],
  ]);
  for (const kind of kinds) {
    const keys = Object.entries(kind.schema).filter(([, field]) => field.key === true);
    expect(keys.map(([field]) => kind.key({ [field]: 'k' }))).toEqual(['k']);
  }
});

describe('project', () => {
  test.each([
    ['abc', []],
    ['A_b-9', []],
    ['a'.repeat(64), []],
    ['ab', ['CVG302 slug']],
    ['a'.repeat(65), ['CVG302 slug']],
    ['my shop', ['CVG302 slug']],
    ['shöp', ['CVG302 slug']],
    ['shop\n', ['CVG302 slug']],
    ['', ['CVG302 slug']],
  ])('slug %j', (slug, expected) => {
    expect(codes(projectKind.check?.({ slug }))).toEqual(expected);
  });

  test('a name has 3 to 128 characters', () => {
    const check = (name: string): readonly string[] => codes(projectKind.check?.({ slug: 'shop', name }));
    expect([check('abc'), check('n'.repeat(128))]).toEqual([[], []]);
    expect([check('ab'), check('n'.repeat(129))]).toEqual([['CVG304 name'], ['CVG304 name']]);
  });

  test('it is born under its slug as its name', () => {
    expect(projectKind.born?.({ slug: 'shop', name: 'Acme Shop' })).toEqual({ slug: 'shop', name: 'shop' });
  });
});

describe('deployment', () => {
  test.each([
    ['production', []],
    ['feature/login-2', []],
    ['a'.repeat(100), []],
    ['ab', ['CVG302 reference']],
    ['a'.repeat(101), ['CVG302 reference']],
    ['Production', ['CVG302 reference']],
    ['pro_duction', ['CVG302 reference']],
    ['happy-otter-123', ['CVG303 reference']],
    ['local-dev', ['CVG303 reference']],
    ['local', ['CVG303 reference']],
    ['prod', ['CVG303 reference']],
    ['preview', ['CVG303 reference']],
    ['preview/x', []],
  ])('reference %j', (reference, expected) => {
    expect(codes(deploymentKind.check?.({ reference }))).toEqual(expected);
  });

  test.each<[Partial<DeploymentSpec>, readonly string[]]>([
    [{ type: 'prod', default: true }, []],
    [{ type: 'dev', default: false }, []],
    [{ default: true }, ['CVG307 default']],
    [{ type: 'dev', default: true }, ['CVG307 default']],
    [{ type: 'custom', default: true }, ['CVG307 default']],
    [{ region: 'aws-us-east-1', class: 's256' }, []],
    [{ region: 'mars-1', class: 'xxl' }, ['CVG311 region', 'CVG311 class']],
  ])('%j', (spec, expected) => {
    expect(codes(deploymentKind.check?.(spec))).toEqual(expected);
  });

  test('an unknown region is a warning', () => {
    expect(deploymentKind.check?.({ region: 'mars-1' })[0]?.severity).toBe('warning');
  });

  test('a preview is no type to declare, and says why', () => {
    const { json, refused } = deploymentKind.schema.type;
    expect(json['enum']).toEqual(['prod', 'dev', 'custom']);
    expect(refused?.['preview']?.code).toBe('CVG312');
  });

  const read = deploymentKind.schema.expiresAt.read as (written: unknown) => string | null;

  test.each([
    ['2026-12-31T18:00:00Z', '2026-12-31T18:00:00Z'],
    ['2026-12-31t18:00:00.250z', '2026-12-31T18:00:00.250Z'],
    ['2026-12-31 20:00:00+02:00', '2026-12-31T18:00:00Z'],
    [1_798_740_000_000, '2026-12-31T18:00:00Z'],
    [null, null],
  ])('expiresAt %j is an instant', (written, text) => {
    expect(read(written)).toBe(text);
    expect(codes(deploymentKind.check?.({ expiresAt: read(written) }))).toEqual([]);
  });

  test.each([
    '2026-12-31',
    '2026-12-31T18:00:00',
    '2026-02-30T00:00:00Z',
    '2026-12-31T25:00:00Z',
    'soon',
    '',
    -1,
    1e18,
  ])('expiresAt %j is none', (written) => {
    expect(codes(deploymentKind.check?.({ expiresAt: read(written) }))).toEqual(['CVG304 expiresAt']);
  });

  test('only a default of type prod claims the project’s default', () => {
    const claims = (spec: Partial<DeploymentSpec>): number => deploymentKind.claims?.(spec).length ?? 0;
    expect(claims({ type: 'prod', default: true })).toBe(1);
    expect(claims({ type: 'prod', default: false })).toBe(0);
    expect(claims({ type: 'dev', default: true })).toBe(0);
    const [claim] = deploymentKind.claims?.({ type: 'prod', default: true }) ?? [];
    expect(deploymentKind.release?.(claim?.name ?? '')).toEqual({ default: false });
  });

  test('live production is guarded, whatever the document says', () => {
    expect(deploymentKind.guarded?.(live({ type: 'prod' }))).toBe('production deployment');
    expect(deploymentKind.guarded?.(live({ type: 'dev' }))).toBeNull();
  });

  test.each<[Partial<DeploymentSpec>, Partial<DeploymentSpec>, boolean]>([
    [{ type: 'prod' }, { type: 'prod', region: 'aws-us-east-1' }, true],
    [{ type: 'prod', region: 'aws-us-east-1' }, { type: 'prod', region: 'aws-us-east-1' }, true],
    [{ type: 'prod', region: 'aws-eu-west-1' }, { type: 'prod', region: 'aws-us-east-1' }, false],
    [{ type: 'dev' }, { type: 'prod', region: 'aws-us-east-1' }, false],
    [{}, { type: 'prod', region: 'aws-us-east-1' }, false],
  ])('%j resembles %j: %s', (spec, other, expected) => {
    expect(deploymentKind.resembles?.(spec, live(other))).toBe(expected ? 'the same type and region' : null);
  });

  test('it has run out at its expiry', () => {
    expect(deploymentKind.expired?.({ expiresAt: '1970-01-01T00:00:01Z' }, 999)).toBe(false);
    expect(deploymentKind.expired?.({ expiresAt: '1970-01-01T00:00:01Z' }, 1000)).toBe(true);
    expect(deploymentKind.expired?.({ expiresAt: null }, 1000)).toBe(false);
    expect(deploymentKind.expired?.({}, 1000)).toBe(false);
  });

  test('it is born without what the create request cannot carry', () => {
    const carried = { reference: 'staging', type: 'dev', class: 's16', region: 'aws-us-east-1', expiresAt: null };
    expect(deploymentKind.born?.({ ...carried, sendLogsToClient: true, dashboardEditConfirmation: null })).toEqual(
      carried,
    );
  });
});

describe('env-var', () => {
  const value = new Secret('v');

  test.each([
    ['STRIPE_KEY', []],
    ['_x', []],
    ['N'.repeat(256), []],
    ['N'.repeat(257), ['CVG302 name']],
    ['9LIVES', ['CVG302 name']],
    ['WITH-DASH', ['CVG302 name']],
    ['ÄRGER', ['CVG302 name']],
    ['A\n', ['CVG302 name']],
    ['', ['CVG302 name']],
    ['CONVEX_CLOUD_URL', ['CVG303 name']],
    ['CONVEX_SITE_URL', ['CVG303 name']],
    ['CONVEX_OTHER', []],
  ])('name %j', (name, expected) => {
    expect(codes(envVarKind.check?.({ name, value }))).toEqual(expected);
  });

  test('a value has at most 8192 bytes, counted in UTF-8, and is never shown', () => {
    const check = (text: string): readonly Finding[] =>
      envVarKind.check?.({ name: 'A', value: new Secret(text) }) ?? [];
    expect(check('x'.repeat(8192))).toEqual([]);
    expect(codes(check('x'.repeat(8193)))).toEqual(['CVG304 value']);
    expect(codes(check('ä'.repeat(4097)))).toEqual(['CVG304 value']);
    expect(JSON.stringify(check('x'.repeat(8193)))).not.toContain('xxx');
  });

  test('a value that is not known is not judged', () => {
    expect(envVarKind.check?.({ name: 'A', value: new UnknownValue('fromEnv A') })).toEqual([]);
    expect(envVarKind.check?.({ name: 'A' })).toEqual([]);
  });

  test('512 variables and 512 KiB of names and values fit, not one more', () => {
    const many = (count: number, size: number): { name: string; value: Secret }[] =>
      Array.from({ length: count }, (_, index) => ({
        name: `V${String(index).padStart(3, '0')}`,
        value: new Secret('x'.repeat(size)),
      }));
    expect(envVarKind.checkAll?.(many(512, 0))).toEqual([]);
    expect(codes(envVarKind.checkAll?.(many(513, 0)))).toEqual(['CVG305 -']);
    // 64 × (4 + 8188) bytes is 512 KiB exactly.
    expect(envVarKind.checkAll?.(many(64, 8188))).toEqual([]);
    const [first, ...rest] = many(64, 8188);
    expect(first).toBeDefined();
    expect(codes(envVarKind.checkAll?.([{ name: 'V0000', value: new Secret('x'.repeat(8188)) }, ...rest]))).toEqual([
      'CVG305 -',
    ]);
  });
});
