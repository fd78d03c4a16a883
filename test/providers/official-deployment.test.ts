import { expect, test } from 'vitest';
import type { LiveResource, Spec } from '../../src/model/resource.ts';
import {
  API,
  T0,
  deploymentReply,
  failure,
  liveDeployment,
  liveProject,
  localDeploymentReply,
  never,
  page,
  refused,
  singly,
  type CreateDeploymentBody,
  type UpdateDeploymentBody,
} from './official.ts';
import { wired } from './wired.ts';

const wire = wired();

const list = (parents: readonly LiveResource[] | 'team') =>
  wire.opened.kind('deployment').list(wire.opened.api, { parents, signal: never });
const project = (id = '7'): LiveResource => liveProject(wire.opened, id);
const deployment = (spec: Spec = {}): LiveResource => liveDeployment(wire.opened, { spec });

test('are listed per project, local ones left out', async () => {
  await wire.identified(
    wire.net.on('get', `${API}/projects/7/list_deployments`, [deploymentReply(), localDeploymentReply()] as never),
  );
  expect(await list([project()])).toEqual({
    items: [
      {
        id: '11',
        parentId: '7',
        spec: {
          reference: 'production',
          type: 'prod',
          default: true,
          class: 's256',
          region: 'aws-us-east-1',
          expiresAt: null,
          sendLogsToClient: null,
          dashboardEditConfirmation: null,
        },
        facts: {
          name: 'happy-otter-123',
          deploymentUrl: 'https://happy-otter-123.convex.cloud',
          isDefault: true,
          createTime: T0,
          creator: 5,
          lastDeployTime: null,
        },
      },
    ],
    unreadable: [],
  });
});

test('count as default only where they are production: a member’s dev default is not the document’s to move', async () => {
  const mine = deploymentReply({ deploymentType: 'dev', reference: 'dev/ada', isDefault: true });
  await wire.identified(wire.net.on('get', `${API}/projects/7/list_deployments`, [mine]));
  const { items } = await list([project()]);
  expect(items[0]?.spec).toMatchObject({ type: 'dev', default: false });
});

test('of one project may be unreadable while the others are read', async () => {
  await wire.identified(
    wire.net.on('get', `${API}/projects/7/list_deployments`, [deploymentReply()]),
    wire.net.on('get', `${API}/projects/8/list_deployments`, refused(403, 'OperationNotPermitted', 'No.')),
  );
  const { items, unreadable } = await list([project('7'), project('8')]);
  expect(items.map(({ id }) => id)).toEqual(['11']);
  expect(unreadable).toMatchObject([{ parentId: '8', error: { code: 'forbidden' } }]);
});

test('of the whole team are read page by page, each once', async () => {
  const second = deploymentReply({ id: 12, reference: 'staging', isDefault: false });
  await wire.identified(
    wire.net.on(
      'get',
      `${API}/teams/41/list_deployments`,
      page([second, localDeploymentReply()], 'c1'),
      page([
        second,
        deploymentReply({ class: 'from-the-future', region: 'mars-1' as never, deploymentType: 'robot' as never }),
      ]),
    ),
  );
  const { items } = await list('team');
  expect(items.map(({ id, spec }) => [id, spec['class'], spec['region'], spec['type']])).toEqual([
    ['12', 's256', 'aws-us-east-1', 'prod'],
    ['11', 'from-the-future', 'mars-1', 'robot'],
  ]);
  expect(wire.net.lines().slice(1)).toEqual([
    'GET /v1/teams/41/list_deployments?limit=100',
    'GET /v1/teams/41/list_deployments?limit=100&cursor=c1',
  ]);
});

test.each<[string, Spec, CreateDeploymentBody]>([
  ['only what is given', { reference: 'dev/ci', type: 'dev' }, { reference: 'dev/ci', type: 'dev' }],
  [
    'all that it can carry',
    {
      reference: 'production',
      type: 'prod',
      default: true,
      class: 's256',
      region: 'aws-eu-west-1',
      expiresAt: null,
    },
    {
      reference: 'production',
      type: 'prod',
      isDefault: true,
      class: 's256',
      region: 'aws-eu-west-1',
      expiresAt: null,
    },
  ],
  [
    'no default flag on dev ones',
    { reference: 'dev/ci', type: 'dev', default: false },
    { reference: 'dev/ci', type: 'dev' },
  ],
  [
    'no default flag on custom ones, and no settings that only PATCH takes',
    { reference: 'load', type: 'custom', default: false, sendLogsToClient: true, dashboardEditConfirmation: null },
    { reference: 'load', type: 'custom' },
  ],
])('are created with %s', async (_, spec, body) => {
  await wire.identified(wire.net.on('post', `${API}/projects/7/create_deployment`, deploymentReply()));
  const created = await singly(wire.opened, 'deployment').create(wire.opened.api, {
    parent: project(),
    spec,
    signal: never,
  });
  expect(wire.net.seen[1]?.body).toEqual(body);
  expect([created.id, created.facts['name']]).toEqual(['11', 'happy-otter-123']);
});

test('whose reference is taken are a conflict that was not executed', async () => {
  const taken = refused(400, 'DeploymentReferenceAlreadyExists', "A deployment with the reference 'x' already exists");
  await wire.identified(wire.net.on('post', `${API}/projects/7/create_deployment`, taken));
  const spec = { reference: 'production', type: 'prod' };
  const error = await failure(
    singly(wire.opened, 'deployment').create(wire.opened.api, { parent: project(), spec, signal: never }),
  );
  expect(error).toMatchObject({ code: 'conflict', executed: 'no', platformCode: 'DeploymentReferenceAlreadyExists' });
});

test.each<[string, Spec, Spec, UpdateDeploymentBody]>([
  ['a field', { type: 'prod' }, { class: 's16' }, { class: 's16' }],
  ['nulls', {}, { expiresAt: null, sendLogsToClient: null }, { expiresAt: null, sendLogsToClient: null }],
  ['an expiry', {}, { expiresAt: '2026-12-31T18:00:00Z' }, { expiresAt: 1_798_740_000_000 }],
  ['the reference', {}, { reference: 'main' }, { reference: 'main' }],
  ['the default', {}, { default: false }, { isDefault: false }],
  ['the type', { default: false }, { type: 'dev' }, { deploymentType: 'dev' }],
  ['the type of a default', { default: true }, { type: 'dev' }, { deploymentType: 'dev', isDefault: false }],
  ['a default to prod', { type: 'dev', default: true }, { type: 'prod' }, { deploymentType: 'prod', isDefault: true }],
  [
    'type and default',
    { default: true },
    { type: 'custom', default: false },
    { deploymentType: 'custom', isDefault: false },
  ],
])('are updated: %s', async (_, spec, fields, body) => {
  await wire.identified(wire.net.on('patch', `${API}/deployments/happy-otter-123`, null));
  await singly(wire.opened, 'deployment').update(wire.opened.api, {
    live: deployment(spec),
    parent: project(),
    fields,
    signal: never,
  });
  expect(wire.net.seen[1]?.body).toEqual(body);
});

test('are deleted by name', async () => {
  await wire.identified(wire.net.on('post', `${API}/deployments/happy-otter-123/delete`, null));
  await singly(wire.opened, 'deployment').delete(wire.opened.api, {
    live: deployment(),
    parent: project(),
    signal: never,
  });
  expect(wire.net.lines()[1]).toBe('POST /v1/deployments/happy-otter-123/delete');
});
