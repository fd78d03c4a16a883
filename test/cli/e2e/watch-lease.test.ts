import { expect, test } from 'vitest';
import { followWatch } from '../support/watch-process.ts';
import { openWorld } from './world.ts';

const IN_A_POD = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '1' };

test.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
  ['outside of a cluster', ['--lease', 'ns/one'], {}, /--lease: this is no pod of a cluster: KUBERNETES_SERVICE_HOST/],
  ['no name', ['--lease', 'Ns/One'], IN_A_POD, /--lease: expected NAMESPACE\/NAME or NAME/],
  ['too many parts', ['--lease', 'a/b/c'], IN_A_POD, /--lease: expected NAMESPACE\/NAME or NAME/],
  [
    'no namespace of the pod',
    ['--lease', 'one'],
    { ...IN_A_POD, CONVERGE_SERVICE_ACCOUNT_DIR: '/nowhere' },
    /--lease: \/nowhere\/namespace cannot be read \(ENOENT\); write NAMESPACE\/NAME/,
  ],
  [
    'shorter than a write',
    ['--lease', 'ns/one', '--lease-duration', '15s'],
    IN_A_POD,
    /--lease-duration: a write may take 30s \(--timeout\).*at least 50s, or a shorter --timeout/,
  ],
  ['a duration for nothing', ['--lease-duration', '15s'], {}, /--lease-duration means nothing without --lease/],
])('refused by name: %s', async (_, args, env, said) => {
  await using world = await openWorld();
  const { code, stderr } = await world.converge(['watch', '--listen', '127.0.0.1:0', ...args], env);
  expect(stderr).toMatch(said);
  expect(code).toBe(64);
});

test('a cluster that cannot be reached: it follows, is not ready, writes nothing, and ends with 0', async () => {
  await using world = await openWorld();
  await world.write('token', 'token');
  await world.write('ca.crt', 'no certificate');
  const running = world.start(['watch', '--apply', '--listen', '127.0.0.1:0', '--lease', 'ns/one'], {
    ...IN_A_POD,
    CONVERGE_SERVICE_ACCOUNT_DIR: world.path('.'),
  });
  await using daemon = await followWatch(running);
  await daemon.next(({ msg }) => msg === 'lease not reached');
  expect(await daemon.get('/readyz')).toMatchObject({ status: 503, body: expect.stringContaining('the Lease ns/one') });
  expect(await daemon.get('/healthz')).toMatchObject({ status: 200 });
  expect((await daemon.get('/metrics')).body).toContain('converge_leader 0\n');
  daemon.signal('SIGTERM');
  expect((await daemon.result).code).toBe(0);
  expect([world.writes(), world.sandbox.log.length]).toEqual([0, 0]);
});
