// What drifted, by whom, and what the asking costs: on the sandbox.
import { expect, test } from 'vitest';
import type { Drift, DriftItem } from '../../src/model/drift.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import { BROWSER, DAY, drifting, MINUTE } from './drifting.ts';

const SECRET = 'not-for-anybody-4711';

const STATE = `version: 1
team: acme
policy: { prune: [env] }
projects:
  - slug: shop
    name: Shop
    deployments:
      - reference: production
        type: prod
        class: s256
        sendLogsToClient: true
        env: { A: one, B: two, GONE: { absent: true } }
        domains: [{ domain: api.acme.com, destination: convexCloud }]
        canonicalUrls: { convexCloud: null }
      - reference: staging
        type: dev
        env: { A: one }
`;

const seed = (more: object = {}): SandboxSeed => ({
  teams: [
    {
      slug: 'acme',
      members: [
        { name: 'Ada', id: 7 },
        { name: 'Grace', id: 8 },
      ],
      ...more,
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [
            {
              reference: 'production',
              type: 'prod',
              default: true,
              class: 's256',
              sendLogsToClient: true,
              env: { A: 'one', B: 'two' },
              domains: [{ domain: 'api.acme.com', destination: 'convexCloud' }],
            },
            { reference: 'staging', type: 'dev', env: { A: 'one' } },
          ],
        },
      ],
    },
  ],
  tokens: [{ token: 'sandbox-grace', member: 'Grace', actor: 'member' }],
});

const PRODUCTION = 'project:shop/deployment:production';
const itemOf = ({ items }: Drift, address: string): DriftItem | undefined =>
  items.find((item) => item.address === address);

test('nothing drifted: the plan’s reading, no log', async () => {
  await drifting({ state: STATE, seed: seed() }, async ({ drift, network }) => {
    const { items, requests, coverage } = await drift();
    expect(items).toEqual([]);
    expect(requests).toEqual({ read: network.log.length, logs: 0 });
    expect(coverage).toContainEqual({ kind: 'env-var', declared: 3, live: 3, unmanaged: 0 });
  });
});

test('every kind by its log, with actor, program and time; and never a value', async () => {
  await drifting({ state: STATE, seed: seed() }, async ({ drift, platform, deployment, caller, pass }) => {
    const [grace, script, own] = [
      caller('sandbox-grace', BROWSER),
      caller('sandbox-ci', 'curl/8'),
      caller('sandbox-ci', 'converge/0.1.0'),
    ];
    const production = deployment('production');
    platform.updateEnvironment(script, production, [{ name: 'A', value: 'x' }]);
    await pass(MINUTE);
    platform.updateEnvironment(grace, production, [
      { name: 'A', value: SECRET },
      { name: 'GONE', value: SECRET },
    ]);
    platform.updateEnvironment(own, production, [{ name: 'B', value: null }]);
    platform.updateEnvironment(script, production, [{ name: 'PRUNED', value: SECRET }]);
    platform.updateCanonicalUrl(grace, production, { destination: 'convexCloud', url: 'https://acme.com' });
    platform.deleteDomain(script, production, { domain: 'api.acme.com', destination: 'convexCloud' });
    platform.updateDeployment(grace, production, { class: 's16' });
    await pass(MINUTE);
    // Not what drifted: the class was Grace's.
    platform.updateDeployment(script, production, { dashboardEditConfirmation: true });
    platform.updateProject(caller('sandbox-grace'), production.project, { name: 'Grace was here' });
    platform.deleteDeployment(grace, deployment('staging'));
    const found = await drift({}, { showIp: true });
    expect(JSON.stringify(found)).not.toContain(SECRET);
    const byGrace = { actor: 'member', id: 8, via: 'dashboard', ip: '192.0.2.7' };
    const byScript = { actor: 'token', id: script.token.id, via: 'API', ip: '192.0.2.7' };
    expect(found.items.map(({ address, moved, fields, by }) => [address, moved, fields, by])).toMatchObject([
      ['project:shop', 'changed', ['name'], { actor: 'member', id: 8, ip: '192.0.2.7' }],
      [PRODUCTION, 'changed', ['class'], byGrace],
      [`${PRODUCTION}/canonical-url:convexCloud`, 'unexpected', [], byGrace],
      [`${PRODUCTION}/domain:api.acme.com`, 'missing', [], byScript],
      [`${PRODUCTION}/env-var:A`, 'changed', ['value'], byGrace],
      [`${PRODUCTION}/env-var:B`, 'missing', [], { actor: 'converge', id: own.token.id }],
      [`${PRODUCTION}/env-var:GONE`, 'unexpected', [], byGrace],
      [`${PRODUCTION}/env-var:PRUNED`, 'unexpected', [], byScript],
      ['project:shop/deployment:staging', 'missing', [], byGrace],
      ['project:shop/deployment:staging/env-var:A', 'missing', [], byGrace],
    ]);
    expect(found.items.filter(({ unattributed }) => unattributed !== undefined)).toEqual([]);
    // The team's log, one deployment's, and the members' names, which this token may not list.
    expect(found.requests.logs).toBe(3);
  });
});

test('the platform itself: what expired', async () => {
  const state = STATE.replace('type: dev\n', 'type: dev\n        expiresAt: null\n');
  await drifting({ state, seed: seed() }, async ({ drift, platform, deployment, caller, pass }) => {
    const expiresAt = (deployment('staging').project.createTime ?? 0) + 60 * MINUTE;
    platform.updateDeployment(caller('sandbox-grace', BROWSER), deployment('staging'), { expiresAt });
    await pass(2 * 60 * MINUTE);
    expect(itemOf(await drift(), 'project:shop/deployment:staging')).toMatchObject({
      moved: 'missing',
      by: { actor: 'system' },
    });
  });
});

test.each([
  ['no log on this plan', { auditLogs: false }, 'Audit logs are not available'],
  ['not kept for so long', { auditLogRetentionDays: 1 }, 'Audit logs are kept for 1 days'],
])('%s: unattributed, and no failure', async (_, settings, why) => {
  await drifting({ state: STATE, seed: seed(settings) }, async ({ drift, platform, deployment, caller }) => {
    platform.updateEnvironment(caller('sandbox-grace'), deployment('production'), [{ name: 'A', value: 'x' }]);
    platform.updateDeployment(caller('sandbox-grace'), deployment('production'), { class: 's16' });
    const { items } = await drift();
    expect(items).toHaveLength(2);
    for (const { by, unattributed } of items) {
      expect(by).toBeUndefined();
      expect(unattributed).toContain(why);
    }
  });
});

test('older than --since, and a log that lags: nobody is named', async () => {
  await drifting(
    { state: STATE, seed: seed({ auditLogLagMs: 10 * MINUTE }) },
    async ({ drift, platform, deployment, caller, pass }) => {
      platform.updateEnvironment(caller('sandbox-grace'), deployment('production'), [{ name: 'A', value: 'x' }]);
      await pass(2 * DAY);
      platform.updateDeployment(caller('sandbox-grace'), deployment('production'), { class: 's16' });
      const silence = { unattributed: 'no event about it in the time of --since' };
      const found = await drift({}, { sinceMs: DAY });
      expect(itemOf(found, `${PRODUCTION}/env-var:A`)).toMatchObject(silence);
      expect(itemOf(found, PRODUCTION)).toMatchObject(silence);
      await pass(11 * MINUTE);
      expect(itemOf(await drift({}, { sinceMs: 3 * DAY }), PRODUCTION)).toMatchObject({
        by: { actor: 'member', id: 8 },
      });
    },
  );
});

test('five pages of a log at most, and then nobody is named', async () => {
  await drifting({ state: STATE, seed: seed() }, async ({ drift, platform, deployment, caller }) => {
    for (let n = 0; n < 501; n += 1)
      platform.updateEnvironment(caller('sandbox-grace'), deployment('production'), [{ name: 'A', value: String(n) }]);
    const { items, requests } = await drift();
    expect(items[0]?.unattributed).toContain('more than 500 events');
    expect(requests.logs).toBe(5);
  });
});

test('--max-requests holds for logs too', async () => {
  await drifting({ state: STATE, seed: seed() }, async ({ drift, platform, deployment, caller, network }) => {
    platform.updateEnvironment(caller('sandbox-ci'), deployment('production'), [{ name: 'A', value: 'x' }]);
    platform.updateDeployment(caller('sandbox-ci'), deployment('production'), { class: 's16' });
    const { requests } = await drift();
    const before = network.log.length;
    const { items } = await drift({ maxRequests: requests.read + 1 });
    expect(network.log.length - before).toBe(requests.read + 1);
    expect(items.filter(({ by }) => by !== undefined)).toHaveLength(1);
    expect(items.filter(({ unattributed }) => unattributed?.includes('--max-requests') === true)).toHaveLength(1);
  });
});

test('a dialect without logs', async () => {
  const state = 'version: 1\nteam: acme\nprojects:\n  - slug: shop\n    name: Other\n';
  await drifting({ state, seed: seed(), dialect: 'catalog' }, async ({ drift }) => {
    const { items, requests } = await drift();
    expect(items).toMatchObject([{ moved: 'changed', unattributed: 'this API has no log that tells' }]);
    expect(requests.logs).toBe(0);
  });
});

test('what is paused is listed; what is undeclared and kept is not; a part is a part', async () => {
  const state = `${STATE.replace('prune: [env]', 'prune: []')}pauses:
  - { address: "project:shop", owner: ada, reason: incident, expires: 2026-12-01 }
`;
  await drifting({ state, seed: seed() }, async ({ drift, platform, deployment, caller }) => {
    platform.updateEnvironment(caller('sandbox-ci'), deployment('production'), [
      { name: 'A', value: 'x' },
      { name: 'KEPT', value: 'x' },
    ]);
    platform.updateEnvironment(caller('sandbox-ci'), deployment('staging'), [{ name: 'A', value: 'x' }]);
    const whole = await drift();
    expect(whole.items.map(({ address }) => address)).toEqual([
      `${PRODUCTION}/env-var:A`,
      'project:shop/deployment:staging/env-var:A',
    ]);
    expect(whole.unmanaged).toEqual([`${PRODUCTION}/env-var:KEPT`]);
    expect(whole.coverage).toContainEqual({ kind: 'env-var', declared: 3, live: 3, unmanaged: 1 });
    const part = await drift({ scope: { target: ['**/deployment:staging/**'], exclude: [] } });
    expect(part.items.map(({ address }) => address)).toEqual(['project:shop/deployment:staging/env-var:A']);
    expect(part.coverage).toEqual([{ kind: 'env-var', declared: 1, live: 1, unmanaged: 0 }]);
  });
});

test('2,000 deployments with 40 drifted: the least reading, and a page of 41 logs', { timeout: 60_000 }, async () => {
  const references = Array.from({ length: 2000 }, (_, index) => `dev-${String(index)}`);
  const entries = references.map(
    (reference) => `      - { reference: ${reference}, type: custom, class: s16, env: { A: one } }\n`,
  );
  const deployments = references.map((reference) => ({
    reference,
    type: 'custom' as const,
    class: 's16',
    env: { A: 'one' },
  }));
  const state = `version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n${entries.join('')}`;
  await drifting(
    {
      state,
      seed: {
        teams: [{ slug: 'acme', projects: [{ name: 'Shop', slug: 'shop', deployments }] }],
      },
    },
    async ({ drift, platform, deployment, caller, network }) => {
      for (const reference of references.slice(0, 40))
        platform.updateEnvironment(caller('sandbox-ci'), deployment(reference), [{ name: 'A', value: 'x' }]);
      platform.updateDeployment(caller('sandbox-ci'), deployment('dev-0'), { class: 's256' });
      const { items, requests } = await drift();
      expect(items).toHaveLength(41);
      expect(items.every(({ by }) => by?.actor === 'token')).toBe(true);
      expect(requests.logs).toBe(41);
      expect(network.log).toHaveLength(requests.read + 41);
      const log = network.log.map(({ path }) => path);
      expect(log.filter((path) => path.endsWith('list_environment_variables'))).toHaveLength(2000);
    },
  );
});
