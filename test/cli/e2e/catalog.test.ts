import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { runCli, startCli } from '../support/spawn-cli.ts';
import { openWorld, STRIPE_KEY } from './world.ts';

/* The catalog dialect on the real binary. */

const CATALOG = ['--dialect', 'catalog'];

const STATE = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - reference: production
        type: prod
        env:
          LOG_LEVEL: info
          STRIPE_KEY: { fromEnv: STRIPE_KEY }
          STAYS: { absent: true }
      - { reference: load, type: custom, region: aws-eu-west-1, class: s16, env: { A: "1" } }
`;

const open = () => openWorld({ dialect: 'catalog', state: STATE });

describe('--dialect catalog', () => {
  test('plan, apply, nothing left, a colleague, healed', async () => {
    await using world = await open();
    const planned = await world.converge(['plan', '--detailed-exitcode', ...CATALOG]);
    expect(planned).toMatchObject({ code: 2, stdout: expect.stringContaining('catalog API') });
    expect(world.writes()).toBe(0);
    const applied = await world.converge(['apply', '--auto-approve', '--format', 'json', ...CATALOG]);
    expect(applied.code, applied.stderr).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({ proof: { converged: true }, requests: { writes: 4 } });
    expect(JSON.stringify(world.sandbox.log.map(({ requestBody }) => requestBody))).not.toContain('reference');
    expect(world.sandbox.platform.find(nameOf(world.sandbox, 'prod'))?.invalidations).toBe(0);
    expect(await world.converge(['plan', '--detailed-exitcode', ...CATALOG])).toMatchObject({ code: 0 });

    // Through the official API of the same platform.
    const official = await startSandbox({ platform: world.sandbox.platform });
    onTestFinished(() => official.close());
    const seen = await fetch(`${official.url}/${nameOf(world.sandbox, 'prod')}/api/v1/update_environment_variables`, {
      method: 'POST',
      headers: { authorization: 'Convex sandbox-colleague', 'content-type': 'application/json' },
      body: JSON.stringify({ changes: [{ name: 'LOG_LEVEL', value: 'trace' }] }),
    });
    expect(seen.status).toBe(200);
    const drifted = await world.converge(['plan', '--detailed-exitcode', '--format', 'json', ...CATALOG]);
    expect(drifted.code).toBe(2);
    const LOG_LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL';
    expect(JSON.parse(drifted.stdout)).toMatchObject({
      target: { dialect: 'catalog', teamId: 41, teamSlug: 'acme' },
      changes: [{ address: LOG_LEVEL, action: 'update', effect: expect.stringContaining('at the next push') }],
      requests: { predictedWrites: 1, invalidations: 0 },
    });
    expect(await world.converge(['apply', '--auto-approve', ...CATALOG])).toMatchObject({ code: 0 });
    const everything = [planned, applied, drifted].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(everything).not.toContain(STRIPE_KEY);
  }, 30_000);

  test('a saved plan is bound to its dialect', async () => {
    await using world = await open();
    expect(await world.converge(['plan', '--out', 'saved.json', ...CATALOG])).toMatchObject({ code: 0 });
    expect(await world.converge(['apply', 'saved.json', ...CATALOG])).toMatchObject({ code: 0 });
    const official = await startSandbox({ platform: world.sandbox.platform });
    onTestFinished(() => official.close());
    const written = world.writes();
    const other = await world.converge(['apply', 'saved.json'], { CONVEX_PROVISION_HOST: official.url });
    expect(other.code).toBe(4);
    expect(other.stderr + other.stdout).toContain('dialect: the plan is for catalog, this is official');
    expect([world.writes(), official.log.filter(({ kind }) => kind === 'write').length]).toEqual([written, 0]);
  }, 20_000);

  test('another team is an error before any plan, by slug and by id', async () => {
    await using world = await open();
    for (const team of ['other', '42']) {
      await world.write('convex.state.yaml', STATE.replace('team: acme', `team: ${team}`));
      expect(await world.converge(['plan', ...CATALOG])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('CVG501'),
      });
    }
  });

  test('where the token does not tell its team, a slug is found by a declared project', async () => {
    await using world = await open();
    world.sandbox.setFaults([
      { match: { path: '/v1/token_details', times: 'always' }, effect: { kind: 'status', status: 404 } },
    ]);
    const found = await world.converge(['plan', ...CATALOG]);
    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('Plan for team acme (id 41)') });
    await world.write('convex.state.yaml', STATE.replace('slug: shop', 'slug: unheard-of'));
    const lost = await world.converge(['plan', ...CATALOG]);
    expect(lost).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('team: <numeric id>') });
    await world.write('convex.state.yaml', STATE.replace('team: acme', 'team: 41'));
    expect(await world.converge(['plan', ...CATALOG])).toMatchObject({ code: 0 });
  });

  test('unsupported differences are exit 3, and nothing is written', async () => {
    await using world = await open();
    await world.write('convex.state.yaml', STATE.replace('slug: shop', 'slug: shop\n    name: Another'));
    expect(await world.converge(['plan', '--detailed-exitcode', ...CATALOG])).toMatchObject({ code: 3 });
    const { code, stdout } = await world.converge(['apply', '--auto-approve', '--format', 'json', ...CATALOG]);
    expect([code, world.writes()]).toEqual([3, 0]);
    expect(stdout).toContain('unsupported');
  });

  test('a create whose reply is lost is found again, and not sent twice', async () => {
    await using world = await open();
    world.sandbox.setFaults([{ match: { path: '**/create_cloud' }, effect: { kind: 'reset', when: 'after' } }]);
    expect(await world.converge(['apply', '--auto-approve', ...CATALOG])).toMatchObject({ code: 0 });
    expect(world.sandbox.log.filter(({ path }) => path.endsWith('/create_cloud'))).toHaveLength(1);
    expect(world.sandbox.platform.world.deployments.size).toBe(3);
  });

  test('a deployment that its platform is slow to know gets its variables all the same', async () => {
    await using world = await open();
    world.sandbox.setFaults([{ match: { path: '**/create_cloud' }, effect: { kind: 'lag', reads: 1 } }]);
    expect(await world.converge(['apply', '--auto-approve', ...CATALOG])).toMatchObject({ code: 0 });
    const hidden = world.sandbox.log.filter(({ status }) => status === 404);
    expect(hidden.map(({ path, kind }) => [path.split('/').at(-1), kind])).toEqual([
      ['list_environment_variables', 'read'],
    ]);
  });

  test('an API of the other dialect is not understood, and says so', async () => {
    await using world = await open();
    const { code, stdout } = await world.converge(['plan']);
    expect([code, world.writes()]).toEqual([1, 0]);
    expect(stdout).toContain('1 collection could not be read');
  });

  test('what it is not is wrong usage', async () => {
    const { code, stderr } = await runCli(['plan', '--dialect', 'catalogue']);
    expect(code).toBe(64);
    expect(stderr).toContain('Expected official or catalog');
  });
});

test('schema --dialect catalog describes what that dialect takes', async () => {
  const [usual, catalog] = await Promise.all([runCli(['schema']), runCli(['schema', ...CATALOG])]);
  const entry = (text: string) => Object.keys(JSON.parse(text).$defs.deployment.properties);
  expect(entry(catalog.stdout)).toContain('name');
  expect(entry(catalog.stdout)).not.toContain('expiresAt');
  expect(entry(usual.stdout)).toContain('expiresAt');
  expect(entry(usual.stdout)).not.toContain('name');
});

test('sandbox --dialect catalog serves it', async () => {
  const { child, firstLine, result } = startCli(['sandbox', ...CATALOG]);
  const url = await firstLine;
  const authorization = 'Bearer sandbox';
  const listed = await fetch(`${url}/v1/teams/41/list_projects`, { headers: { authorization } });
  expect([listed.status, await listed.json()]).toEqual([200, []]);
  expect((await fetch(`${url}/v1/teams/41/projects`, { headers: { authorization } })).status).toBe(404);
  child.kill('SIGTERM');
  expect(await result).toMatchObject({ code: 0, stderr: '' });
});

function nameOf(
  { platform }: { readonly platform: { readonly world: { readonly deployments: Map<string, { type: string }> } } },
  type: string,
): string {
  return [...platform.world.deployments].find(([, one]) => one.type === type)?.[0] ?? '';
}
