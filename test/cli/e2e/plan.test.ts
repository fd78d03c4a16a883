import { stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openWorld, STATE, STRIPE_KEY } from './world.ts';

const LOG_LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL';
const STRIPE = 'project:shop/deployment:production/env-var:STRIPE_KEY';

describe('plan', () => {
  test('text on stdout, progress on stderr, nothing written', async () => {
    await using world = await openWorld();
    const { code, stdout, stderr } = await world.converge(['plan']);
    expect(stdout).toContain('STRIPE_KEY');
    expect(stdout).toContain('Plan: 1 to create, 1 to update, 0 to replace, 0 to delete');
    expect(stderr).toContain('reading live state');
    expect([code, world.writes()]).toEqual([0, 0]);
    expect(stdout + stderr).not.toContain(STRIPE_KEY);
  });

  test('JSON and nothing else on stdout, the same bytes each time', async () => {
    await using world = await openWorld();
    const args = ['plan', '--format', 'json', '--detailed-exitcode', '--log-level', 'debug'];
    const first = await world.converge(args, { SOURCE_DATE_EPOCH: '0' });
    expect(first.code).toBe(2);
    expect(JSON.parse(first.stdout)).toMatchObject({
      kind: 'plan',
      createdAt: '1970-01-01T00:00:00.000Z',
      changes: [{ address: LOG_LEVEL }, { address: STRIPE }],
    });
    expect(first.stdout).not.toContain('digests');
    expect(first.stderr).toContain('GET');
    expect(first.stdout + first.stderr).not.toContain(STRIPE_KEY);
    expect(first.stdout + first.stderr).not.toContain('sandbox-e2e');
    expect((await world.converge(args, { SOURCE_DATE_EPOCH: '0' })).stdout).toBe(first.stdout);
  });

  test('reports are what stdout would be, without colour', async () => {
    await using world = await openWorld();
    const args = ['plan', '--color', 'always', '--report', 'text=plan.txt', '--report', 'json=plan.json'];
    const { stdout } = await world.converge(args);
    expect(stdout).toContain('\u001B[');
    expect(await world.read('plan.txt')).toBe((await world.converge(['plan'])).stdout);
    expect(JSON.parse(await world.read('plan.json'))).toMatchObject({ kind: 'plan' });
  });

  test('a closed pipe is quiet', async () => {
    await using world = await openWorld();
    const { child, result } = world.start(['plan', '--format', 'json']);
    child.stdout.destroy();
    expect(await result).toMatchObject({ code: 0, stderr: expect.not.stringContaining('EPIPE') });
  });

  test('what cannot be read is printed, and is exit 1', async () => {
    await using world = await openWorld({
      faults: [
        {
          match: { path: '**/list_environment_variables', times: 'always' },
          effect: { kind: 'status', status: 403, code: 'Forbidden', message: 'no' },
        },
      ],
    });
    const { code, stdout } = await world.converge(['plan', '--detailed-exitcode']);
    expect(stdout).toContain('could not be read');
    expect(code).toBe(1);
  });
});

describe('errors are exit 1, with the diagnostics on stderr or as JSON on stdout', () => {
  test.each([
    ['no document', ['-f', 'none.yaml'], {}, 'CVG101'],
    ['no token', [], { CONVEX_TEAM_ACCESS_TOKEN: '' }, 'CVG602'],
    ['a bad token', [], { CONVEX_TEAM_ACCESS_TOKEN: 'wrong' }, 'CVG602'],
    ['no source', [], { STRIPE_KEY: '' }, 'CVG402'],
  ] as const)(
    '%s',
    async (_, args, env, diagnostic) => {
      await using world = await openWorld();
      for (const command of ['plan', 'apply']) {
        const text = await world.converge([command, ...args], env);
        expect(text).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(diagnostic) });
        const json = await world.converge([command, ...args, '--format', 'json', '--report', 'json=report.json'], env);
        expect(json.code).toBe(1);
        expect(JSON.parse(json.stdout)).toMatchObject({
          kind: 'error',
          diagnostics: expect.arrayContaining([expect.objectContaining({ code: diagnostic })]),
        });
        expect(await world.read('report.json')).toBe(json.stdout);
      }
      expect(world.writes()).toBe(0);
    },
    20_000,
  );

  test('no platform', async () => {
    await using world = await openWorld();
    await world.sandbox.close();
    const { code, stdout, stderr } = await world.converge(['plan']);
    expect(stderr).toContain('CVG601');
    expect([code, stdout]).toEqual([1, '']);
  });

  test('another team', async () => {
    await using world = await openWorld({ state: STATE.replace('team: acme', 'team: other') });
    expect(await world.converge(['plan'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('CVG501'),
    });
  });
});

describe('validate', () => {
  test('needs neither token, platform nor source', async () => {
    await using world = await openWorld();
    const { code, stdout } = await world.converge(['validate'], { CONVEX_TEAM_ACCESS_TOKEN: '', STRIPE_KEY: '' });
    expect([code, world.sandbox.log.length]).toEqual([0, 0]);
    expect(stdout).toContain('ok:');
  });

  test('every error at once', async () => {
    await using world = await openWorld({
      state: STATE.replace('type: prod', 'type: prod\n        colour: red').replace('info', '7'),
    });
    const { code, stdout } = await world.converge(['validate']);
    expect(code).toBe(1);
    expect(stdout).toContain('CVG201');
    expect(stdout).toContain('CVG205');
    const json = await world.converge(['validate', '--format', 'json']);
    expect([json.code, JSON.parse(json.stdout).kind]).toEqual([1, 'error']);
  });
});

describe('--out and show', () => {
  test('the file is for its owner, and is shown without a platform', async () => {
    await using world = await openWorld();
    const planned = await world.converge(['plan', '--out', 'saved.json']);
    expect(planned.code).toBe(0);
    expect((await stat(world.path('saved.json'))).mode & 0o777).toBe(0o600);
    const saved = await world.read('saved.json');
    expect(JSON.parse(saved)).toHaveProperty('digests');
    expect(saved).not.toContain(STRIPE_KEY);

    world.sandbox.clearLog();
    const shown = await world.converge(['show', 'saved.json']);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('Saved plan for'), stderr: '' });
    const json = await world.converge(['show', 'saved.json', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'plan',
      changes: [{ address: LOG_LEVEL }, { address: STRIPE }],
    });
    expect(json.stdout).not.toContain('digests');
    expect(world.sandbox.log).toHaveLength(0);
  });

  test('what is not a plan is CVG701', async () => {
    await using world = await openWorld();
    await world.write('saved.json', '{"kind":"plan"');
    for (const args of [
      ['show', 'saved.json'],
      ['show', 'none.json'],
      ['apply', 'saved.json'],
    ]) {
      expect(await world.converge(args)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('CVG701'),
      });
    }
  });

  test('a folder that is not there is said before anything is read', async () => {
    await using world = await openWorld();
    const { code, stderr } = await world.converge(['plan', '--out', 'no/saved.json']);
    expect([code, world.sandbox.log.length]).toEqual([1, 0]);
    expect(stderr).toContain('there is no folder');
  });
});

test('markdown on stdout, and the whole of it in a report that it names', async () => {
  await using world = await openWorld();
  const { code, stdout } = await world.converge(['plan', '--format', 'markdown', '--report', 'json=plan.json']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^### Plan for team acme \(id 41\) on 127/);
  expect(stdout).toContain('**Plan:');
  expect(stdout).toContain('env-var&#58;STRIPE&#95;KEY');
  expect(stdout).not.toContain(STRIPE_KEY);
  expect(JSON.parse(await world.read('plan.json'))).toMatchObject({ kind: 'plan' });
  const wrong = await world.converge([
    'plan',
    '--format',
    'markdown',
    '-f',
    'nowhere.yaml',
    '--report',
    'markdown=errors.md',
  ]);
  expect([wrong.code, wrong.stdout]).toEqual([1, '']);
  expect(await world.read('errors.md')).toMatch(/^\*\*1 error\*\*\n/);
});
