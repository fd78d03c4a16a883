import type { ProjectResponse, PlatformDeploymentResponse } from '@convex-dev/platform/managementApi';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
  // The official client reads its host once, when it is imported.
  vi.stubEnv('CONVEX_PROVISION_HOST', sandbox.url);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await sandbox.close();
});

test('the official client creates, lists, configures and deletes', async () => {
  const { createDeploymentClient, createManagementClient } = await import('@convex-dev/platform');
  const management = createManagementClient('sandbox');

  const { data: token } = await management.GET('/token_details');
  if (token?.type !== 'teamToken') throw new Error('not a team token');
  const team = { team_id: token.teamId };

  const created = await management.POST('/teams/{team_id}/create_project', {
    params: { path: team },
    body: { projectName: 'Acme Shop', deploymentType: 'prod' },
  });
  expect(created.error).toBeUndefined();
  const project_id = created.data?.id ?? 0;

  const preview = await management.POST('/projects/{project_id}/create_deployment', {
    params: { path: { project_id } },
    body: { type: 'preview', reference: 'pr-1' },
  });
  expect(preview.data).toMatchObject({ kind: 'cloud', reference: 'preview/pr-1' });

  const projects = await management.GET('/teams/{team_id}/projects', { params: { path: team, query: { limit: 1 } } });
  expect(projects.data?.items.map(({ slug }: ProjectResponse) => slug)).toEqual(['acme-shop']);
  expect(projects.data?.pagination).toEqual({ hasMore: false });
  const listed = await management.GET('/teams/{team_id}/list_deployments', { params: { path: team } });
  expect(listed.data?.items.map((one: PlatformDeploymentResponse) => one.deploymentType)).toEqual(['preview', 'prod']);

  const name = created.data?.deploymentName ?? '';
  const updated = await management.PATCH('/deployments/{deployment_name}', {
    params: { path: { deployment_name: name } },
    body: { sendLogsToClient: true },
  });
  expect(updated.response.status).toBe(200);

  const deployment = createDeploymentClient(created.data?.deploymentUrl ?? '', 'sandbox');
  const written = await deployment.POST('/update_environment_variables', {
    body: { changes: [{ name: 'STRIPE_KEY', value: 'sk' }] },
  });
  expect(written.response.status).toBe(200);
  const env = await deployment.GET('/list_environment_variables');
  expect(env.data).toEqual({ environmentVariables: { STRIPE_KEY: 'sk' } });
  const info = await deployment.GET('/deployment_info');
  expect(info.data).toMatchObject({ kind: 'cloud', projectSlug: 'acme-shop', reference: 'production' });

  const gone = await management.POST('/projects/{project_id}/delete', { params: { path: { project_id } } });
  expect(gone.response.status).toBe(200);
  const after = await management.GET('/teams/{team_id}/list_deployments', { params: { path: team } });
  expect(after.data).toEqual({ items: [], pagination: { hasMore: false } });
  expect(sandbox.log.every(({ status }) => status === 200)).toBe(true);
});
