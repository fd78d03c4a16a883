import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { onCpu } from '../kit/cpu.ts';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { DAY, T0, open } from './kit.ts';

describe('parseSeed', () => {
  test('YAML and JSON say the same', () => {
    const yaml = 'teams:\n  - slug: acme\n    filler: { projects: 2 }\n';
    expect(parseSeed(yaml, 'seed.yaml')).toEqual({ teams: [{ slug: 'acme', filler: { projects: 2 } }] });
    expect(parseSeed(JSON.stringify(parseSeed(yaml, 'a')), 'seed.json')).toEqual(parseSeed(yaml, 'b'));
    expect(parseSeed('', 'empty.yaml')).toEqual({});
  });

  test.each([
    ['teams: [{ slug: acme, projcts: [] }]', 'seed.teams[0].projcts is unknown; known are slug, id'],
    ['teams: [{ id: 41 }]', 'seed.teams[0].slug must be a string'],
    ['teams: [{ slug: a, projects: [{ name: x, deployments: [{ type: main }] }] }]', 'type must be one of dev, prod'],
    [
      'teams: [{ slug: a, projects: [{ name: x, deployments: [{ type: dev, env: { A: 1 } }] }] }]',
      'env.A must be a string',
    ],
    ['faults: [{ effect: { kind: explode } }]', 'seed.faults[0].effect.kind must be one of status'],
    ['teams: [', 'f.yaml'],
  ])('%s', (source, message) => {
    expect(() => parseSeed(source, 'f.yaml')).toThrow(message);
  });
});

describe('startSandbox with a seed', () => {
  test('the example in docs/sandbox.md holds', async () => {
    const page = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const { call } = await open({ seed: parseSeed(example, 'docs/sandbox.md') });
    expect((await call('GET', '/teams/acme/projects/shop')).json).toMatchObject({
      prodDeploymentName: 'happy-otter-123',
    });
  });

  test('without one: the team acme, id 41, no projects', async () => {
    const { call } = await open();
    expect((await call('GET', '/token_details')).json).toMatchObject({ teamId: 41 });
    expect((await call('GET', '/teams/41/projects')).json).toEqual({ items: [], pagination: { hasMore: false } });
  });

  test('everything it says is there', async () => {
    const seed = parseSeed(
      `
teams:
  - slug: acme
    members: [{ name: Ada }, { name: Grace, email: grace@acme.com }]
    projects:
      - name: Acme Shop
        slug: shop
        defaultEnv: { preview: { FROM: default } }
        deployments:
          - { type: prod, name: happy-otter-123, default: true, env: { A: "1" },
              domains: [{ domain: api.acme.com, destination: convexCloud }],
              canonicalUrls: { convexCloud: "https://api.acme.com" } }
          - { type: preview, reference: preview/pr-7, expiresInMs: 86400000, creator: grace@acme.com }
  - slug: beta
tokens: [{ token: sandbox-ci, team: beta, readOnly: true }]
`,
      'seed.yaml',
    );
    const { call, at } = await open({ seed });
    const [preview, prod] = (await call('GET', '/teams/41/list_deployments')).json.items;
    expect(prod).toMatchObject({ name: 'happy-otter-123', reference: 'production', isDefault: true, creator: 101 });
    expect(preview).toMatchObject({ previewIdentifier: 'pr-7', expiresAt: T0 + DAY, creator: 102, isDefault: false });
    const env = await at(preview.deploymentUrl, 'GET', '/list_environment_variables');
    expect(env.json.environmentVariables).toEqual({ FROM: 'default' });
    const { domains } = (await call('GET', '/deployments/happy-otter-123/custom_domains')).json;
    expect(domains).toMatchObject([{ domain: 'api.acme.com', verificationTime: T0 }]);
    const urls = await at(prod.deploymentUrl, 'GET', '/get_canonical_urls');
    expect(urls.json.convexCloudUrl).toBe('https://api.acme.com');
    expect((await call('GET', '/token_details', undefined, 'sandbox-ci')).json.teamId).toBe(42);
    expect(
      (await call('GET', `/teams/41/list_audit_log_events?from=${String(T0)}&to=${String(T0)}`)).json.items,
    ).toEqual([]);
  });

  test.each([
    [
      {
        teams: [
          { slug: 'a', id: 1 },
          { slug: 'b', id: 1 },
        ],
      },
      'two teams have the id 1',
    ],
    [
      {
        teams: [
          {
            slug: 'a',
            projects: [
              { name: 'one', slug: 'one' },
              { name: 'two', slug: 'one' },
            ],
          },
        ],
      },
      'two projects',
    ],
    [{ tokens: [{ token: 'real' }] }, 'start with `sandbox`'],
    [{ tokens: [{ token: 'sandbox-x', team: 'nobody' }] }, 'nobody'],
    [{ tokens: [{ token: 'sandbox-x', member: 'Nobody' }] }, 'no member Nobody'],
  ])('contradictions are errors: %j', async (seed, message) => {
    await expect(open({ seed })).rejects.toThrow(message);
  });

  test('10,000 projects are there in well under a second, their pages at once', async () => {
    const seed = { teams: [{ slug: 'acme', filler: { projects: 10_000 } }] };
    const { result: kit, ms } = await onCpu(() => open({ seed }));
    expect(ms).toBeLessThan(1000);
    let count = 0;
    let cursor = '';
    do {
      const { json } = await kit.call('GET', `/teams/41/list_deployments${cursor}`);
      count += json.items.length;
      cursor = json.pagination.hasMore ? `?cursor=${json.pagination.nextCursor}` : '';
    } while (cursor !== '');
    expect(count).toBe(10_000);
    expect(kit.log).toHaveLength(100);
  });
});
