import { describe, expect, test } from 'vitest';
import { DAY, MINUTE, T0, open } from './kit.ts';
import type { Kit } from './kit.ts';

const withProject = () => open({ seed: { teams: [{ slug: 'acme', projects: [{ name: 'shop' }] }] } });
const create = (kit: Kit, body: Record<string, unknown>) => kit.call('POST', '/projects/1001/create_deployment', body);

async function code(answer: Promise<{ status: number; json: { code: string } }>): Promise<string> {
  const { status, json } = await answer;
  return `${String(status)} ${json.code}`;
}

describe('creation', () => {
  test('a whole reply, in the recorded form', async () => {
    const kit = await withProject();
    const { json } = await create(kit, { type: 'preview', reference: 'Probe A' });
    expect(json).toEqual({
      kind: 'cloud',
      id: 5001,
      name: expect.stringMatching(/^[a-z]+-[a-z]+-\d+$/),
      createTime: T0,
      deploymentType: 'preview',
      projectId: 1001,
      creator: 101,
      previewIdentifier: 'Probe A',
      region: 'aws-us-east-1',
      isDefault: false,
      reference: 'preview/probe-a',
      dashboardEditConfirmation: null,
      deploymentUrl: `${kit.url}/${json.name}`,
      expiresAt: T0 + 14 * DAY,
      class: 's256',
      sendLogsToClient: null,
    });
  });

  test('default references, and isDefault only without one', async () => {
    const kit = await withProject();
    const prod = await create(kit, { type: 'prod' });
    const dev = await create(kit, { type: 'dev' });
    const blue = await create(kit, { type: 'prod', reference: 'blue' });
    const custom = await create(kit, { type: 'custom', isDefault: null });
    expect(prod.json).toMatchObject({ reference: 'production', isDefault: true });
    expect(dev.json).toMatchObject({ reference: 'dev/ada-lovelace', isDefault: true });
    expect(blue.json).toMatchObject({ reference: 'blue', isDefault: false });
    expect(custom.json).toMatchObject({ reference: 'custom/1', isDefault: false });
    expect(await code(create(kit, { type: 'prod' }))).toBe('400 DefaultDeploymentAlreadyExists');
    expect(await code(create(kit, { type: 'prod', reference: 'red', isDefault: true }))).toBe(
      '400 DefaultDeploymentAlreadyExists',
    );
    expect(await code(create(kit, { type: 'custom', reference: 'red', isDefault: true }))).toBe('400 InvalidIsDefault');
    const byRole = '/projects/1001/deployment';
    expect((await kit.call('GET', `${byRole}?defaultProd=true`)).json.id).toBe(prod.json.id);
    expect((await kit.call('GET', `${byRole}?defaultDev=true`)).json.id).toBe(dev.json.id);
    expect((await kit.call('GET', `${byRole}?reference=blue`)).json.id).toBe(blue.json.id);
    expect(await code(kit.call('GET', `${byRole}?reference=green`))).toBe('404 DeploymentNotFound');
    expect(await code(kit.call('GET', byRole))).toBe('400 BadQueryArgs');
    const bySlug = await kit.call('GET', '/teams/acme/projects/shop/deployment?reference=blue');
    expect(bySlug.json.id).toBe(blue.json.id);
  });

  test.each(['ab', 'x'.repeat(101), 'Upper', 'a b', 'local-x', 'prod', 'preview', 'happy-otter-123'])(
    'the reference %s is refused',
    async (reference) => {
      const kit = await withProject();
      expect(await code(create(kit, { type: 'custom', reference }))).toBe('400 InvalidDeploymentReference');
    },
  );

  test('a reference exists once in a project', async () => {
    const kit = await withProject();
    await create(kit, { type: 'dev', reference: 'feature-x' });
    expect((await create(kit, { type: 'custom', reference: 'feature-x' })).json).toEqual({
      code: 'DeploymentReferenceAlreadyExists',
      message: "A deployment with the reference 'feature-x' already exists in this project.",
    });
  });

  test('a preview needs an identifier, and replaces the one that has it', async () => {
    const kit = await withProject();
    expect((await create(kit, { type: 'preview' })).json).toEqual({
      code: 'MissingReference',
      message: 'A reference must be provided when creating a preview deployment',
    });
    const first = await create(kit, { type: 'preview', reference: 'pr-1' });
    const second = await create(kit, { type: 'preview', reference: 'pr-1' });
    expect(second.json.name).not.toBe(first.json.name);
    expect((await kit.call('GET', `/deployments/${first.json.name}`)).json).toEqual({
      code: 'DeploymentNotFound',
      message: `The requested deployment ${first.json.name} does not exist`,
    });
    expect((await kit.call('GET', `/deployments/${second.json.name}`)).json.previewIdentifier).toBeNull();
    expect((await kit.call('GET', '/teams/41/list_deployments')).json.items[0].previewIdentifier).toBe('pr-1');
  });

  test('classes and regions are those of the team', async () => {
    const kit = await open({
      seed: {
        teams: [
          { slug: 'acme', classes: { s16: true, s256: false }, defaultClass: 's16', projects: [{ name: 'shop' }] },
        ],
      },
    });
    expect((await kit.call('GET', '/teams/41/list_deployment_classes')).json).toEqual({
      items: [
        { type: 's16', available: true },
        { type: 's256', available: false },
      ],
    });
    expect((await kit.call('GET', '/teams/41/list_deployment_regions')).json.items[1]).toEqual({
      name: 'aws-eu-west-1',
      displayName: 'EU West (Ireland)',
      available: true,
    });
    expect(await code(create(kit, { type: 'dev', class: 's256' }))).toBe('400 DeploymentClassNotAvailable');
    expect(await code(create(kit, { type: 'dev', class: 'xl' }))).toBe('400 InvalidDeploymentClass');
    expect(await code(create(kit, { type: 'dev', region: 'mars' }))).toBe('400 InvalidRegion');
    expect((await create(kit, { type: 'dev' })).json.class).toBe('s16');
  });
});

describe('expiry', () => {
  test('at least 30 minutes, at most the retention; then it vanishes by the clock', async () => {
    const kit = await withProject();
    const at = (ms: number) => create(kit, { type: 'custom', reference: `until-${String(ms)}`, expiresAt: T0 + ms });
    expect(await code(at(30 * MINUTE - 1))).toBe('400 InvalidExpiresAt');
    expect(await code(at(14 * DAY + 1))).toBe('400 InvalidExpiresAt');
    const { json: short } = await at(30 * MINUTE);
    const { json: kept } = await create(kit, { type: 'preview', reference: 'kept', expiresAt: null });
    kit.advance(30 * MINUTE - 1);
    expect((await kit.call('GET', `/deployments/${short.name}`)).status).toBe(200);
    kit.advance(1);
    expect((await kit.call('GET', `/deployments/${short.name}`)).status).toBe(404);
    kit.advance(365 * DAY);
    expect((await kit.call('GET', `/deployments/${kept.name}`)).status).toBe(200);
    const audit = kit.platform.world.teams.get(41)?.audit.at(-1);
    expect(audit).toMatchObject({ action: 'deployment:delete', actor: { kind: 'system' } });
  });
});

describe('update', () => {
  test('answers nothing; null resets or means absent', async () => {
    const kit = await withProject();
    const { json: made } = await create(kit, { type: 'dev', reference: 'one', expiresAt: T0 + DAY });
    const patch = (body: object) => kit.call('PATCH', `/deployments/${made.name}`, body);
    const read = async () => (await kit.call('GET', `/deployments/${made.name}`)).json;
    const first = await patch({ sendLogsToClient: true, dashboardEditConfirmation: false, class: 's16' });
    expect([first.status, first.text]).toEqual([200, '']);
    expect(await read()).toMatchObject({ sendLogsToClient: true, dashboardEditConfirmation: false, class: 's16' });
    await patch({ sendLogsToClient: null, expiresAt: null, class: null, reference: null, isDefault: null });
    expect(await read()).toEqual({
      ...made,
      class: 's16',
      expiresAt: null,
      sendLogsToClient: null,
      dashboardEditConfirmation: false,
    });
    await patch({ reference: 'two' });
    expect((await kit.call('GET', '/projects/1001/deployment?reference=two')).json.name).toBe(made.name);
    expect(await code(patch({ reference: 'dev' }))).toBe('400 InvalidDeploymentReference');
    expect(await code(patch({ region: 'aws-eu-west-1' }))).toBe('400 BadJsonBody');
  });

  test('the default moves by unsetting the old one first', async () => {
    const kit = await withProject();
    const { json: blue } = await create(kit, { type: 'prod' });
    const { json: green } = await create(kit, { type: 'prod', reference: 'green' });
    const { json: custom } = await create(kit, { type: 'custom', reference: 'custom-1' });
    const patch = (name: string, body: object) => kit.call('PATCH', `/deployments/${name}`, body);
    expect(await code(patch(green.name, { isDefault: true }))).toBe('400 DefaultDeploymentAlreadyExists');
    expect(await code(patch(custom.name, { isDefault: true }))).toBe('400 InvalidIsDefault');
    expect((await patch(blue.name, { isDefault: true })).status).toBe(200);
    expect((await patch(blue.name, { isDefault: false })).status).toBe(200);
    expect((await patch(green.name, { isDefault: true })).status).toBe(200);
    expect(await code(patch(green.name, { deploymentType: 'custom' }))).toBe('400 InvalidIsDefault');
    expect((await patch(green.name, { deploymentType: 'custom', isDefault: false })).status).toBe(200);
    expect((await kit.call('GET', '/projects/1001')).json.prodDeploymentName).toBeNull();
  });

  test('an update that fails changes nothing', async () => {
    const kit = await withProject();
    const { json: made } = await create(kit, { type: 'dev' });
    await kit.call('PATCH', `/deployments/${made.name}`, { class: 's16', expiresAt: T0 });
    expect((await kit.call('GET', `/deployments/${made.name}`)).json).toEqual(made);
  });

  test('transfer and delete', async () => {
    const kit = await open({
      seed: { teams: [{ slug: 'acme', projects: [{ name: 'one' }, { name: 'two' }] }] },
    });
    const { json: made } = await create(kit, { type: 'prod' });
    const moved = await kit.call('POST', `/deployments/${made.name}/transfer`, { destinationProjectId: 1002 });
    expect([moved.status, moved.text]).toEqual([204, '']);
    expect((await kit.call('GET', '/projects/1002/list_deployments')).json).toHaveLength(1);
    await create(kit, { type: 'prod' });
    const back = kit.call('POST', `/deployments/${made.name}/transfer`, { destinationProjectId: 1001 });
    expect(await code(back)).toBe('400 DeploymentReferenceAlreadyExists');
    const gone = await kit.call('POST', `/deployments/${made.name}/delete`);
    expect([gone.status, gone.text]).toEqual([200, '']);
    expect(await code(kit.call('POST', `/deployments/${made.name}/delete`))).toBe('404 DeploymentNotFound');
  });
});

describe('lists', () => {
  test('filters, search and sort of the team list; every sort pages over all', async () => {
    const kit = await open({
      seed: { teams: [{ slug: 'acme', filler: { projects: 3, deploymentsPerProject: 2 } }] },
    });
    const list = async (query: string) => (await kit.call('GET', `/teams/41/list_deployments?${query}`)).json;
    const ids = (json: { items: { id: number }[] }) => json.items.map(({ id }) => id);
    expect(ids(await list(''))).toEqual([5006, 5005, 5004, 5003, 5002, 5001]);
    expect(ids(await list('deploymentType=custom'))).toEqual([5006, 5004, 5002]);
    expect(ids(await list('projectId=1002&isDefault=true'))).toEqual([5003]);
    expect(ids(await list('creator=999'))).toEqual([]);
    expect(ids(await list('q=custom/2&sortOrder=asc'))).toEqual([5002, 5004, 5006]);
    for (const sortBy of ['createTime', 'lastDeployTime', 'reference']) {
      const seen: number[] = [];
      let cursor = '';
      do {
        const page = await list(`sortBy=${sortBy}&sortOrder=asc&limit=2${cursor}`);
        seen.push(...ids(page));
        cursor = page.pagination.hasMore ? `&cursor=${page.pagination.nextCursor}` : '';
      } while (cursor !== '');
      expect(seen.toSorted((a, b) => a - b)).toEqual([5001, 5002, 5003, 5004, 5005, 5006]);
    }
    const stranger = (await list('limit=2')).pagination.nextCursor;
    expect(await code(kit.call('GET', `/teams/41/projects?cursor=${stranger}`))).toBe('400 BadQueryArgs');
  });

  test('the list of a project is a bare array', async () => {
    const kit = await open({
      seed: { teams: [{ slug: 'acme', filler: { projects: 1, deploymentsPerProject: 150 } }] },
    });
    const { json } = await kit.call('GET', '/projects/1001/list_deployments');
    expect(json).toHaveLength(150);
    expect((await kit.call('GET', '/projects/1001/list_deployments?deploymentType=prod')).json).toHaveLength(1);
    expect((await kit.call('GET', '/projects/1001/list_deployments?isDefault=false')).json).toHaveLength(149);
  });
});
