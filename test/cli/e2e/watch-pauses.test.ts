// Break-glass, modes and windows on the daemon as a process of its own.
import { expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { followWatch, runEnded, type WatchProcess } from '../support/watch-process.ts';
import { openWorld, STATE, type World } from './world.ts';

/** So that nothing but what is under test can be what began a run. */
const NEVER_SOON = ['--schedule', '0 0 29 2 *'];
const LOG_LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL';

async function watching(world: World, ...args: readonly string[]): Promise<WatchProcess> {
  await world.write('bearer', 'a-long-bearer\n');
  const argv = ['watch', '--apply', '--listen', '127.0.0.1:0', ...NEVER_SOON, ...args];
  return followWatch(world.start(argv, { CONVERGE_HTTP_TOKEN_FILE: 'bearer' }));
}

function pausing(daemon: WatchProcess, method: 'POST' | 'DELETE', body: unknown): Promise<Response> {
  const headers = { authorization: 'Bearer a-long-bearer', 'content-type': 'application/json' };
  return fetch(`${daemon.url}/api/pause`, { method, headers, body: JSON.stringify(body) });
}

function production({ platform }: Sandbox) {
  const found = [...platform.world.deployments.values()].find((live) => live.reference === 'production');
  const token = platform.identify('sandbox');
  if (found === undefined || token === undefined || token === null) throw new Error('no production');
  return {
    set: (name: string, value: string) => platform.updateEnvironment({ token }, found, [{ name, value }]),
    get: (name: string) => found.env.get(name),
  };
}

test('a pause that is asked for holds at once, is seen everywhere, and ends by being lifted', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world);
  await daemon.next(runEnded({ cause: 'start', changed: 2 }));
  const live = production(world.sandbox);
  const asked = { address: LOG_LEVEL, owner: 'ada', reason: 'we look for the leak', duration: '1h' };
  expect((await pausing(daemon, 'POST', { ...asked, duration: '31d' })).status).toBe(422);
  expect((await pausing(daemon, 'POST', { ...asked, address: 'projekt:shop' })).status).toBe(422);
  live.set('LOG_LEVEL', 'trace');
  expect((await pausing(daemon, 'POST', asked)).status).toBe(200);
  expect(await daemon.next(({ msg }) => msg === 'pause began')).toMatchObject({
    address: LOG_LEVEL,
    owner: 'ada',
    holds: 1,
  });
  await daemon.next(runEnded({ cause: 'asked', result: 'done', differs: 1, held: 1, changed: 0 }));
  expect(live.get('LOG_LEVEL')).toBe('trace');
  expect(await daemon.status()).toMatchObject({
    sync: 'differs',
    ready: true,
    drift: [
      {
        address: LOG_LEVEL,
        held: { because: 'paused', why: expect.stringMatching(/^paused by ada until .*: we look for the leak$/) },
      },
    ],
    pauses: [{ address: LOG_LEVEL, owner: 'ada', from: 'request', held: [LOG_LEVEL] }],
  });
  const metrics = (await daemon.get('/metrics')).body;
  expect(metrics).toContain('converge_pauses 1\n');
  expect(metrics).toContain('converge_held_changes{because="paused"} 1\n');
  expect((await daemon.get('/api/pause')).body).toContain(LOG_LEVEL);

  expect((await pausing(daemon, 'DELETE', { address: LOG_LEVEL })).status).toBe(200);
  await daemon.next(({ msg }) => msg === 'pause ended');
  await daemon.next(runEnded({ cause: 'asked', differs: 0, changed: 1 }));
  expect(live.get('LOG_LEVEL')).toBe('info');
  expect(await daemon.status()).toMatchObject({ sync: 'in-sync', pauses: [] });
});

test('healing resumes by itself when a pause expires: no schedule comes, and nobody asks', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world);
  await daemon.next(runEnded({ cause: 'start', changed: 2 }));
  const live = production(world.sandbox);
  live.set('LOG_LEVEL', 'trace');
  const asked = { address: 'project:shop', owner: 'ada', reason: 'for a moment', duration: '5s' };
  expect((await pausing(daemon, 'POST', asked)).status).toBe(200);
  await daemon.next(runEnded({ cause: 'asked', differs: 1, held: 1 }));
  await daemon.next(({ msg }) => msg === 'pause ended');
  await daemon.next(runEnded({ result: 'done', differs: 0, changed: 1 }));
  expect(live.get('LOG_LEVEL')).toBe('info');
});

test('a pause that comes in the middle of a heal: what is in flight ends, nothing more begins', async () => {
  await using world = await openWorld({
    state: `${STATE}      - reference: staging\n        type: dev\n        env: { MODE: quiet }\n`,
  });
  world.sandbox.setFaults([
    {
      match: { path: 're:/update_environment_variables$', times: 1 },
      effect: { kind: 'delay', ms: 2_000, when: 'after' },
    },
  ]);
  await using daemon = await watching(world, '--concurrency', '1');
  await daemon.next(({ msg }) => msg === 'change started');
  expect(
    (await pausing(daemon, 'POST', { address: 'project:shop', owner: 'ada', reason: 'stop', duration: '1h' })).status,
  ).toBe(200);
  await daemon.next(runEnded({ cause: 'start', result: 'interrupted' }));
  const writes = world.writes();
  await daemon.next(runEnded({ cause: 'asked', result: 'done', changed: 0 }));
  expect([writes, world.writes()]).toEqual([1, 1]);
});

test('mode: suspend and closed windows stand in the status, and nothing of them is healed or in sync', async () => {
  await using world = await openWorld({
    state: STATE.replace('- slug: shop\n', '- slug: shop\n    mode: suspend\n'),
  });
  await using daemon = await watching(world);
  await daemon.next(({ msg }) => msg === 'suspended');
  await daemon.next(runEnded({ cause: 'start', result: 'done', differs: 0, changed: 0, held: 0 }));
  expect(await daemon.status()).toMatchObject({
    sync: 'suspended',
    drift: [],
    suspended: { team: false, addresses: ['project:shop'] },
  });
  expect((await daemon.get('/metrics')).body).toContain('converge_suspended_projects 1\n');
  const closed = 'policy: { windows: [{ schedule: "0 0 29 2 *", duration: 1m }] }\n';
  await world.write('convex.state.yaml', STATE.replace('projects:', `${closed}projects:`));
  await daemon.next(({ msg }) => msg === 'resumed');
  await daemon.next(runEnded({ cause: 'files', differs: 2, changed: 0, held: 2 }));
  expect(await daemon.status()).toMatchObject({ sync: 'differs', windows: [{ within: null, open: false }] });
  expect(world.writes()).toBe(0);
});
