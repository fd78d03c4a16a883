// `converge drift --propose` as a process: the diff, the lists, the files, the exit codes.
import { chmod, readFile, rename, stat, symlink } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openWorld, type World } from './world.ts';

const LIVE = 'sk_live_nobodyMaySeeThis99';
const WRITTEN = 'sk_live_inTheFile12345678';

const STATE = `version: 1
team: acme
policy: { prune: [env] }
projects:
  - slug: shop
    deployments:
      - reference: production
        type: prod
        env:
          # asked for by support
          LOG_LEVEL: "info"   # see the runbook
          STRIPE_KEY: ${WRITTEN}
`;

const seedWith = (env: Readonly<Record<string, string>>) => ({
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [{ reference: 'production', type: 'prod' as const, default: true, env }],
        },
      ],
    },
  ],
  tokens: [{ token: 'sandbox-reader', readOnly: true }],
});

const READER = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-reader' };
const MOVED = { LOG_LEVEL: 'debug', STRIPE_KEY: LIVE, NEW_MODE: 'dark' };

function openMoved(env: Readonly<Record<string, string>> = MOVED, state = STATE): Promise<World> {
  return openWorld({ seed: seedWith(env), state });
}

/** The blocks of docs/drift.md that show a proposal: the command with its diff, and what stands beside it. */
async function documented(): Promise<readonly string[]> {
  const text = await readFile(new URL('../../../docs/drift.md', import.meta.url), 'utf8');
  const part = text.slice(text.indexOf('## Accepting it'));
  return [...part.matchAll(/```text\n([\s\S]*?)```/g)].map(([, block = '']) => block.replace(/^\$.*\n/, ''));
}

test('what the page shows is what it prints, and nothing is written', { timeout: 60_000 }, async () => {
  await using world = await openMoved();
  const { code, stdout, stderr } = await world.converge(
    ['drift', '--propose', '--target', '**/deployment:production/**'],
    READER,
  );
  expect(code, stderr).toBe(2);
  const [diff, beside] = await documented();
  expect(stdout).toBe(diff);
  expect(stderr).toContain(beside);
  expect(stderr).toContain('Drift: 2 changed, 0 missing, 1 unexpected.');
  expect(stdout + stderr).not.toContain('sk_live');
  expect(await world.read('convex.state.yaml')).toBe(STATE);
  expect(world.writes()).toBe(0);
});

test('--write edits the file, keeps its mode and its link, and then nothing drifts', { timeout: 60_000 }, async () => {
  await using world = await openMoved();
  await rename(world.path('convex.state.yaml'), world.path('real.yaml'));
  await symlink('real.yaml', world.path('convex.state.yaml'));
  await chmod(world.path('real.yaml'), 0o640);
  const { code, stderr } = await world.converge(['drift', '--propose', '--write'], READER);
  expect(code, stderr).toBe(2);
  expect(stderr).toContain('Written: convex.state.yaml\n3 edits in 1 file.\n');
  const text = await world.read('real.yaml');
  expect(text).toBe(
    STATE.replace('"info"', '"debug"').replace(WRITTEN, '{ fromEnv: STRIPE_KEY }').concat('          NEW_MODE: dark\n'),
  );
  expect((await stat(world.path('real.yaml'))).mode & 0o777).toBe(0o640);
  const after = await world.converge(['drift', '--propose'], { ...READER, STRIPE_KEY: LIVE });
  expect([after.code, after.stdout], after.stderr).toEqual([0, '']);
  expect(after.stderr).toContain('Nothing to propose');
});

test('a diff without anything masked is one for patch', { timeout: 60_000 }, async () => {
  const plain = STATE.replace(/.*STRIPE_KEY.*\n/, '');
  await using world = await openMoved(MOVED, plain);
  const { stdout } = await world.converge(['drift', '--propose'], READER);
  await world.write('the.diff', stdout);
  const folder = world.path('.');
  await promisify(execFile)('git', ['apply', '--unsafe-paths', `--directory=${folder}`, world.path('the.diff')], {
    cwd: folder,
  });
  await world.write('patched.yaml', await world.read('convex.state.yaml'));
  await world.write('convex.state.yaml', plain);
  await world.converge(['drift', '--propose', '--write'], READER);
  expect(await world.read('patched.yaml')).toBe(await world.read('convex.state.yaml'));
});

test('JSON: the proposal beside what drifted; what is refused is exit 1', { timeout: 60_000 }, async () => {
  const state = STATE.replace(WRITTEN, '{ fromFile: key.txt }');
  await using world = await openMoved(MOVED, state);
  await world.write('key.txt', 'sk_live_old');
  const { code, stdout, stderr } = await world.converge(['drift', '--propose', '--format', 'json'], READER);
  expect(code, stderr).toBe(1);
  const address = (name: string): string => `project:shop/deployment:production/env-var:${name}`;
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'drift',
    items: [{ moved: 'changed' }, { moved: 'unexpected' }, { moved: 'changed' }],
    proposal: {
      written: false,
      files: [
        {
          path: 'convex.state.yaml',
          edits: [
            { addresses: [address('LOG_LEVEL')], does: 'changed', line: 11 },
            { addresses: [address('NEW_MODE')], does: 'added', line: 11 },
          ],
          diff: expect.stringContaining('+          NEW_MODE: dark\n') as unknown,
        },
      ],
      refused: [{ address: address('STRIPE_KEY'), why: expect.stringContaining('fromFile key.txt') as unknown }],
      toSet: [],
    },
  });
  const text = await world.converge(['drift', '--propose'], READER);
  expect(text.code).toBe(1);
  expect(text.stderr).toContain(
    `Not edited: ${address('STRIPE_KEY')}\n  its value comes from fromFile key.txt: change it there`,
  );
});
