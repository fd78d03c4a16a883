import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../src/model/event.ts';
import type { Listed } from '../../src/model/kind.ts';
import type { Spec } from '../../src/model/resource.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { startSandbox, type SandboxOptions } from '../../src/sandbox/server.ts';
import { liveOf, never, open } from './official.ts';
import { virtualClock } from './virtual-clock.ts';

/* The whole provider against the embedded platform, over real sockets. */

async function platform(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const events: RunEvent[] = [];
  const opened = open({
    apiUrl: `${sandbox.url}/v1`,
    token: new Secret('sandbox-token'),
    clock: virtualClock(),
    onEvent: (event) => events.push(event),
  });
  await opened.provider.identify(never);
  const { api } = opened;
  const [projects, deployments, variables] = [
    opened.kind('project'),
    opened.kind('deployment'),
    opened.kind('env-var'),
  ];
  if (projects.write.how !== 'singly' || deployments.write.how !== 'singly' || variables.write.how !== 'together') {
    throw new Error('kinds are written otherwise');
  }
  return {
    sandbox,
    opened,
    api,
    projects: { kind: projects, write: projects.write },
    deployments: { kind: deployments, write: deployments.write },
    variables: { kind: variables, write: variables.write },
  };
}

test('a project, its deployment and its variables are created, listed, updated and deleted', async () => {
  const { api, projects, deployments, variables, opened } = await platform();
  const request = { parents: [], signal: never };
  const before = await projects.kind.list(api, request);

  const created = await projects.write.create(api, { parent: null, spec: { slug: 'converge-smoke' }, signal: never });
  expect(created.spec).toEqual({ slug: 'converge-smoke', name: 'converge-smoke' });
  const project = liveOf(projects.kind, created);
  await projects.write.update?.(api, { live: project, parent: null, fields: { name: 'Smoke' }, signal: never });
  const after = await projects.kind.list(api, request);
  expect(after.items).toHaveLength(before.items.length + 1);
  expect(after.items.find(({ id }) => id === created.id)?.spec).toEqual({ slug: 'converge-smoke', name: 'Smoke' });
  expect(opened.provider.teamSlug()).not.toBeNull();

  const spec: Spec = { reference: 'production', type: 'prod', default: true, region: 'aws-us-east-1', class: 's16' };
  const made = await deployments.write.create(api, { parent: project, spec, signal: never });
  const deployment = liveOf(deployments.kind, made);
  expect(deployment.spec).toMatchObject(spec);
  const fields = { sendLogsToClient: true, default: false, reference: 'main' };
  await deployments.write.update?.(api, { live: deployment, parent: project, fields, signal: never });
  const listed = await deployments.kind.list(api, { parents: [project], signal: never });
  expect(listed.items.map(({ spec }) => spec)).toMatchObject([{ ...spec, ...fields }]);
  const team = await deployments.kind.list(api, { parents: 'team', signal: never });
  expect(team.items).toContainEqual(listed.items[0]);

  const change = { parent: deployment, signal: never };
  const set = [
    { name: 'A', value: new Secret('alpha') },
    { name: 'B', value: new Secret('') },
  ];
  await variables.write.write(api, { ...change, set, remove: [] });
  await variables.write.write(api, {
    ...change,
    set: [{ name: 'C', value: new Secret('c') }],
    remove: [{ name: 'A' }],
  });
  const env = await variables.kind.list(api, { parents: [deployment], signal: never });
  const text = ({ spec }: Listed): unknown => [spec['name'], reveal(spec['value'] as Secret)];
  expect(env.items.map(text)).toEqual([
    ['B', ''],
    ['C', 'c'],
  ]);

  await deployments.write.delete?.(api, { live: deployment, parent: project, signal: never });
  expect((await deployments.kind.list(api, { parents: [project], signal: never })).items).toEqual([]);
  await projects.write.delete?.(api, { live: project, parent: null, signal: never });
  expect((await projects.kind.list(api, request)).items).toEqual(before.items);
});

test('a hundred and one projects are two pages', async () => {
  const projects = Array.from({ length: 101 }, (_, index) => ({ name: `Project ${String(index)}` }));
  const { sandbox, api, projects: all } = await platform({ seed: { teams: [{ slug: 'acme', projects }] } });
  sandbox.clearLog();
  expect((await all.kind.list(api, { parents: [], signal: never })).items).toHaveLength(101);
  expect(sandbox.log).toHaveLength(2);
});

test('a reference that is taken, a slug that is taken: known for what they are', async () => {
  const { api, projects, deployments } = await platform();
  const create = (slug: string) => projects.write.create(api, { parent: null, spec: { slug }, signal: never });
  const [first, second] = [await create('first-smoke'), await create('second-smoke')];
  const parent = liveOf(projects.kind, first);
  const spec: Spec = { reference: 'production', type: 'prod' };
  await deployments.write.create(api, { parent, spec, signal: never });
  await expect(deployments.write.create(api, { parent, spec, signal: never })).rejects.toMatchObject({
    code: 'conflict',
    executed: 'no',
  });
  const rename = { live: liveOf(projects.kind, second), parent: null, fields: { slug: 'first-smoke' }, signal: never };
  await expect(projects.write.update?.(api, rename)).rejects.toMatchObject({ code: 'lost-race' });
});

test.each([
  ['no cursor', { kind: 'no-cursor' as const }],
  ['a cursor loop', { kind: 'cursor-loop' as const }],
])('a list with %s is unreadable', async (_, effect) => {
  const projects = Array.from({ length: 101 }, (_, index) => ({ name: `Project ${String(index)}` }));
  const { sandbox, api, projects: all } = await platform({ seed: { teams: [{ slug: 'acme', projects }] } });
  sandbox.setFaults([{ match: { path: '/v1/teams/*/projects', times: 'always' }, effect }]);
  const { items, unreadable } = await all.kind.list(api, { parents: [], signal: never });
  expect(items).toEqual([]);
  expect(unreadable).toMatchObject([{ error: { code: 'bad-response' } }]);
});

test('a deployment that its platform is slow to know is read all the same', async () => {
  const { sandbox, api, projects, deployments, variables } = await platform();
  const parent = liveOf(
    projects.kind,
    await projects.write.create(api, { parent: null, spec: { slug: 'lagging' }, signal: never }),
  );
  sandbox.setFaults([{ match: { path: '/v1/projects/*/create_deployment' }, effect: { kind: 'lag', reads: 2 } }]);
  const spec: Spec = { reference: 'production', type: 'prod' };
  const made = await deployments.write.create(api, { parent, spec, signal: never });
  const listing = await variables.kind.list(api, { parents: [liveOf(deployments.kind, made)], signal: never });
  expect(listing).toEqual({ items: [], unreadable: [] });
});

test('a write whose reply is lost is unknown, and was done once', async () => {
  const { sandbox, api, projects } = await platform();
  sandbox.setFaults([{ match: { path: '/v1/teams/*/create_project' }, effect: { kind: 'reset', when: 'after' } }]);
  const create = projects.write.create(api, { parent: null, spec: { slug: 'lost-reply' }, signal: never });
  await expect(create).rejects.toMatchObject({ code: 'network', executed: 'unknown', retryable: false });
  const { items } = await projects.kind.list(api, { parents: [], signal: never });
  expect(items.filter(({ spec }) => spec['slug'] === 'lost-reply')).toHaveLength(1);
});
