// What the daemon remembers and tells, as a process of its own.
import { readdir, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startReceiver } from '../../daemon/notify/receiver.ts';
import { followWatch, runEnded, type WatchProcess } from '../support/watch-process.ts';
import { openWorld, STRIPE_KEY, type World } from './world.ts';

const EVERY_SECOND = ['--schedule', '* * * * * *'];
const NEVER_SOON = ['--schedule', '0 0 29 2 *'];
const TOKEN = 'a-bearer-of-the-test';
const LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL';

function watching(
  world: World,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<WatchProcess> {
  return followWatch(world.start(['watch', '--listen', '127.0.0.1:0', ...args], env));
}

function drift(sandbox: Sandbox, value: string): void {
  const live = [...sandbox.platform.world.deployments.values()].find(({ reference }) => reference === 'production');
  const token = sandbox.platform.identify('sandbox');
  if (live === undefined || token === undefined || token === null) throw new Error('no production');
  sandbox.platform.updateEnvironment({ token }, live, [{ name: 'LOG_LEVEL', value }]);
}

async function read(daemon: WatchProcess, path: string): Promise<Record<string, unknown>> {
  return JSON.parse((await daemon.get(path)).body) as Record<string, unknown>;
}

test('drift is remembered in the file across restarts, and told to a receiver, without any value', async () => {
  await using receiver = await startReceiver();
  await using world = await openWorld();
  await world.write(
    'notify.yaml',
    'version: 1\ntargets:\n  - { name: ops, type: webhook, urlFrom: { env: HOOK }, rules: [healed, applied, unreachable, recovered] }\n',
  );
  const args = ['--apply', '--history', 'history.db', '--notify', 'notify.yaml', ...EVERY_SECOND];
  const env = { HOOK: receiver.url };
  {
    await using daemon = await watching(world, args, env);
    await daemon.next(runEnded({ cause: 'start', changed: 2 }));
    expect(JSON.parse((await receiver.next()).body)).toMatchObject({ run: 1, events: [{ rule: 'healed', count: 2 }] });
    drift(world.sandbox, 'sk_live_driftedValue9876');
    await daemon.next(runEnded({ cause: 'schedule', changed: 1 }));
    const told = await receiver.next();
    expect(JSON.parse(told.body)).toMatchObject({
      team: { slug: 'acme' },
      events: [{ rule: 'healed', items: [{ address: LEVEL, fields: ['value'] }] }],
    });
    expect(await read(daemon, '/api/drift')).toMatchObject({
      kind: 'drift-history',
      episodes: [
        {
          address: LEVEL,
          action: 'update',
          reason: 'differs',
          origin: 'live',
          healedBy: 'converge',
          goneAt: expect.any(String),
        },
        { origin: 'unknown', healedBy: 'converge', run: 1 },
        { origin: 'unknown', healedBy: 'converge', run: 1 },
      ],
    });
    expect(await daemon.status()).toMatchObject({
      history: { available: true, why: null, place: 'file' },
      notifications: [{ target: 'ops', type: 'webhook', error: null }],
      logLevel: 'info',
    });
    expect((await daemon.get('/metrics')).body).toContain(
      'converge_notifications_total{target="ops",result="sent"} 2\n',
    );
    for (const name of (await readdir(world.path('.'))).filter((one) => one.startsWith('history.db')))
      expect((await stat(world.path(name))).mode & 0o777).toBe(0o600);
    daemon.signal('SIGTERM');
    const { code, stderr } = await daemon.result;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/ExperimentalWarning|very-secret/);
  }
  const seen = [await world.read('history.db'), ...receiver.received.map(({ body }) => body)].join('\n');
  expect(seen).toContain(LEVEL);
  for (const value of [STRIPE_KEY, 'sk_live_driftedValue9876', 'sandbox-e2e']) expect(seen).not.toContain(value);
  {
    await using daemon = await watching(world, args, env);
    const first = await daemon.next(runEnded({ cause: 'start' }));
    const { runs } = (await read(daemon, '/api/runs')) as { readonly runs: readonly Record<string, unknown>[] };
    expect(runs[0]).toMatchObject({ id: first['run'], cause: 'start', differs: 0, changed: 0 });
    expect(Number(first['run'])).toBeGreaterThan(2);
    expect(runs.at(-1)).toMatchObject({
      id: 1,
      cause: 'start',
      changed: 2,
      requests: { reads: expect.any(Number), writes: 1 },
    });
    expect(await read(daemon, '/api/runs/1')).toMatchObject({
      outcomes: [
        { address: LEVEL, action: 'update', status: 'succeeded' },
        { action: 'create', status: 'succeeded' },
      ],
    });
    expect(new Set(runs.map(({ session }) => session)).size).toBe(2);
  }
});

test('a history that cannot be kept, and receivers that are not there, stop nothing', async () => {
  await using world = await openWorld();
  await writeFile(world.path('notes.txt'), 'not a database at all\n'.repeat(50));
  await world.write(
    'notify.yaml',
    'version: 1\ntargets:\n  - { name: gone, type: slack, urlFrom: { env: HOOK }, rules: [healed, drift] }\n',
  );
  const args = ['--apply', '--history', 'notes.txt', '--notify', 'notify.yaml', ...EVERY_SECOND];
  await using daemon = await watching(world, args, { HOOK: 'http://127.0.0.1:9/hook/very-secret' });
  await daemon.next(runEnded({ cause: 'start', result: 'done', changed: 2 }));
  drift(world.sandbox, 'trace');
  await daemon.next(runEnded({ cause: 'schedule', changed: 1 }));
  expect(daemon.lines.filter(({ msg }) => msg.startsWith('history cannot'))).toMatchObject([
    { level: 'warn', why: 'the file is no database, and is left as it is' },
  ]);
  expect(await daemon.status()).toMatchObject({ sync: 'in-sync', history: { available: false, place: 'memory' } });
  expect((await daemon.get('/metrics')).body).toContain('converge_history_available 0\n');
  expect((await read(daemon, '/api/drift'))['episodes']).toHaveLength(3);
  expect(await world.read('notes.txt')).toBe('not a database at all\n'.repeat(50));
  daemon.signal('SIGTERM');
  const { code, stderr } = await daemon.result;
  expect(code).toBe(0);
  expect(stderr).toContain('"msg":"notification failed"');
  expect(stderr).not.toContain('very-secret');
});

test('SIGUSR1 turns debug on and off, a request for a time, and no debugger listens', async () => {
  await using world = await openWorld();
  await world.write('bearer', `${TOKEN}\n`);
  await using daemon = await watching(world, NEVER_SOON, { CONVERGE_HTTP_TOKEN_FILE: 'bearer' });
  await daemon.next(runEnded({ cause: 'start' }));
  expect(daemon.lines.some(({ level }) => level === 'debug')).toBe(false);
  daemon.signal('SIGUSR1');
  await daemon.next(({ msg, logLevel, by }) => msg === 'log level changed' && logLevel === 'debug' && by === 'signal');
  daemon.signal('SIGHUP');
  await daemon.next(({ msg }) => msg === 'request');
  await daemon.next(runEnded({ cause: 'asked' }));
  daemon.signal('SIGUSR1');
  await daemon.next(({ msg, logLevel }) => msg === 'log level changed' && logLevel === 'info');
  const post = (body: string): Promise<Response> =>
    fetch(`${daemon.url}/api/log-level`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` }, body });
  expect((await post('{"level":"debug","for":"1s"}')).status).toBe(200);
  await daemon.next(({ msg, by, forSeconds }) => msg === 'log level changed' && by === 'request' && forSeconds === 1);
  await daemon.next(({ msg, by, logLevel }) => msg === 'log level changed' && by === 'time' && logLevel === 'info');
  daemon.signal('SIGTERM');
  const { code, stderr } = await daemon.result;
  expect(code).toBe(0);
  expect(stderr).not.toContain('Debugger');
});

test('a notify file that is wrong ends the start, with its place', async () => {
  await using world = await openWorld();
  await world.write(
    'notify.yaml',
    'version: 1\ntargets:\n  - { name: ops, type: slack, url: https://hooks.example/secret }\n',
  );
  const wrong = await world.converge(['watch', '--notify', 'notify.yaml']);
  expect([wrong.code, wrong.stdout]).toEqual([1, '']);
  expect(wrong.stderr).toContain('converge: notify.yaml:3:');
  expect(wrong.stderr).not.toContain('hooks.example');
  await world.write('notify.yaml', 'version: 1\ntargets:\n  - { name: ops, type: slack, urlFrom: { env: HOOK } }\n');
  const unset = await world.converge(['watch', '--notify', 'notify.yaml']);
  expect(unset.stderr).toBe(
    'converge: notify.yaml: target ops, urlFrom: HOOK is not set in the environment, or is empty\n',
  );
  expect((await world.converge(['watch', '--notify', 'none.yaml'])).stderr).toBe(
    'converge: none.yaml: cannot be read (ENOENT)\n',
  );
});
