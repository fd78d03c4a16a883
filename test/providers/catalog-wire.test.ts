import { HttpResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import type { LiveResource, Spec } from '../../src/model/resource.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { API, failure, liveDeployment, liveProject, never, refused, together } from './official.ts';
import { wired } from './wired.ts';

/* What goes over the wire in the catalog dialect, kind by kind. */

const wire = wired({ dialect: 'catalog' });

const list = (kind: string, parents: readonly LiveResource[] = []) =>
  wire.opened.kind(kind).list(wire.opened.api, { parents, signal: never });

function create(kind: string, spec: Spec, parent: LiveResource | null = null) {
  const { write } = wire.opened.kind(kind);
  if (write.how !== 'singly') throw new Error(`${kind} is not written one by one`);
  return write.create(wire.opened.api, { parent, spec, signal: never });
}

function remove(kind: string, live: LiveResource, parent: LiveResource | null) {
  const { write } = wire.opened.kind(kind);
  if (write.how !== 'singly' || write.delete === undefined) throw new Error(`${kind} is not deleted`);
  return write.delete(wire.opened.api, { live, parent, signal: never });
}

const project = (): LiveResource => liveProject(wire.opened);
const deployment = (): LiveResource => liveDeployment(wire.opened);

const deploymentReply = (fields: object = {}) => ({
  id: 11,
  name: 'happy-otter-123',
  deployment_type: 'custom',
  deployment_class: 's256',
  region: 'aws-us-east-1',
  project_id: 7,
  url: 'https://happy-otter-123.convex.cloud',
  ...fields,
});

describe('projects', () => {
  test('are one list without pages', async () => {
    await wire.identified(
      wire.net.on('get', `${API}/teams/41/list_projects`, [{ id: 7, slug: 'shop', name: 'Shop', team_id: 41 }]),
    );
    expect((await list('project')).items).toEqual([
      { id: '7', parentId: null, spec: { slug: 'shop', name: 'Shop' }, facts: { teamId: 41 } },
    ]);
  });

  test.each([
    ['acme-shop', 'Acme Shop', 'Acme Shop'],
    ['acme-shop', 'Acme  SHOP!', 'Acme  SHOP!'],
    ['shop', 'Acme Shop', 'shop'],
    ['acme-shop', 'Ácme Shop', 'acme-shop'],
    ['shop', undefined, 'shop'],
  ])('%s called %j is created as %j', async (slug, name, sent) => {
    await wire.identified(
      wire.net.on('post', `${API}/teams/41/create_project`, { id: 8, slug, name: sent, team_id: 41 }),
    );
    const created = await create('project', { slug, ...(name === undefined ? {} : { name }) });
    expect(wire.net.seen[1]?.body).toEqual({ name: sent });
    expect(created.spec).toEqual({ slug, name: sent });
  });

  test('made under another slug are strays: named, and left alone', async () => {
    await wire.identified(
      wire.net.on('post', `${API}/teams/41/create_project`, { id: 8, slug: 'shop-1a2b3', name: 'shop', team_id: 41 }),
    );
    const error = await failure(create('project', { slug: 'shop' }));
    expect(error).toMatchObject({ code: 'lost-race', executed: 'no' });
    expect(error.message).toMatch(/id 8 .*shop-1a2b3 instead of shop.* left alone/);
  });

  test('are deleted by id', async () => {
    await wire.identified(wire.net.on('post', `${API}/projects/7/delete`, null));
    await remove('project', project(), null);
    expect(wire.net.seen[1]).toMatchObject({ method: 'POST', body: null });
  });

  test('are born with what the one request can carry', () => {
    const kind = wire.opened.kind('project');
    expect(kind.born?.({ slug: 'acme-shop', name: 'Acme Shop' })).toEqual({ slug: 'acme-shop', name: 'Acme Shop' });
    expect(kind.born?.({ slug: 'shop', name: 'Acme Shop' })).toEqual({ slug: 'shop', name: 'shop' });
    expect(kind.born?.({ slug: 'other_one' })).toEqual({ slug: 'other-one', name: 'other_one' });
  });
});

describe('deployments', () => {
  const at = `${API}/projects/7/deployments/list`;

  test('without production are one request, and go by their names', async () => {
    await wire.identified(wire.net.on('get', at, [deploymentReply()]));
    const { items } = await list('deployment', [project()]);
    expect(items).toEqual([
      {
        id: '11',
        parentId: '7',
        spec: {
          reference: '@happy-otter-123',
          name: 'happy-otter-123',
          type: 'custom',
          default: false,
          class: 's256',
          region: 'aws-us-east-1',
        },
        facts: { name: 'happy-otter-123', deploymentUrl: 'https://happy-otter-123.convex.cloud' },
      },
    ]);
    expect(wire.net.lines()).toHaveLength(2);
  });

  test('of production are asked which is the default', async () => {
    const prod = deploymentReply({ deployment_type: 'prod' });
    await wire.identified(
      wire.net.on('get', at, [prod, deploymentReply({ id: 12, name: 'calm-cow-456', deployment_type: 'prod' })]),
      wire.net.on('get', `${API}/projects/7/deployment/default_prod`, prod),
    );
    const { items } = await list('deployment', [project()]);
    expect(items.map(({ id, spec }) => [id, spec['default']])).toEqual([
      ['11', true],
      ['12', false],
    ]);
  });

  test('of which none is the default: not found is an answer, and no reason to ask again', async () => {
    await wire.identified(
      wire.net.on('get', at, [deploymentReply({ deployment_type: 'prod' })]),
      wire.net.on('get', `${API}/projects/7/deployment/default_prod`, new HttpResponse(null, { status: 404 })),
    );
    wire.opened.api.noteBorn('/projects/7');
    expect((await list('deployment', [project()])).items[0]?.spec['default']).toBe(false);
    expect(wire.net.lines()).toHaveLength(3);
  });

  test('whose default cannot be read are unreadable: nothing is guessed', async () => {
    await wire.identified(
      wire.net.on('get', at, [deploymentReply({ deployment_type: 'prod' })]),
      wire.net.on('get', `${API}/projects/7/deployment/default_prod`, refused(403, 'No', 'no')),
    );
    expect(await list('deployment', [project()])).toMatchObject({ items: [], unreadable: [{ parentId: '7' }] });
  });

  test.each([
    ['happy-otter-123', 'https://happy-otter-123.convex.cloud'],
    ['evil.example/', ''],
    ['evil.example#', ''],
  ])('called %s whose URL is left out are at %j, and class and region are not known', async (name, url) => {
    await wire.identified(wire.net.on('get', at, [{ id: 11, name, deployment_type: 'dev' }]));
    const { items } = await list('deployment', [project()]);
    expect(items[0]?.facts['deploymentUrl']).toBe(url);
    expect(items[0]?.spec).toEqual({ reference: `@${name}`, name, type: 'dev', default: false });
  });

  test('are created with type, region and class: the reference stays here', async () => {
    await wire.identified(wire.net.on('post', `${API}/projects/7/deployments/create_cloud`, deploymentReply()));
    const spec = { reference: 'load', type: 'custom', region: 'aws-us-east-1', class: 's256' };
    const created = await create('deployment', spec, project());
    expect(wire.net.seen[1]?.body).toEqual({
      deployment_type: 'custom',
      region: 'aws-us-east-1',
      deployment_class: 's256',
    });
    expect(created.spec).toMatchObject(spec);
  });

  test('have no update, and are deleted by name', async () => {
    await wire.identified(wire.net.on('post', `${API}/deployments/happy-otter-123/delete`, null));
    expect(wire.opened.kind('deployment').write).not.toHaveProperty('update');
    await remove('deployment', deployment(), project());
    expect(wire.net.lines()[1]).toBe('POST /v1/deployments/happy-otter-123/delete');
  });
});

describe('variables', () => {
  const host = 'https://happy-otter-123.convex.cloud/api/v1';
  const listing = [
    { name: 'A', value: 'alpha-value' },
    { name: 'EMPTY', value: '' },
  ];

  test('are read by POST, which counts as a read and is repeated as one', async () => {
    await wire.identified(
      wire.net.on(
        'post',
        `${host}/list_environment_variables`,
        refused(503, 'Overloaded', 'busy'),
        () => HttpResponse.error(),
        listing,
      ),
    );
    const { items } = await list('env-var', [deployment()]);
    expect(items.map(({ id, spec }) => [id, reveal(spec['value'] as Secret)])).toEqual([
      ['11/A', 'alpha-value'],
      ['11/EMPTY', ''],
    ]);
    expect(wire.net.seen[1]).toMatchObject({ method: 'POST', body: null });
    expect(wire.net.seen[1]?.headers.get('authorization')).toMatch(/^Convex /);
    expect(wire.opened.provider.usage()).toMatchObject({ reads: 4, writes: 0 });
    expect(JSON.stringify(items)).not.toContain('alpha-value');
  });

  test('that have no value there are withheld', async () => {
    await wire.identified(wire.net.on('post', `${host}/list_environment_variables`, [{ name: 'A' }]));
    expect((await list('env-var', [deployment()])).items[0]?.spec).toEqual({ name: 'A' });
  });

  test('are set by one request and removed by another, in the order of their names', async () => {
    await wire.identified(
      wire.net.on('post', `${host}/update_environment_variables`, null),
      wire.net.on('post', `${host}/delete_environment_variables`, null),
    );
    const variables = together(wire.opened, 'env-var');
    const change = { parent: deployment(), signal: never };
    const set = [
      { name: 'B', value: new Secret('b') },
      { name: 'A', value: new Secret('a') },
    ];
    await variables.write(wire.opened.api, { ...change, set, remove: [] });
    await variables.write(wire.opened.api, { ...change, set: [], remove: [{ name: 'Z' }, { name: 'Y' }] });
    expect(wire.net.seen.slice(1).map(({ body }) => body)).toEqual([
      {
        changes: [
          { name: 'A', value: 'a' },
          { name: 'B', value: 'b' },
        ],
      },
      { names: ['Y', 'Z'] },
    ]);
    await expect(variables.write(wire.opened.api, { ...change, set, remove: [{ name: 'Z' }] })).rejects.toThrow(
      'two requests',
    );
  });

  test('a write that nobody answered is unknown, and no message shows a value', async () => {
    await wire.identified(
      wire.net.on(
        'post',
        `${host}/update_environment_variables`,
        refused(400, 'Invalid', 'the value hush-hush-hush is not valid'),
      ),
    );
    const variables = together(wire.opened, 'env-var');
    const set = [{ name: 'A', value: new Secret('hush-hush-hush') }];
    const error = await failure(
      variables.write(wire.opened.api, { parent: deployment(), set, remove: [], signal: never }),
    );
    expect(error).toMatchObject({ code: 'invalid', executed: 'no' });
    expect(error.message).not.toContain('hush');
  });
});

describe('domains', () => {
  const at = `${API}/deployments/happy-otter-123/custom_domains`;
  const domain = { domain: 'API.acme.com', request_destination: 'convexCloud' };

  test('are listed without their verification, which nobody waits for', async () => {
    await wire.identified(wire.net.on('get', `${at}/list`, [domain]));
    const { items } = await list('domain', [deployment()]);
    expect(items).toMatchObject([
      { spec: { domain: 'api.acme.com', destination: 'convexCloud' }, facts: { written: 'API.acme.com' } },
    ]);
    expect(wire.opened.kind('domain')).not.toHaveProperty('settled');
  });

  test('are given back when they are made, and deleted by their hostname as it is written there', async () => {
    await wire.identified(wire.net.on('post', `${at}/create`, domain), wire.net.on('post', `${at}/delete`, null));
    const created = await create('domain', { domain: 'api.acme.com', destination: 'convexCloud' }, deployment());
    const live = { ...deployment(), key: 'api.acme.com', spec: created.spec, facts: created.facts };
    await remove('domain', live, deployment());
    expect(wire.net.seen.slice(1).map(({ body }) => body)).toEqual([
      { domain: 'api.acme.com', request_destination: 'convexCloud' },
      { domain: 'API.acme.com' },
    ]);
  });
});
