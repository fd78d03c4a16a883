// `converge explain` as a process: one thing's story from the line to the last event.
import { chmod, mkdir } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { machineSchema } from '../../../src/report/machine-schemas.ts';
import { openWorld, type World } from './world.ts';

const STATE = `version: 1
team: acme
policy:
  prune: [env]
  ignore:
    - project:shop/deployment:production/env-var:THEIRS
    - { address: '**/env-var:DEBUG', fields: [value], reason: support debugs, expires: 2099-01-01 }
pauses:
  - address: project:shop/deployment:production/env-var:LOG_LEVEL
    owner: ada@example.com
    reason: looking for a leak
    expires: 2099-01-01
projects:
  - slug: shop
    deployments:
      - reference: production
        type: prod
        env:
          LOG_LEVEL: info
          STAYS: { value: x, visible: true }
          DEBUG: declared
          NEW: { fromEnv: NOT_SET_HERE }
        domains: [{ domain: api.acme.com, destination: convexCloud }]
        canonicalUrls: { convexCloud: 'https://api.acme.com' }
`;
const PRODUCTION = 'project:shop/deployment:production';
const COMMIT = '3f2a9c1d04be5f6a7b8c9d0e1f2a3b4c5d6e7f80';

/** A program in place of git: it answers for any line, and writes down what it was asked. */
async function withGit(world: World): Promise<Readonly<Record<string, string>>> {
  await mkdir(world.path('bin'));
  const blame = [`${COMMIT} 1 1 1`, 'author Ada', 'author-time 1763546400', 'summary Log more', '\tLOG_LEVEL'];
  const lines = blame.map((line) => `echo '${line}'`).join('\n');
  await world.write('bin/git', `#!/bin/sh\nprintf '%s\\n' "$@" > "${world.path('asked')}"\n${lines}\n`);
  await chmod(world.path('bin/git'), 0o755);
  return { PATH: `${world.path('bin')}:${process.env['PATH'] ?? ''}` };
}

const SECRET = 'nobody-may-see-this-4711';
const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [
            {
              reference: 'production',
              type: 'prod' as const,
              default: true,
              env: { LOG_LEVEL: SECRET, STAYS: 'x', THEIRS: SECRET, DEBUG: SECRET },
            },
            { reference: 'staging', type: 'dev' as const },
          ],
        },
      ],
    },
  ],
};

function openTold(): Promise<World> {
  return openWorld({ seed: SEED, state: STATE.replaceAll('2099-01-01', soon()) });
}

/** A pause lasts thirty days at most. */
function soon(): string {
  return new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
}

test('the line and its author, the live side, the last event, what holds it', { timeout: 60_000 }, async () => {
  await using world = await openTold();
  const env = await withGit(world);
  const { code, stdout, stderr } = await world.converge(['explain', `${PRODUCTION}/env-var:LOG_LEVEL`], env);
  expect([code, stdout], stderr).toEqual([0, expect.stringContaining('env-var:LOG_LEVEL  differs') as unknown]);
  expect(stdout).toMatch(
    /Document {4}convex\.state\.yaml:19:11, last changed by Ada in 3f2a9c1d04be, 2025-11-19T10:00:00Z: Log more/,
  );
  expect((await world.read('asked')).split('\n').slice(-6, -1)).toEqual([
    '--no-textconv',
    '-L',
    '19,19',
    '--',
    'convex.state.yaml',
  ]);
  expect(stdout).toContain('value (not shown)');
  expect(stdout).toContain('fingerprint none without CONVERGE_PLAN_KEY');
  expect(stdout).toMatch(/Last event {2}(by|unattributed)/);
  expect(stdout).toMatch(
    /Plan {8}~ update\n +value {2}changed\n +paused by project:shop.* \(ada@example\.com: looking for a leak\)/,
  );
  expect(stdout).toMatch(/Needs {7}project:shop\/deployment:production\n/);
  expect(stdout).not.toContain(SECRET);
  expect(world.writes()).toBe(0);
});

test('every standing, by JSON', { timeout: 120_000 }, async () => {
  await using world = await openTold();
  const env = { ...(await withGit(world)), CONVERGE_PLAN_KEY: 'a key of this team' };
  const isStory = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(machineSchema('explain'));
  const storyOf = async (address: string): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await world.converge(['explain', address, '--format', 'json'], env);
    expect(code, stderr).toBe(0);
    expect(stdout).not.toContain(SECRET);
    const story = JSON.parse(stdout) as Record<string, unknown>;
    expect(isStory(story), JSON.stringify(isStory.errors)).toBe(true);
    return story;
  };
  const standings = await Promise.all(
    ['env-var:STAYS', 'env-var:NEW', 'domain:api.acme.com', 'env-var:THEIRS', 'env-var:DEBUG'].map((one) =>
      storyOf(`${PRODUCTION}/${one}`),
    ),
  );
  expect(standings.map(({ standing }) => standing)).toEqual(['in-sync', 'missing', 'missing', 'ignored', 'ignored']);
  expect(standings[0]).toMatchObject({
    change: null,
    live: { hidden: ['value'], fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown },
    declared: { line: { type: 'committed', author: 'Ada', commit: COMMIT } },
  });
  // What differs and is accepted for a while is not in sync.
  expect(standings[4]).toMatchObject({ change: null, ignored: [{ fields: ['value'], reason: 'support debugs' }] });
  // The canonical URL needs the domain, so the domain's story names it.
  expect(standings[2]).toMatchObject({ dependents: [`${PRODUCTION}/canonical-url:convexCloud`] });
  const project = await storyOf('project:shop');
  expect(project).toMatchObject({ standing: 'in-sync', needs: [] });
  expect(project['dependents']).toContain(`${PRODUCTION}/env-var:LOG_LEVEL`);
  expect(await storyOf('project:shop/deployment:staging')).toMatchObject({ standing: 'unmanaged', declared: null });
});

test('an address of nothing, and what was probably meant', { timeout: 60_000 }, async () => {
  await using world = await openTold();
  const { code, stderr } = await world.converge(['explain', `${PRODUCTION}/env-var:LOG_LEVLE`]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('CVG522') as unknown]);
  expect(stderr).toContain(`Did you mean \`${PRODUCTION}/env-var:LOG_LEVEL\`?`);
  const none = await world.converge(['explain', 'project:shop', '--history', 'nowhere.db']);
  expect([none.code, none.stdout]).toEqual([0, expect.stringContaining('CVG708') as unknown]);
  const markdown = await world.converge(['explain', 'project:shop', '--format', 'markdown']);
  expect([markdown.code, markdown.stderr]).toEqual([64, expect.stringContaining('it has text and json') as unknown]);
});
