import { describe, expect, test } from 'vitest';
import { T0, open } from './kit.ts';

const seed = (more: object = {}) => ({
  teams: [
    {
      slug: 'acme',
      ...more,
      projects: [
        {
          name: 'shop',
          deployments: [
            { name: 'happy-otter-1', type: 'prod' as const },
            { name: 'happy-otter-2', type: 'dev' as const },
          ],
        },
      ],
    },
  ],
});

const cloud = (domain: string) => ({ domain, requestDestination: 'convexCloud' });

describe('custom domains', () => {
  test('create, list, delete; empty replies; the key has two parts', async () => {
    const { call } = await open({ seed: seed() });
    const made = await call('POST', '/deployments/happy-otter-1/create_custom_domain', cloud('API.acme.com'));
    expect([made.status, made.text]).toEqual([200, '']);
    const list = async () => (await call('GET', '/deployments/happy-otter-1/custom_domains')).json.domains;
    expect(await list()).toEqual([
      {
        creationTime: T0,
        deploymentName: 'happy-otter-1',
        requestDestination: 'convexCloud',
        domain: 'api.acme.com',
        verificationTime: null,
      },
    ]);
    const remove = (body: object) => call('POST', '/deployments/happy-otter-1/delete_custom_domain', body);
    const site = await remove({ domain: 'api.acme.com', requestDestination: 'convexSite' });
    expect([site.status, site.json.code]).toEqual([404, 'CustomDomainNotFound']);
    expect((await remove({ domain: 'api.acme.com' })).json.code).toBe('BadJsonBody');
    const gone = await remove(cloud('api.acme.com'));
    expect([gone.status, gone.text]).toEqual([200, '']);
    expect(await list()).toEqual([]);
  });

  test('verified after the delay of the world, or by the switch', async () => {
    const kit = await open({ seed: { ...seed(), domainVerificationMs: 5000 } });
    await kit.call('POST', '/deployments/happy-otter-1/create_custom_domain', cloud('a.acme.com'));
    await kit.call('POST', '/deployments/happy-otter-2/create_custom_domain', cloud('b.acme.com'));
    const verified = async (name: string) =>
      (await kit.call('GET', `/deployments/${name}/custom_domains`)).json.domains[0].verificationTime;
    kit.advance(4999);
    kit.platform.verifyDomain('b.acme.com');
    expect([await verified('happy-otter-1'), await verified('happy-otter-2')]).toEqual([null, T0 + 4999]);
    kit.advance(10);
    expect([await verified('happy-otter-1'), await verified('happy-otter-2')]).toEqual([T0 + 5000, T0 + 4999]);
  });

  test('a hostname exists once in the whole platform, and is free again with its deployment', async () => {
    const { call } = await open({ seed: seed() });
    const create = (name: string, body: object) => call('POST', `/deployments/${name}/create_custom_domain`, body);
    await create('happy-otter-1', cloud('api.acme.com'));
    const site = { domain: 'api.acme.com', requestDestination: 'convexSite' };
    expect((await create('happy-otter-1', site)).json.code).toBe('DomainAlreadyExists');
    expect((await create('happy-otter-2', cloud('api.acme.com'))).json.code).toBe('DomainAlreadyExists');
    await call('POST', '/deployments/happy-otter-1/delete');
    expect((await create('happy-otter-2', cloud('api.acme.com'))).status).toBe(200);
  });

  test.each(['nodots', 'a_b.com', '-a.com', 'x.convex.cloud', 'a..com', 'https://a.com', 'a.com/', '1.2.3.4'])(
    '%s is no custom domain',
    async (domain) => {
      const { call } = await open({ seed: seed() });
      const refused = await call('POST', '/deployments/happy-otter-1/create_custom_domain', cloud(domain));
      expect([refused.status, refused.json.code]).toEqual([400, 'InvalidDomain']);
    },
  );

  test('the plan may have none', async () => {
    const { call } = await open({ seed: seed({ customDomains: false }) });
    const refused = await call('POST', '/deployments/happy-otter-1/create_custom_domain', cloud('api.acme.com'));
    expect([refused.status, refused.json.code]).toEqual([403, 'CustomDomainsDisabled']);
  });
});
