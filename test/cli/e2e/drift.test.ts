// `converge drift` as a process: streams, exit codes, reports.
import { expect, test } from 'vitest';
import { openWorld, STRIPE_KEY, type World } from './world.ts';

const SEED = {
  teams: [
    {
      slug: 'acme',
      members: [
        { name: 'Ada', id: 7 },
        { name: 'Grace', id: 8 },
      ],
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [
            { reference: 'production', type: 'prod' as const, default: true, env: { LOG_LEVEL: 'info', STRIPE_KEY } },
          ],
        },
      ],
    },
  ],
  tokens: [
    { token: 'sandbox-grace', member: 'Grace', actor: 'member' as const },
    { token: 'sandbox-reader', readOnly: true },
  ],
};

const LIVE = 'sk_live_nobodyMaySeeThis99';
const READER = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-reader' };

/** What Grace does in a browser. */
async function graceSets(
  { sandbox }: World,
  changes: readonly { readonly name: string; readonly value: string | null }[],
) {
  const headers = { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
  const list = await fetch(`${sandbox.url}/v1/teams/41/list_deployments`, {
    headers: { authorization: 'Bearer sandbox' },
  });
  const { items } = (await list.json()) as { items: readonly { deploymentUrl: string }[] };
  const done = await fetch(`${items[0]?.deploymentUrl ?? ''}/api/v1/update_environment_variables`, {
    method: 'POST',
    headers: { ...headers, authorization: 'Convex sandbox-grace' },
    body: JSON.stringify({ changes }),
  });
  expect(done.status).toBe(200);
}

test('drift, who did it, and the exit codes', { timeout: 60_000 }, async () => {
  await using world = await openWorld({ seed: SEED });
  const none = await world.converge(['drift'], READER);
  expect([none.code, none.stdout], none.stderr).toEqual([
    0,
    expect.stringContaining('No drift: what the files declare'),
  ]);

  await graceSets(world, [
    { name: 'LOG_LEVEL', value: 'debug' },
    { name: 'STRIPE_KEY', value: LIVE },
  ]);
  const text = await world.converge(['drift', '--report', 'json=drift.json'], READER);
  expect(text.code, text.stderr).toBe(2);
  expect(text.stdout).toMatch(/~ changed {5}env-var:LOG_LEVEL {3}\(value\) {2}by member 8, dashboard, \d{4}-/);
  expect(text.stdout).toMatch(/Read at \d{4}-.*Z\.\n/);
  const written = JSON.parse(await world.read('drift.json')) as Record<string, unknown>;
  expect(written).toMatchObject({
    kind: 'drift',
    formatVersion: '1.0',
    target: { teamSlug: 'acme' },
    items: ['LOG_LEVEL', 'STRIPE_KEY'].map((name) => ({
      address: `project:shop/deployment:production/env-var:${name}`,
      moved: 'changed',
      fields: ['value'],
      by: { actor: 'member', id: 8, via: 'dashboard', at: expect.stringMatching(/Z$/) as unknown },
    })),
    coverage: { 'env-var': { declared: 2, live: 2, unmanaged: 0 } },
    unmanaged: [],
    unreadable: [],
    requests: { read: 4, logs: 2 },
  });
  const env = { ...READER, SOURCE_DATE_EPOCH: '1' };
  const json = await world.converge(['drift', '--format', 'json', '--fail-on', 'missing', '--show-ip'], env);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({
    createdAt: '1970-01-01T00:00:01.000Z',
    items: [{ by: { ip: '127.0.0.1' } }, { by: { ip: '127.0.0.1' } }],
  });
  for (const { stdout, stderr } of [text, json]) {
    expect(stdout + stderr + JSON.stringify(written)).not.toContain(LIVE);
    expect(stdout + stderr).not.toContain(STRIPE_KEY);
  }
  expect((await world.converge(['drift', '--fail-on', 'env-var,changed', '--max-drift', '2'], READER)).code).toBe(2);
  expect((await world.converge(['drift', '--max-drift', '3'], READER)).code).toBe(0);
  expect(world.writes()).toBe(1);
});

test('what cannot be read is printed all the same, and exit 1', { timeout: 60_000 }, async () => {
  await using world = await openWorld({ seed: SEED });
  await graceSets(world, [{ name: 'LOG_LEVEL', value: 'debug' }]);
  world.sandbox.setFaults([
    {
      match: { path: 're:/list_environment_variables$', times: 'always' },
      effect: { kind: 'status', status: 403, code: 'OperationNotPermitted', message: 'No.' },
    },
  ]);
  const found = await world.converge(['drift', '--format', 'json'], READER);
  expect(found.code, found.stderr).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({
    kind: 'drift',
    items: [],
    unreadable: [{ collection: 'project:shop/deployment:production/env', error: { code: 'forbidden' } }],
  });
});

test.each([
  [['--fail-on', 'always'], '--fail-on does not know "always"'],
  [['--max-drift', '-1'], '--max-drift'],
  [['--since', '7'], 'Did you mean 7s?'],
  [['--write'], '--write is for --propose'],
])('wrong usage: drift %j', async (argv, message) => {
  await using world = await openWorld({ seed: SEED });
  const { code, stdout, stderr } = await world.converge(['drift', ...argv]);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain(message);
});
