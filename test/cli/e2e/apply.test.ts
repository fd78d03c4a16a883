import { describe, expect, test, vi } from 'vitest';
import { openWorld, STATE, STRIPE_KEY } from './world.ts';

const UPDATE = '**/update_environment_variables';

describe('apply', () => {
  test('executes, proves, and has nothing left to do', async () => {
    await using world = await openWorld();
    const first = await world.converge(['apply', '--auto-approve', '--report', 'json=apply.json']);
    expect(first.stdout).toContain('2 of 2 changes succeeded');
    expect(first.stderr).toContain('1 to create, 1 to update');
    expect(first.code).toBe(0);
    expect(JSON.parse(await world.read('apply.json'))).toMatchObject({
      kind: 'apply',
      result: 'applied',
      proof: { converged: true },
    });
    expect(first.stdout + first.stderr + (await world.read('apply.json'))).not.toContain(STRIPE_KEY);

    world.sandbox.clearLog();
    const second = await world.converge(['apply', '--auto-approve']);
    expect([second.code, world.writes()]).toEqual([0, 0]);
    expect((await world.converge(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  test('without a terminal and a yes it refuses, and names the flag', async () => {
    await using world = await openWorld();
    const { code, stdout, stderr } = await world.converge(['apply']);
    expect(stdout).toContain('--auto-approve');
    expect(stderr).toContain('STRIPE_KEY');
    expect([code, world.writes()]).toEqual([3, 0]);
    const json = await world.converge(['apply', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'apply',
      result: 'refused',
      outcomes: [],
      refusals: [{ rule: 'consent' }],
    });
  });

  test('a failure is exit 5, and the report says it', async () => {
    await using world = await openWorld({
      faults: [
        {
          match: { path: UPDATE, times: 'always' },
          effect: { kind: 'status', status: 400, code: 'Nope', message: 'not today' },
        },
      ],
    });
    const { code, stdout } = await world.converge(['apply', '--auto-approve', '--report', 'json=apply.json']);
    expect(stdout).toContain('not today');
    expect(code).toBe(5);
    expect(JSON.parse(await world.read('apply.json'))).toMatchObject({
      result: 'applied',
      proof: { converged: false },
    });
  });
});

describe('deleting what holds data', () => {
  const PRUNING = STATE.replace(
    'projects:',
    'policy: { prune: [projects, deployments], maxDeletePercent: 100 }\nprojects:',
  );
  const STAGING = 'project:shop/deployment:staging';

  test('needs the kind, the name, and neither follows from --auto-approve', async () => {
    await using world = await openWorld({ state: PRUNING });
    for (const flags of [[], ['--allow-delete', 'deployment'], ['--confirm', STAGING]]) {
      const { code, stdout } = await world.converge(['apply', '--auto-approve', ...flags]);
      expect(stdout).toContain(STAGING);
      expect([code, world.writes()]).toEqual([3, 0]);
    }
    expect((await world.converge(['plan', '--detailed-exitcode'])).code).toBe(3);
    const agreed = await world.converge([
      'apply',
      '--auto-approve',
      '--allow-delete',
      'deployment',
      '--confirm',
      STAGING,
    ]);
    expect(agreed.code).toBe(0);
    expect((await world.converge(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

describe('a saved plan', () => {
  test('is consent to its changes, once', async () => {
    await using world = await openWorld();
    await world.converge(['plan', '--out', 'saved.json']);
    expect(await world.converge(['apply', 'saved.json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 of 2 changes succeeded'),
    });
    world.sandbox.clearLog();
    const again = await world.converge(['apply', 'saved.json', '--report', 'json=apply.json']);
    expect(again).toMatchObject({ code: 4, stdout: expect.stringContaining('Stale') });
    expect(world.writes()).toBe(0);
    expect(JSON.parse(await world.read('apply.json'))).toMatchObject({ kind: 'apply', result: 'stale' });
  });

  test('does not survive another source value, or another format', async () => {
    await using world = await openWorld();
    await world.converge(['plan', '--out', 'saved.json']);
    expect((await world.converge(['apply', 'saved.json'], { STRIPE_KEY: 'sk_live_another12345678' })).code).toBe(4);
    await world.write(
      'saved.json',
      (await world.read('saved.json')).replace('"formatVersion": "1.0"', '"formatVersion": "2.0"'),
    );
    expect((await world.converge(['apply', 'saved.json'])).code).toBe(4);
    expect(world.writes()).toBe(0);
  });

  test('without digests can only be shown', async () => {
    await using world = await openWorld();
    await world.converge(['plan', '--report', 'json=plan.json']);
    expect((await world.converge(['show', 'plan.json'])).code).toBe(0);
    expect(await world.converge(['apply', 'plan.json'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no digests'),
    });
  });
});

describe('signals', () => {
  test('the first drains: what is in flight ends, the report is written', async () => {
    await using world = await openWorld({ faults: [{ match: { path: UPDATE }, effect: { kind: 'delay', ms: 4000 } }] });
    const { child, result } = world.start(['apply', '--auto-approve', '--report', 'json=apply.json']);
    await vi.waitUntil(() => world.writes() > 0, { timeout: 30_000, interval: 5 });
    child.kill('SIGTERM');
    expect((await result).code).toBe(143);
    const report = JSON.parse(await world.read('apply.json')) as {
      outcomes: { status: string }[];
      interrupted: string;
    };
    expect(report.interrupted).toBe('SIGTERM');
    expect(report.outcomes.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });

  test('the second gives up what is in flight', async () => {
    await using world = await openWorld({
      faults: [{ match: { path: UPDATE, times: 'always' }, effect: { kind: 'hang' } }],
    });
    const { child, result } = world.start(['apply', '--auto-approve', '--report', 'json=apply.json']);
    await vi.waitUntil(() => world.writes() > 0, { timeout: 30_000, interval: 5 });
    child.kill('SIGINT');
    child.stderr.on('data', (text: string) => {
      if (text.includes('a second signal')) child.kill('SIGINT');
    });
    expect((await result).code).toBe(130);
    expect(JSON.parse(await world.read('apply.json'))).toMatchObject({ kind: 'apply', interrupted: 'SIGINT' });
  });

  test('reading ends at once', async () => {
    await using world = await openWorld({
      faults: [{ match: { method: 'GET', times: 'always' }, effect: { kind: 'hang' } }],
    });
    const { child, result } = world.start(['plan', '--format', 'json', '--report', 'json=plan.json']);
    await vi.waitUntil(() => world.sandbox.log.length > 0, { timeout: 30_000, interval: 5 });
    child.kill('SIGINT');
    const { code, stdout } = await result;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'error', diagnostics: [{ code: 'CVG704' }] });
    expect(await world.read('plan.json')).toBe(stdout);
  });
});
