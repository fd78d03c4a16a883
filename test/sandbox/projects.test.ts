import { describe, expect, test } from 'vitest';
import { T0, open } from './kit.ts';

describe('projects', () => {
  test('create derives the slug, a second one of that name gets another', async () => {
    const { call } = await open();
    const first = await call('POST', '/teams/41/create_project', { projectName: 'Acme Shop!' });
    const second = await call('POST', '/teams/41/create_project', { projectName: 'Acme Shop!' });
    expect(first.json).toEqual({ projectId: 1001, id: 1001, slug: 'acme-shop' });
    expect(second.json.slug).toMatch(/^acme-shop-[0-9a-f]{5}$/);
    expect(second.json.id).toBe(1002);
  });

  test('create may make a deployment too, all or nothing', async () => {
    const { call, url } = await open();
    const made = await call('POST', '/teams/41/create_project', {
      projectName: 'shop',
      deploymentType: 'prod',
      deploymentRegion: 'aws-eu-west-1',
    });
    const { deploymentName, deploymentUrl } = made.json;
    expect(deploymentName).toMatch(/^[a-z]+-[a-z]+-\d+$/);
    expect(deploymentUrl).toBe(`${url}/${deploymentName}.eu-west-1`);
    const { json } = await call('GET', `/deployments/${deploymentName}`);
    expect(json).toMatchObject({ reference: 'production', isDefault: true, region: 'aws-eu-west-1', class: 's256' });

    const refused = await call('POST', '/teams/41/create_project', {
      projectName: 'other',
      deploymentType: 'prod',
      deploymentRegion: 'mars-1',
    });
    expect([refused.status, refused.json.code]).toEqual([400, 'InvalidRegion']);
    expect((await call('GET', '/teams/41/projects')).json.items).toHaveLength(1);
  });

  test('reads by id and by slug, and the page of a team, newest first', async () => {
    const { call } = await open({ seed: { teams: [{ slug: 'acme', filler: { projects: 3 } }] } });
    const { json } = await call('GET', '/teams/41/projects');
    expect(json.items.map(({ id }: { id: number }) => id)).toEqual([1003, 1002, 1001]);
    expect(json.pagination).toEqual({ hasMore: false });
    expect(json.items[0]).toEqual({
      id: 1003,
      name: 'Filler 3',
      slug: 'filler-3',
      teamId: 41,
      teamSlug: 'acme',
      createTime: T0,
      prodDeploymentName: expect.stringMatching(/^[a-z]+-[a-z]+-\d+$/),
      devDeploymentName: null,
    });
    expect((await call('GET', '/projects/1003')).json).toEqual(json.items[0]);
    expect((await call('GET', '/teams/acme/projects/filler-3')).json).toEqual(json.items[0]);
    expect((await call('GET', '/teams/41/projects/filler-3')).json).toEqual(json.items[0]);
    expect((await call('GET', '/teams/41/projects?q=FILLER-2')).json.items).toHaveLength(1);
  });

  test('pages of every size cover the team once, while it changes', async () => {
    const { call } = await open({ seed: { teams: [{ slug: 'acme', filler: { projects: 230 } }] } });
    const seen: number[] = [];
    let cursor = '';
    for (let pages = 0; ; pages += 1) {
      const { json } = await call('GET', `/teams/41/projects${cursor}`);
      seen.push(...json.items.map(({ id }: { id: number }) => id));
      if (pages === 0) await call('POST', '/projects/1131/delete');
      if (pages === 0) await call('POST', '/teams/41/create_project', { projectName: 'late' });
      if (!json.pagination.hasMore) break;
      cursor = `?cursor=${json.pagination.nextCursor}`;
    }
    // 1131 was the last of the first page; what is created meanwhile is newer than every page.
    expect(seen).toEqual(Array.from({ length: 230 }, (_, n) => 1230 - n));
  });

  test('a rename keeps the slug, a slug is checked and unique', async () => {
    const { call } = await open({ seed: { teams: [{ slug: 'acme', filler: { projects: 2 } }] } });
    const renamed = await call('PATCH', '/projects/1001', { name: 'Nice Name', slug: null });
    expect(renamed.json).toMatchObject({ name: 'Nice Name', slug: 'filler-1' });
    expect((await call('PATCH', '/projects/1001', { slug: 'nice' })).json.slug).toBe('nice');
    expect((await call('GET', '/teams/acme/projects/filler-1')).status).toBe(404);
    for (const [slug, code] of [
      ['no', 'InvalidSlug'],
      ['no spaces', 'InvalidSlug'],
      ['x'.repeat(65), 'InvalidSlug'],
      ['filler-2', 'ProjectSlugAlreadyExists'],
    ]) {
      const refused = await call('PATCH', '/projects/1001', { slug });
      expect([refused.status, refused.json.code]).toEqual([400, code]);
    }
    const noName = await call('PATCH', '/projects/1001', { name: 'ab', slug: 'other' });
    expect(noName.json.code).toBe('InvalidProjectName');
    expect((await call('GET', '/projects/1001')).json.slug).toBe('nice');
  });

  test('delete takes every deployment along', async () => {
    const kit = await open({ seed: { teams: [{ slug: 'acme', filler: { projects: 1, deploymentsPerProject: 3 } }] } });
    const { json: before } = await kit.call('GET', '/projects/1001/list_deployments');
    expect(before).toHaveLength(3);
    const gone = await kit.call('POST', '/projects/1001/delete');
    expect([gone.status, gone.text]).toEqual([200, '']);
    expect((await kit.call('GET', '/projects/1001')).json).toEqual({
      code: 'ProjectNotFound',
      message: 'The requested project does not exist',
    });
    expect((await kit.call('GET', '/teams/41/list_deployments')).json.items).toEqual([]);
    expect((await kit.at(before[0].deploymentUrl, 'GET', '/list_environment_variables')).status).toBe(404);
  });

  test('quotas', async () => {
    const { call } = await open({ seed: { teams: [{ slug: 'acme', quotas: { projects: 1, deployments: 1 } }] } });
    const made = await call('POST', '/teams/41/create_project', { projectName: 'one', deploymentType: 'dev' });
    expect(made.status).toBe(200);
    const another = await call('POST', '/teams/41/create_project', { projectName: 'two' });
    expect(another.json.code).toBe('ProjectQuotaReached');
    const deployment = await call('POST', '/projects/1001/create_deployment', { type: 'prod' });
    expect(deployment.json.code).toBe('DeploymentQuotaReached');
  });

  test('default variables: merged listing, per type, copied at creation only', async () => {
    const { call, at } = await open({ seed: { teams: [{ slug: 'acme', filler: { projects: 1 } }] } });
    const path = '/projects/1001/update_default_environment_variables';
    const written = await call('POST', path, {
      changes: [
        { name: 'A', deploymentType: 'dev', value: '1' },
        { name: 'A', deploymentType: 'preview', value: '1' },
        { name: 'A', deploymentType: 'prod', value: '2' },
        { name: 'ABSENT', deploymentType: 'prod', value: null },
      ],
    });
    expect([written.status, written.text]).toEqual([200, '']);
    const listed = '/projects/1001/list_default_environment_variables';
    expect((await call('GET', listed)).json).toEqual({
      items: [
        { name: 'A', value: '1', deploymentTypes: ['dev', 'preview'] },
        { name: 'A', value: '2', deploymentTypes: ['prod'] },
      ],
      pagination: { hasMore: false },
    });
    expect((await call('GET', `${listed}?deploymentType=preview&name=A`)).json.items).toEqual([
      { name: 'A', value: '1', deploymentTypes: ['preview'] },
    ]);
    const { json: dev } = await call('POST', '/projects/1001/create_deployment', { type: 'dev' });
    await call('POST', path, { changes: [{ name: 'A', deploymentType: 'dev', value: 'later' }] });
    const env = await at(dev.deploymentUrl, 'GET', '/list_environment_variables');
    expect(env.json).toEqual({ environmentVariables: { A: '1' } });
    const bad = await call('POST', path, { changes: [{ name: '1A', deploymentType: 'dev', value: '' }] });
    expect(bad.json.code).toBe('EnvironmentVariableNameInvalid');
  });
});
