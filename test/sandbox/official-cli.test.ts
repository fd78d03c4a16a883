import os from 'node:os';
import { expect, test } from 'vitest';
import { openWorld } from '../cli/e2e/world.ts';
import { T0, open } from './kit.ts';
import { officialCli, runOnLoopback } from './support/official-cli.ts';

const NAME = 'happy-otter-123';
const KEY = `${NAME}|sandbox`;
const seed = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          deployments: [
            { type: 'prod', name: NAME, default: true, env: { LOG_LEVEL: 'info', GREETING: 'a b' } },
            { type: 'dev', reference: 'eu', name: 'calm-cow-456', region: 'aws-eu-west-1', env: { WHERE: 'eu' } },
          ],
        },
      ],
    },
  ],
} as const;

test('the official CLI lists, gets, sets and removes the variables of a deployment', async () => {
  const kit = await open({ seed });
  const cli = await officialCli(kit.url, { url: `${kit.url}/${NAME}`, key: KEY });

  const listed = await cli('env', 'list', '--include-values');
  expect(listed, listed.stderr).toMatchObject({ code: 0 });
  expect(listed.stdout.split('\n')).toEqual([expect.stringMatching(/^GREETING=(["']?)a b\1$/), 'LOG_LEVEL=info', '']);

  const set = await cli('env', 'set', 'LOG_LEVEL', 'debug');
  expect(set).toMatchObject({ code: 0, stderr: expect.stringContaining('Successfully set LOG_LEVEL') });
  expect(await cli('env', 'get', 'LOG_LEVEL')).toMatchObject({ code: 0, stdout: 'debug\n' });

  const removed = await cli('env', 'remove', 'GREETING');
  expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('Successfully unset GREETING') });
  const missing = await cli('env', 'get', 'GREETING');
  expect(missing).toMatchObject({ stdout: '', stderr: expect.stringContaining('not found') });
  expect((await cli('env', 'list', '--names-only')).stdout).toBe('LOG_LEVEL\n');

  const all = [listed, set, removed, missing];
  expect(all.map(({ stderr }) => stderr).join('')).not.toContain('LEFT THE MACHINE');
  // Nobody looked for a newer version, reported an error or asked for anything else.
  expect(new Set(kit.log.map(({ method, path, status }) => `${method} ${path} ${String(status)}`))).toEqual(
    new Set([
      expect.stringMatching(/^GET \/happy-otter-123\/api\/\d+\.\d+\.\d+\/sync 101$/),
      'POST /api/update_environment_variables 200',
    ]),
  );
}, 60_000);

test('what it writes is a write like any other: the API, the subscriptions and the audit log see it', async () => {
  const kit = await open({ seed });
  const cli = await officialCli(kit.url, { url: `${kit.url}/${NAME}`, key: KEY });
  expect((await cli('env', 'set', 'NEW', 'value')).code).toBe(0);

  const { json } = await kit.at(`${kit.url}/${NAME}`, 'GET', '/list_environment_variables');
  expect(json.environmentVariables).toEqual({ GREETING: 'a b', LOG_LEVEL: 'info', NEW: 'value' });
  expect(kit.platform.find(NAME)?.invalidations).toBe(1);
  const audit = await kit.at(`${kit.url}/${NAME}`, 'GET', `/list_audit_log_events?from=${String(T0)}`);
  expect(audit.json.items).toMatchObject([
    { action: 'create_environment_variable', metadata: { variable_name: 'NEW' }, actor: { kind: 'token' } },
  ]);
  expect(kit.log[0]).toMatchObject({ deployment: NAME, kind: 'write', tokenScheme: 'convex' });
});

test('it reaches deployments of other regions', async () => {
  const kit = await open({ seed });
  const cli = await officialCli(kit.url, { url: `${kit.url}/calm-cow-456.eu-west-1`, key: 'calm-cow-456|sandbox' });
  expect(await cli('env', 'list', '--include-values')).toMatchObject({ code: 0, stdout: 'WHERE=eu\n' });
  expect((await cli('env', 'set', 'WHERE', 'there')).code).toBe(0);
  expect(kit.platform.find('calm-cow-456')?.env.get('WHERE')).toBe('there');
});

test('what the platform refuses, it reports', async () => {
  const kit = await open({ seed });
  const stranger = await officialCli(kit.url, { url: `${kit.url}/${NAME}`, key: `${NAME}|other` });
  const read = await stranger('env', 'list');
  expect(read.code).toBeGreaterThan(0);
  expect(read.stdout).toBe('');
  expect(read.stderr).toContain('BadAdminKey');
  const written = await stranger('env', 'set', 'LOG_LEVEL', 'debug');
  expect(written.code).toBe(1);
  expect(written.stderr).toContain('BadAdminKey');

  const owner = await officialCli(kit.url, { url: `${kit.url}/${NAME}`, key: KEY });
  const reserved = await owner('env', 'set', 'CONVEX_CLOUD_URL', 'https://x');
  expect(reserved.code).toBe(1);
  expect(reserved.stderr).toContain('EnvVarNameForbidden');
  const other = await owner('data', 'users');
  expect(other.code).toBeGreaterThan(0);
  expect(other.stderr).toContain('SandboxDoesNotServe');
  expect(kit.platform.find(NAME)?.invalidations).toBe(0);
}, 60_000);

test('set by hand with the official CLI, planned as drift, healed by apply, seen healed by the official CLI', async () => {
  await using world = await openWorld();
  expect(await world.converge(['apply', '--auto-approve'])).toMatchObject({ code: 0 });
  const name = world.sandbox.platform.world.projects.values().next().value?.deployments.get('production')?.name ?? '';
  const cli = await officialCli(world.sandbox.url, { url: `${world.sandbox.url}/${name}`, key: `${name}|sandbox` });
  expect(await world.converge(['plan', '--detailed-exitcode'])).toMatchObject({ code: 0 });

  expect((await cli('env', 'set', 'LOG_LEVEL', 'trace')).code).toBe(0);
  const planned = await world.converge(['plan', '--detailed-exitcode', '--format', 'json']);
  expect(planned.code, planned.stderr).toBe(2);
  expect(JSON.parse(planned.stdout)).toMatchObject({
    changes: [{ address: 'project:shop/deployment:production/env-var:LOG_LEVEL', action: 'update', reason: 'differs' }],
  });

  expect(await world.converge(['apply', '--auto-approve'])).toMatchObject({ code: 0 });
  expect(await cli('env', 'get', 'LOG_LEVEL')).toMatchObject({ code: 0, stdout: 'info\n' });
}, 60_000);

test('the guard of these tests tells when a program leaves the machine', async () => {
  const source = `await fetch('http://convex.invalid/').catch(() => process.exit(7))`;
  const run = await runOnLoopback(['--input-type=module', '-e', source], { cwd: os.tmpdir(), env: {} });
  expect(run).toMatchObject({ code: 7, stderr: expect.stringContaining('LEFT THE MACHINE: convex.invalid') });
});
