import { describe, expect, test } from 'vitest';
import { DAY, T0, open } from './kit.ts';

const seed = (more: object = {}) => ({
  teams: [
    {
      slug: 'acme',
      members: [
        { name: 'Ada', id: 7 },
        { name: 'Grace', id: 8 },
      ],
      ...more,
      projects: [{ name: 'shop', deployments: [{ name: 'happy-otter-1', type: 'prod' as const }] }],
    },
  ],
  tokens: [{ token: 'sandbox-grace', member: 'Grace', actor: 'member' as const }],
});

const range = `from=${String(T0)}&to=${String(T0 + DAY)}`;

describe('team audit log', () => {
  test('projects, deployments, domains and defaults, newest first; never environment variables', async () => {
    const kit = await open({ seed: seed() });
    await kit.call('POST', '/projects/1001/create_deployment', { type: 'dev', reference: 'one' });
    kit.advance(1);
    await kit.call('PATCH', '/projects/1001', { name: 'Shop' }, 'sandbox-grace');
    kit.advance(1);
    await kit.call('POST', '/deployments/happy-otter-1/create_custom_domain', {
      domain: 'api.acme.com',
      requestDestination: 'convexCloud',
    });
    await kit.call('POST', '/projects/1001/update_default_environment_variables', {
      changes: [{ name: 'A', deploymentType: 'dev', value: 'secret value' }],
    });
    await kit.at(`${kit.url}/happy-otter-1`, 'POST', '/update_environment_variables', {
      changes: [{ name: 'SECRET_NAME', value: 'secret value' }],
    });
    const { json, text } = await kit.call('GET', `/teams/41/list_audit_log_events?${range}`);
    expect(json.items.map(({ action }: { action: string }) => action)).toEqual([
      'defaultEnvironmentVariable:create',
      'deployment:customDomain:create',
      'project:update',
      'deployment:create',
    ]);
    expect(text).not.toContain('secret value');
    expect(text).not.toContain('SECRET_NAME');
    expect(json.items[2]).toMatchObject({
      teamId: 41,
      actor: { kind: 'member', member_id: 8 },
      createTime: T0 + 1,
      metadata: { noun: 'project', previous: { name: 'shop' }, current: { name: 'Shop', slug: 'shop' } },
      clientIp: '127.0.0.1',
    });
    expect(json.items[3].actor).toEqual({ kind: 'token', member_id: 7, token_id: 902, client_id: null });
  });

  test('filters and pages', async () => {
    const kit = await open({ seed: seed() });
    for (let n = 0; n < 20; n += 1) {
      await kit.call('PATCH', '/projects/1001', { name: `name ${String(n)}` }, n < 10 ? 'sandbox' : 'sandbox-grace');
    }
    const get = async (query: string) =>
      (await kit.call('GET', `/teams/41/list_audit_log_events?${range}&${query}`)).json;
    const first = await get('');
    expect(first.items).toHaveLength(15);
    const second = await get(`cursor=${first.pagination.nextCursor}`);
    expect([second.items.length, second.pagination]).toEqual([5, { hasMore: false }]);
    expect((await get('memberId=8&limit=100')).items).toHaveLength(10);
    expect((await get('action=project:delete')).items).toEqual([]);
    expect((await get('limit=101')).code).toBe('LimitOutOfRange');
  });
});

test('events of the team may be seen late', async () => {
  const kit = await open({ seed: seed({ auditLogLagMs: 60_000 }) });
  await kit.call('PATCH', '/projects/1001', { name: 'Shop' });
  const seen = async () => (await kit.call('GET', `/teams/41/list_audit_log_events?${range}`)).json.items.length;
  expect(await seen()).toBe(0);
  kit.advance(60_000);
  expect(await seen()).toBe(1);
});

describe('deployment audit log', () => {
  test('oldest first, `from` inclusive, limit as the source says', async () => {
    const kit = await open({ seed: seed() });
    const url = `${kit.url}/happy-otter-1`;
    for (const name of ['A', 'B', 'C']) {
      await kit.at(url, 'POST', '/update_environment_variables', { changes: [{ name, value: '' }] });
      kit.advance(1);
    }
    const get = (query: string) => kit.at(url, 'GET', `/list_audit_log_events?${query}`);
    const from = `from=${String(T0 + 1)}`;
    const first = (await get(`${from}&limit=1`)).json;
    expect(first.items).toEqual([
      {
        actor: { kind: 'token', member_id: 7, token_id: 902, client_id: null },
        action: 'create_environment_variable',
        createTime: T0 + 1,
        metadata: { variable_name: 'B' },
        clientIp: '127.0.0.1',
        clientUserAgent: 'node',
      },
    ]);
    const second = (await get(`${from}&limit=1&cursor=${first.pagination.nextCursor}`)).json;
    expect(second.items[0].metadata).toEqual({ variable_name: 'C' });
    expect(second.pagination).toEqual({ hasMore: false });
    expect((await get(`${from}&limit=0`)).json.code).toBe('LimitOutOfRange');
    expect((await get('limit=10')).json.code).toBe('BadQueryArgs');
  });

  test('gated by plan and retention', async () => {
    const free = await open({ seed: seed({ auditLogs: false }) });
    const none = await free.at(`${free.url}/happy-otter-1`, 'GET', `/list_audit_log_events?from=${String(T0)}`);
    expect([none.status, none.json.code]).toEqual([403, 'AuditLogsDisabled']);
    expect((await free.call('GET', `/teams/41/list_audit_log_events?${range}`)).json.code).toBe('AuditLogsDisabled');

    const pro = await open({ seed: seed({ auditLogRetentionDays: 7 }) });
    const old = await pro.at(`${pro.url}/happy-otter-1`, 'GET', `/list_audit_log_events?from=${String(T0 - 8 * DAY)}`);
    expect([old.status, old.json.code]).toEqual([403, 'AuditLogsTooOld']);
    const unlimited = await open({ seed: seed({ auditLogRetentionDays: -1 }) });
    expect((await unlimited.at(`${unlimited.url}/happy-otter-1`, 'GET', '/list_audit_log_events?from=0')).status).toBe(
      200,
    );
  });
});
