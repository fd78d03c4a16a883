import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { open, type Kit } from './kit.ts';

const seed = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Acme Shop',
          slug: 'shop',
          deployments: [
            { reference: 'production', type: 'prod' as const, default: true, name: 'happy-otter-123', env: { A: 'a' } },
            { reference: 'eu', type: 'custom' as const, region: 'aws-eu-west-1', name: 'calm-cow-456' },
          ],
        },
      ],
    },
    { slug: 'other' },
  ],
  tokens: [{ token: 'sandbox-reader', readOnly: true }],
};

const SHOP = { id: 1001, slug: 'shop', name: 'Acme Shop', team_id: 41 };

/** One platform behind two servers, one for each dialect. */
async function both(): Promise<{ readonly catalog: Kit; readonly official: Kit }> {
  const official = await open({ seed });
  return { official, catalog: await open({ dialect: 'catalog', platform: official.platform }) };
}

test('projects are listed whole, found by id and by slug, made and deleted', async () => {
  const { catalog } = await both();
  expect((await catalog.call('GET', '/teams/41/list_projects')).json).toEqual([SHOP]);
  expect((await catalog.call('GET', '/projects/1001')).json).toEqual(SHOP);
  expect((await catalog.call('GET', '/teams/acme/projects/shop')).json).toEqual(SHOP);
  expect((await catalog.call('GET', '/teams/41/projects/none')).status).toBe(404);
  const made = await catalog.call('POST', '/teams/41/create_project', { name: 'Blog' });
  expect(made.json).toEqual({ id: 1002, slug: 'blog', name: 'Blog', team_id: 41 });
  expect((await catalog.call('GET', '/projects/1002/deployments/list')).json).toEqual([]);
  expect((await catalog.call('POST', '/projects/1002/delete')).text).toBe('');
  expect((await catalog.call('GET', '/projects/1002')).status).toBe(404);
});

test('a region makes a project with its production deployment', async () => {
  const { catalog } = await both();
  const body = { name: 'Blog', team_id: 41, deployment_region: 'aws-eu-west-1', deployment_class: 's16' };
  await catalog.call('POST', '/teams/41/create_project', body);
  const { json } = await catalog.call('GET', '/projects/1002/deployment/default_prod');
  expect(json).toMatchObject({ deployment_type: 'prod', region: 'aws-eu-west-1', deployment_class: 's16' });
});

test('deployments have the fields of the catalog and no others', async () => {
  const { catalog } = await both();
  const production = {
    id: 5001,
    name: 'happy-otter-123',
    deployment_type: 'prod',
    deployment_class: 's256',
    region: 'aws-us-east-1',
    project_id: 1001,
    url: `${catalog.url}/happy-otter-123`,
  };
  const { json } = await catalog.call('GET', '/projects/1001/deployments/list');
  expect(json).toMatchObject([{ name: 'calm-cow-456', url: `${catalog.url}/calm-cow-456.eu-west-1` }, production]);
  expect(json[1]).toEqual(production);
  expect((await catalog.call('GET', '/deployments/happy-otter-123')).json).toEqual(production);
  expect((await catalog.call('GET', '/projects/1001/deployment/default_prod')).json).toEqual(production);
});

test('a second production deployment is made beside the default and is not it', async () => {
  const { catalog } = await both();
  const create = (body: object) => catalog.call('POST', '/projects/1001/deployments/create_cloud', body);
  const made = await create({ deployment_type: 'prod', region: 'aws-us-east-1', deployment_class: 's16' });
  expect(made.json).toMatchObject({ deployment_type: 'prod', deployment_class: 's16', project_id: 1001 });
  const { json } = await catalog.call('GET', '/projects/1001/deployment/default_prod');
  expect(json.name).toBe('happy-otter-123');
  await catalog.call('POST', '/deployments/happy-otter-123/delete');
  expect((await catalog.call('GET', '/projects/1001/deployment/default_prod')).status).toBe(404);
});

test.each([
  ['/projects/1001/deployments/create_cloud', { deployment_type: 'dev' }],
  ['/projects/1001/deployments/create_cloud', { deployment_type: 'dev', region: 'mars-1' }],
  ['/projects/1001/deployments/create_cloud', { deployment_type: 'dev', region: 'aws-us-east-1', reference: 'dev/x' }],
  ['/projects/1001/deployments/create_cloud', { deploymentType: 'dev', region: 'aws-us-east-1' }],
  ['/teams/41/create_project', { projectName: 'Blog' }],
  ['/teams/41/create_project', { name: 'Blog', team_id: 42 }],
  ['/deployments/happy-otter-123/custom_domains/create', { domain: 'a.com', requestDestination: 'convexCloud' }],
  ['/deployments/happy-otter-123/custom_domains/delete', { domain: 'a.com', request_destination: 'convexCloud' }],
])('POST %s refuses %j', async (path, body) => {
  const { catalog } = await both();
  expect((await catalog.call('POST', path, body)).status).toBe(400);
});

test.each([
  ['GET', '/teams/41/projects'],
  ['GET', '/teams/41/list_deployments'],
  ['PATCH', '/projects/1001'],
  ['PATCH', '/deployments/happy-otter-123'],
  ['GET', '/deployments/happy-otter-123/custom_domains'],
])('%s %s is not of the catalog', async (method, path) => {
  const { catalog } = await both();
  expect((await catalog.call(method, path)).json).toMatchObject({ code: 'SandboxDoesNotServe' });
});

test('a domain is given back when it is made, listed without its verification, and deleted by its name alone', async () => {
  const { catalog, official } = await both();
  const domain = { domain: 'api.acme.com', request_destination: 'convexCloud' };
  const at = '/deployments/happy-otter-123/custom_domains';
  expect((await catalog.call('POST', `${at}/create`, domain)).json).toEqual(domain);
  expect((await catalog.call('GET', `${at}/list`)).json).toEqual([domain]);
  const seen = await official.call('GET', '/deployments/happy-otter-123/custom_domains');
  expect(seen.json.domains).toMatchObject([{ domain: 'api.acme.com', requestDestination: 'convexCloud' }]);
  expect((await catalog.call('POST', `${at}/delete`, { domain: 'API.acme.com' })).status).toBe(200);
  expect((await catalog.call('POST', `${at}/delete`, { domain: 'api.acme.com' })).status).toBe(404);
});

test('variables: a POST that reads, one that sets and one that deletes, and nothing is invalidated', async () => {
  const { catalog } = await both();
  const at = `${catalog.url}/happy-otter-123`;
  const changes = [
    { name: 'B', value: 'b' },
    { name: 'C', value: '' },
  ];
  expect((await catalog.at(at, 'POST', '/update_environment_variables', { changes })).text).toBe('');
  expect((await catalog.at(at, 'POST', '/delete_environment_variables', { names: ['A', 'GONE'] })).status).toBe(200);
  const listed = await catalog.at(at, 'POST', '/list_environment_variables', undefined, 'sandbox-reader');
  expect(listed.json).toEqual(changes);
  expect(catalog.log.map(({ kind }) => kind)).toEqual(['write', 'write', 'read']);
  expect(catalog.platform.find('happy-otter-123')?.invalidations).toBe(0);
  const forbidden = await catalog.at(at, 'POST', '/delete_environment_variables', { names: ['B'] }, 'sandbox-reader');
  expect(forbidden.status).toBe(403);
});

test.each([
  ['/update_environment_variables', { changes: [{ name: 'A', value: null }] }],
  ['/update_environment_variables', { changes: [{ name: 'A' }] }],
  ['/update_environment_variables', { changes: [{ name: 'not a name', value: 'x' }] }],
  ['/delete_environment_variables', { names: ['not a name'] }],
  ['/delete_environment_variables', { changes: [] }],
])('POST %s refuses %j', async (path, body) => {
  const { catalog } = await both();
  expect((await catalog.at(`${catalog.url}/happy-otter-123`, 'POST', path, body)).status).toBe(400);
});

test('what one dialect makes, the other sees', async () => {
  const { catalog, official } = await both();
  const body = { type: 'custom', reference: 'load', region: 'aws-eu-west-1' };
  const { json } = await official.call('POST', '/projects/1001/create_deployment', body);
  const listed = await catalog.call('GET', '/projects/1001/deployments/list');
  expect(listed.json.map(({ name }: { name: string }) => name)).toContain(json.name);
  const changes = [{ name: 'A', value: 'seen' }];
  await catalog.at(`${catalog.url}/happy-otter-123`, 'POST', '/update_environment_variables', { changes });
  const env = await official.at(`${official.url}/happy-otter-123`, 'GET', '/list_environment_variables');
  expect(env.json.environmentVariables).toEqual({ A: 'seen' });
});

test('members and the token are told; another team is not', async () => {
  const { catalog } = await both();
  expect((await catalog.call('GET', '/token_details')).json).toMatchObject({ type: 'teamToken', teamId: 41 });
  const members = await catalog.call('GET', '/teams/41/members');
  expect(members.json).toEqual([{ id: 101, email: 'ada.lovelace@example.com', role: 'admin' }]);
  expect((await catalog.call('GET', '/teams/42/list_projects')).status).toBe(403);
});

test('there is no sync socket', async () => {
  const sandbox = await startSandbox({ dialect: 'catalog', seed });
  onTestFinished(() => sandbox.close());
  const socket = new WebSocket(`${sandbox.url.replace('http', 'ws')}/happy-otter-123/api/1.48.0/sync`);
  const ending = await new Promise((resolve) => {
    socket.addEventListener('open', () => resolve('open'));
    socket.addEventListener('error', () => resolve('refused'));
  });
  expect(ending).toBe('refused');
});
