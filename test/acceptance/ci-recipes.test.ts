// The recipes of examples/ci, run as a CI runs them, with the real program and the sandbox.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { ACTION } from '../action/runner.ts';
import { openWorld, STATE, STRIPE_KEY, type World } from '../cli/e2e/world.ts';
import { MAIN } from '../cli/support/spawn-cli.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CI = path.join(ROOT, 'examples/ci');

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the world's folder, with `converge` and Node on the path. */
async function runIn(world: World, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const bin = world.path('bin');
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, 'converge'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(path.join(bin, 'converge'), 0o755);
  const [program = '', ...args] = argv;
  const { STRIPE_KEY: _, ...given } = world.env;
  const child = spawn(program, args, {
    cwd: world.path('.'),
    env: {
      PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
      HOME: bin,
      CI: 'true',
      ...given,
      ...env,
    },
  });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const script = (name: string): string => path.join(CI, 'shell', name);

describe('shell', () => {
  test('check.sh: 0 with and without changes, and plan.md for people', async () => {
    await using world = await openWorld();
    const changes = await runIn(world, ['sh', script('check.sh')]);
    expect([changes.code, changes.stderr]).toEqual([0, expect.stringContaining('changes, see plan.md')]);
    expect(await world.read('plan.md')).toContain('1 to create, 1 to update');
    expect(JSON.parse(await world.read('plan.json'))).toMatchObject({ kind: 'plan' });
    expect(world.writes()).toBe(0);
    await world.write('convex.state.yaml', 'version: 1\nteam: acme\nprojects:\n  - slug: shop\n');
    const none = await runIn(world, ['sh', script('check.sh')]);
    expect([none.code, none.stderr]).toEqual([0, expect.stringContaining('no changes')]);
  });

  test('check.sh: 3 for what apply would refuse, 1 for a mistake', async () => {
    await using world = await openWorld();
    await world.write(
      'convex.state.yaml',
      STATE.replace('projects:', 'policy: { prune: [env] }\nprojects:').replace(
        / {8}env:\n.*\n.*\n/,
        '        env: {}\n',
      ),
    );
    expect((await runIn(world, ['sh', script('check.sh')])).code).toBe(3);
    await world.write('convex.state.yaml', 'version: 1\nteam: acme\nproject: []\n');
    const wrong = await runIn(world, ['sh', script('check.sh')]);
    expect([wrong.code, wrong.stdout + wrong.stderr]).toEqual([1, expect.stringContaining('unknown key')]);
  });

  test('save.sh and apply.sh: the reviewed plan is applied once, then it is stale', async () => {
    await using world = await openWorld();
    const without = await runIn(world, ['sh', script('save.sh'), 'saved.json']);
    expect([without.code, without.stderr]).toEqual([64, expect.stringContaining('CONVERGE_PLAN_KEY')]);
    const env = { CONVERGE_PLAN_KEY: 'the-key-of-both-jobs-0123456789' };
    expect((await runIn(world, ['sh', script('save.sh'), 'saved.json'], env)).code).toBe(0);
    expect((await stat(world.path('saved.json'))).mode & 0o777).toBe(0o600);
    const withSecrets = { ...env, STRIPE_KEY };
    const applied = await runIn(world, ['sh', script('apply.sh'), 'saved.json'], withSecrets);
    expect([applied.code, applied.stderr]).toEqual([0, expect.not.stringContaining('converge: ')]);
    expect(await world.read('apply.md')).toContain('2 of 2 changes succeeded');
    const again = await runIn(world, ['sh', script('apply.sh'), 'saved.json'], withSecrets);
    expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('the plan is stale')]);
  });

  test('apply.sh without a plan, and drift.sh', async () => {
    await using world = await openWorld();
    const env = { STRIPE_KEY };
    const before = await runIn(world, ['sh', script('drift.sh')], env);
    expect([before.code, before.stderr]).toEqual([2, expect.stringContaining('drift, see drift.json')]);
    expect((await runIn(world, ['sh', script('apply.sh')], env)).code).toBe(0);
    expect((await runIn(world, ['sh', script('drift.sh')], env)).code).toBe(0);
    expect(JSON.parse(await world.read('drift.json'))).toMatchObject({ kind: 'drift', items: [] });
    expect((await runIn(world, ['sh', script('drift.sh')], { ...env, CONVEX_TEAM_ACCESS_TOKEN: 'wrong' })).code).toBe(
      1,
    );
  });
});

describe('GitLab', async () => {
  interface GitLabJob {
    readonly script?: readonly string[];
    readonly allow_failure?: { readonly exit_codes: readonly number[] };
  }
  const jobs = parse(await readFile(path.join(CI, 'gitlab-ci.yml'), 'utf8')) as Readonly<Record<string, GitLabJob>>;

  /** As GitLab's runner does: all lines in one shell that stops at the first failure. */
  function runJob(world: World, name: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return runIn(world, ['bash', '-eo', 'pipefail', '-c', (jobs[name]?.script ?? []).join('\n')], env);
  }

  test('converge:plan: 2 is allowed to fail, and the widget counts', async () => {
    await using world = await openWorld();
    const planned = await runJob(world, 'converge:plan');
    expect(planned.code, planned.stderr).toBe(2);
    expect(jobs['converge:plan']?.allow_failure?.exit_codes).toEqual([2]);
    expect(JSON.parse(await world.read('widget.json'))).toEqual({ create: 1, update: 1, delete: 0 });
    await world.write('convex.state.yaml', 'version: 1\nteam: acme\nproject: []\n');
    expect((await runJob(world, 'converge:plan')).code).toBe(1);
  });

  test('converge:apply and converge:drift', async () => {
    await using world = await openWorld();
    const env = { STRIPE_KEY };
    expect((await runJob(world, 'converge:drift', env)).code).toBe(2);
    expect((await runJob(world, 'converge:apply', env)).code).toBe(0);
    expect((await runJob(world, 'converge:drift', env)).code).toBe(0);
  });
});

test('the pre-commit hook finds a mistake', async () => {
  const [hook] = parse(await readFile(path.join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as readonly {
    readonly entry: string;
    readonly files: string;
  }[];
  await using world = await openWorld();
  const argv = hook?.entry.split(' ') ?? [];
  expect((await runIn(world, argv)).code).toBe(0);
  await world.write('convex.state.yaml', 'version: 1\nteam: acme\nproject: []\n');
  expect((await runIn(world, argv)).code).toBe(1);
  expect(world.sandbox.log).toEqual([]);
  expect('convex.state.yaml').toMatch(new RegExp(hook?.files ?? '^$'));
});

test.each(['check.yml', 'apply.yml', 'drift.yml'])(
  'the workflow %s gives the Action what it takes, and little else',
  async (name) => {
    const workflow = parse(await readFile(path.join(CI, name), 'utf8')) as {
      readonly permissions: object;
      readonly on: Readonly<Record<string, unknown>>;
      readonly jobs: Readonly<
        Record<string, { readonly steps: readonly { readonly uses?: string; readonly with?: object }[] }>
      >;
    };
    expect(workflow.permissions).toEqual({});
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    const steps = Object.values(workflow.jobs).flatMap(({ steps }) => steps);
    const own = steps.filter(({ uses }) => uses?.startsWith('OWNER/converge@'));
    expect(own).toHaveLength(1);
    for (const { with: inputs = {} } of own)
      expect(Object.keys(ACTION.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    for (const { uses = '' } of steps.filter((step) => step.uses !== undefined && !own.includes(step)))
      expect(uses).toMatch(/@[0-9a-f]{40}$/);
  },
);
