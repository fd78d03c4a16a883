import { describe, expect, test } from 'vitest';
import { open } from './kit.ts';
import type { SandboxOptions } from '../../src/sandbox/server.ts';
import type { DeploymentSeed } from '../../src/sandbox/seed.ts';

async function withDeployment(seed: Partial<DeploymentSeed> = {}, options: SandboxOptions = {}) {
  const kit = await open({
    seed: {
      teams: [
        {
          slug: 'acme',
          projects: [
            {
              name: 'shop',
              deployments: [{ name: 'happy-otter-123', type: 'prod', reference: 'production', ...seed }],
            },
          ],
        },
      ],
    },
    ...options,
  });
  const url = `${kit.url}/happy-otter-123`;
  return {
    ...kit,
    deploymentUrl: url,
    update: (changes: readonly { name: string; value?: string | null }[]) =>
      kit.at(url, 'POST', '/update_environment_variables', { changes }),
    env: async () => (await kit.at(url, 'GET', '/list_environment_variables')).json.environmentVariables,
    events: async () => (await kit.at(url, 'GET', `/list_audit_log_events?from=${String(kit.now())}`)).json.items,
    invalidations: () => kit.platform.find('happy-otter-123')?.invalidations,
  };
}

const actions = (events: { action: string; metadata: { variable_name: string } }[]) =>
  events.map(({ action, metadata }) => `${action.replace('_environment_variable', '')} ${metadata.variable_name}`);

describe('update_environment_variables', () => {
  test('one transaction; unsets first, sets in byte order; names in the log, no values', async () => {
    const kit = await withDeployment({ env: { OLD: 'x', KEEP: 'k' } });
    const written = await kit.update([
      { name: 'B', value: '2' },
      { name: 'A', value: 'z' },
      { name: 'A', value: 'a' },
      { name: 'OLD' },
      { name: 'BOTH', value: 'set wins' },
      { name: 'BOTH', value: null },
      { name: 'ABSENT', value: null },
    ]);
    expect([written.status, written.text]).toEqual([200, '']);
    expect(await kit.env()).toEqual({ A: 'z', B: '2', BOTH: 'set wins', KEEP: 'k' });
    const events = await kit.events();
    expect(actions(events)).toEqual(['delete OLD', 'create A', 'update A', 'create B', 'create BOTH']);
    expect(JSON.stringify(events)).not.toContain('set wins');
    expect(kit.invalidations()).toBe(1);
  });

  test('an equal value is a write like any other; unsetting nothing is none', async () => {
    const kit = await withDeployment({ env: { A: '1' } });
    await kit.update([{ name: 'A', value: '1' }]);
    expect(actions(await kit.events())).toEqual(['update A']);
    expect(kit.invalidations()).toBe(1);
    await kit.update([{ name: 'ABSENT' }]);
    await kit.update([{ name: 'CONVEX_CLOUD_URL', value: null }]);
    expect(kit.invalidations()).toBe(1);
  });

  test.each([
    ['1A', 'x', 'EnvironmentVariableNameInvalid'],
    ['A-B', 'x', 'EnvironmentVariableNameInvalid'],
    ['', 'x', 'EnvironmentVariableNameInvalid'],
    ['N'.repeat(257), 'x', 'EnvironmentVariableNameTooLong'],
    ['A', 'é'.repeat(4097), 'EnvironmentVariableValueTooLarge'],
    ['CONVEX_SITE_URL', 'x', 'EnvVarNameForbidden'],
  ])('%.10s with %.10s: %s, and nothing is written', async (name, value, code) => {
    const kit = await withDeployment({ env: { KEEP: 'k' } });
    const refused = await kit.update([{ name: 'FIRST', value: '1' }, { name: 'KEEP' }, { name, value }]);
    expect([refused.status, refused.json.code]).toEqual([400, code]);
    expect(await kit.env()).toEqual({ KEEP: 'k' });
    expect(kit.invalidations()).toBe(0);
  });

  test('names and values at their limits pass', async () => {
    const kit = await withDeployment();
    const name = 'N'.repeat(256);
    expect(
      (
        await kit.update([
          { name, value: 'é'.repeat(4096) },
          { name: '_', value: '' },
        ])
      ).status,
    ).toBe(200);
    expect(Object.keys(await kit.env())).toEqual([name, '_']);
  });

  test('count and size are judged on the final state', async () => {
    const kit = await withDeployment();
    const many = (from: number, count: number, value: string) =>
      Array.from({ length: count }, (_, n) => ({ name: `V${String(from + n)}`, value }));
    expect((await kit.update(many(0, 512, ''))).status).toBe(200);
    expect((await kit.update(many(512, 1, ''))).json.code).toBe('EnvVarLimitMet');
    expect((await kit.update([...many(512, 1, ''), { name: 'V0' }])).status).toBe(200);
    const big = many(1, 64, 'x'.repeat(8192));
    expect((await kit.update(big)).json.code).toBe('EnvVarTotalSizeLimitMet');
    expect((await kit.env()).V1).toBe('');
  });

  test('a required name cannot be unset, even when it is set in the same call', async () => {
    const kit = await withDeployment({ env: { NEEDED: '1' }, requiredEnv: ['NEEDED'] });
    const refused = await kit.update([{ name: 'NEEDED' }, { name: 'NEEDED', value: '2' }]);
    expect(refused.json.code).toBe('RequiredEnvironmentVariable');
    expect((await kit.update([{ name: 'NEEDED', value: '2' }])).status).toBe(200);
  });

  test('two updates of one deployment at a time conflict', async () => {
    const kit = await withDeployment({}, { latencyMs: 20 });
    const answers = await Promise.all([
      kit.update([{ name: 'A', value: '1' }]),
      kit.update([{ name: 'B', value: '2' }]),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 503]);
    const refused = answers.find(({ status }) => status === 503);
    expect(refused?.json.code).toBe('OptimisticConcurrencyControlFailure');
    expect(Object.keys(await kit.env())).toHaveLength(1);
    expect((await kit.update([{ name: 'C', value: '3' }])).status).toBe(200);
  });

  test('names that JavaScript treats specially are names like others', async () => {
    const kit = await withDeployment();
    await kit.update([
      { name: '__proto__', value: 'p' },
      { name: 'constructor', value: 'c' },
    ]);
    const { text } = await kit.at(kit.deploymentUrl, 'GET', '/list_environment_variables');
    expect(text).toBe('{"environmentVariables":{"__proto__":"p","constructor":"c"}}');
  });
});

describe('canonical URLs', () => {
  test('defaults when unset; every write is an event', async () => {
    const kit = await withDeployment();
    const get = async () => (await kit.at(kit.deploymentUrl, 'GET', '/get_canonical_urls')).json;
    const set = (body: object) => kit.at(kit.deploymentUrl, 'POST', '/update_canonical_url', body);
    const defaults = { convexCloudUrl: kit.deploymentUrl, convexSiteUrl: `${kit.deploymentUrl}/http` };
    expect(await get()).toEqual(defaults);
    const written = await set({ requestDestination: 'convexCloud', url: 'https://api.acme.com' });
    expect([written.status, written.text]).toEqual([200, '']);
    await set({ requestDestination: 'convexCloud', url: 'https://api.acme.com' });
    expect(await get()).toEqual({ ...defaults, convexCloudUrl: 'https://api.acme.com' });
    await set({ requestDestination: 'convexCloud' });
    await set({ requestDestination: 'convexSite', url: null });
    expect(await get()).toEqual(defaults);
    expect((await kit.events()).map(({ action }: { action: string }) => action)).toEqual([
      'update_canonical_url',
      'update_canonical_url',
      'delete_canonical_url',
      'delete_canonical_url',
    ]);
  });

  test('deployment_info', async () => {
    const kit = await withDeployment();
    expect((await kit.at(kit.deploymentUrl, 'GET', '/deployment_info')).json).toEqual({
      kind: 'cloud',
      teamId: 41,
      projectId: 1001,
      projectName: 'shop',
      projectSlug: 'shop',
      id: 5001,
      deploymentType: 'prod',
      reference: 'production',
    });
  });
});
