// The daemon as a process of its own, on a platform over TCP.
import { createHmac } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { followWatch, runEnded, type WatchProcess } from '../support/watch-process.ts';
import { openWorld, SEED, STATE, STRIPE_KEY, type World } from './world.ts';

const EVERY_SECOND = ['--schedule', '* * * * * *'];
/** So that nothing but the trigger under test can be what began a run. */
const NEVER_SOON = ['--schedule', '0 0 29 2 *'];

/** Seldom enough that what is read between runs is read between runs. */
const EVERY_TEN_SECONDS = ['--schedule', '*/10 * * * * *'];

function watching(world: World, ...args: readonly string[]): Promise<WatchProcess> {
  return followWatch(world.start(['watch', '--listen', '127.0.0.1:0', ...args]));
}

function deploymentNamed(sandbox: Sandbox, reference: string) {
  const found = [...sandbox.platform.world.deployments.values()].find((live) => live.reference === reference);
  if (found === undefined) throw new Error(`no live deployment ${reference}`);
  return found;
}

function callerOf(sandbox: Sandbox) {
  const token = sandbox.platform.identify('sandbox');
  if (token === undefined || token === null) throw new Error('the sandbox refuses its own token');
  return { token };
}

/** What a colleague does in the dashboard. */
function drift(sandbox: Sandbox, reference: string, name: string, value: string | null): void {
  sandbox.platform.updateEnvironment(callerOf(sandbox), deploymentNamed(sandbox, reference), [{ name, value }]);
}

function valueOf(sandbox: Sandbox, reference: string, name: string): string | undefined {
  return deploymentNamed(sandbox, reference).env.get(name);
}

test('heals at start, heals drift within a tick, and a signal ends it with 0', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world, '--apply', ...EVERY_SECOND);
  await daemon.next(runEnded({ cause: 'start', result: 'done', changed: 2 }));
  expect(await daemon.get('/readyz')).toEqual({ status: 200, body: 'ok\n' });
  expect(valueOf(world.sandbox, 'production', 'LOG_LEVEL')).toBe('info');

  drift(world.sandbox, 'production', 'LOG_LEVEL', 'trace');
  await daemon.next(runEnded({ cause: 'schedule', changed: 1 }));
  expect(valueOf(world.sandbox, 'production', 'LOG_LEVEL')).toBe('info');
  // Undeclared, and not pruned.
  expect(valueOf(world.sandbox, 'production', 'STAYS')).toBe('x');
  expect(await daemon.status()).toMatchObject({ sync: 'in-sync', drift: [], mode: 'apply' });

  daemon.signal('SIGTERM');
  const { code, stdout, stderr } = await daemon.result;
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).not.toContain(STRIPE_KEY);
  expect(stderr).not.toContain('sandbox-e2e');
  expect(daemon.lines.at(-1)).toMatchObject({ msg: 'stopped', clean: true });
});

test('observes by default: says what differs, once, and writes nothing', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world, ...EVERY_SECOND);
  await daemon.next(runEnded({ cause: 'start', differs: 2, changed: 0 }));
  await daemon.next(runEnded({ cause: 'schedule', differs: 2, changed: 0 }));
  expect(daemon.lines.filter(({ msg }) => msg === 'drift found').map((line) => line['address'])).toEqual([
    'project:shop/deployment:production/env-var:LOG_LEVEL',
    'project:shop/deployment:production/env-var:STRIPE_KEY',
  ]);
  expect(await daemon.get('/readyz')).toMatchObject({ status: 200 });
  const status = await daemon.get('/api/status');
  expect(JSON.parse(status.body)).toMatchObject({ sync: 'differs', mode: 'observe' });
  expect(status.body).not.toContain(STRIPE_KEY);
  expect((await daemon.get('/metrics')).body).toContain('converge_drift{kind="env-var",action="create"} 1\n');
  expect(world.writes()).toBe(0);
});

test('an invalid document: not ready, nothing applied, not even the last good one; mended by itself', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world, '--apply', ...EVERY_SECOND);
  await daemon.next(runEnded({ cause: 'start', result: 'done' }));
  await world.write('convex.state.yaml', STATE.replace('LOG_LEVEL: info', 'LOG_LEVEL: 7'));
  await daemon.next(runEnded({ result: 'invalid' }));
  const writes = world.writes();
  drift(world.sandbox, 'production', 'LOG_LEVEL', 'trace');
  await daemon.next(runEnded({ cause: 'schedule', result: 'invalid' }));
  const ready = await daemon.get('/readyz');
  expect(ready.status).toBe(503);
  expect(ready.body).toMatch(/^the document is invalid: convex\.state\.yaml:9:\d+: CVG205 /);
  expect(await daemon.status()).toMatchObject({ sync: 'unknown', ready: false });
  expect(await daemon.get('/healthz')).toMatchObject({ status: 200 });
  expect([world.writes(), valueOf(world.sandbox, 'production', 'LOG_LEVEL')]).toEqual([writes, 'trace']);

  await world.write('convex.state.yaml', STATE);
  await daemon.next(runEnded({ result: 'done', changed: 1 }));
  expect(await daemon.get('/readyz')).toMatchObject({ status: 200 });
});

test('a platform that is down: not ready, never in sync from before; it comes back by itself', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world, '--apply', ...EVERY_SECOND);
  await daemon.next(runEnded({ cause: 'start', result: 'done' }));
  await daemon.next(runEnded({ result: 'done', differs: 0 }));
  expect(await daemon.status()).toMatchObject({ sync: 'in-sync' });
  await world.sandbox.close();
  await daemon.next(runEnded({ result: 'failed' }));
  expect((await daemon.get('/readyz')).status).toBe(503);
  expect(await daemon.status()).toMatchObject({ sync: 'unknown', ready: false });
  expect((await daemon.get('/metrics')).body).toContain('converge_sync_state{state="in-sync"} 0\n');
  const port = Number(new URL(world.sandbox.url).port);
  const again = await startSandbox({ port, platform: world.sandbox.platform });
  try {
    await daemon.next(runEnded({ result: 'done' }));
    expect(await daemon.get('/readyz')).toMatchObject({ status: 200 });
  } finally {
    await again.close();
  }
});

test('a collection that cannot be read: not in sync, and what else differs is healed', async () => {
  await using world = await openWorld({
    state: `${STATE}      - reference: staging\n        type: dev\n        env: { MODE: quiet }\n`,
  });
  const staging = deploymentNamed(world.sandbox, 'staging').name;
  world.sandbox.setFaults([
    {
      match: { path: `re:${staging}.*list_environment_variables$`, times: 'always' },
      effect: { kind: 'status', status: 403, code: 'Forbidden' },
    },
  ]);
  await using daemon = await watching(world, '--apply', ...NEVER_SOON);
  await daemon.next(runEnded({ cause: 'start', result: 'failed', changed: 2 }));
  const { body } = await daemon.get('/readyz');
  expect(body).toContain('project:shop/deployment:staging/env could not be read');
  expect(await daemon.status()).toMatchObject({
    sync: 'unknown',
    resources: expect.arrayContaining([{ kind: 'env-var', status: 'unknown', count: 1 }]),
  });
});

test('what holds data is never deleted or replaced; what needs it waits, the rest goes on', async () => {
  await using world = await openWorld({
    state: `version: 1
team: acme
policy: { prune: [deployments], unprotect: ["**"] }
projects:
  - slug: shop
    deployments:
      - reference: production
        type: prod
        region: aws-eu-west-1
        env: { LOG_LEVEL: info }
      - reference: fresh
        type: dev
        env: { NEW: "1" }
`,
  });
  await using daemon = await watching(world, '--apply', ...NEVER_SOON);
  await daemon.next(runEnded({ cause: 'start', result: 'done' }));
  const held = daemon.lines.filter(({ msg }) => msg === 'change held back');
  expect(held.map((line) => `${String(line['because'])} ${String(line['action'])} ${String(line['address'])}`)).toEqual(
    [
      'holds-data replace project:shop/deployment:production',
      'needs create project:shop/deployment:production/env-var:LOG_LEVEL',
      'holds-data delete project:shop/deployment:staging',
    ],
  );
  expect(valueOf(world.sandbox, 'fresh', 'NEW')).toBe('1');
  expect(deploymentNamed(world.sandbox, 'staging')).toBeDefined();
  expect(await daemon.status()).toMatchObject({ sync: 'differs', ready: true });
});

test('a preview that a selector governs and that vanishes fails nothing', async () => {
  const preview = { reference: 'preview/one', type: 'preview' } as const;
  const [team] = SEED.teams;
  const [shop] = team.projects;
  await using world = await openWorld({
    seed: { teams: [{ ...team, projects: [{ ...shop, deployments: [...shop.deployments, preview] }] }] },
    state: `${STATE}    eachDeployment:\n      - match: { type: preview }\n        env: { MODE: preview }\n`,
  });
  await using daemon = await watching(world, '--apply', ...EVERY_SECOND);
  await daemon.next(runEnded({ cause: 'start', result: 'done', changed: 3 }));
  const { sandbox } = world;
  sandbox.platform.deleteDeployment(callerOf(sandbox), deploymentNamed(sandbox, 'preview/one'));
  await daemon.next(runEnded({ cause: 'schedule', result: 'done' }));
  await daemon.next(runEnded({ cause: 'schedule', result: 'done', differs: 0, held: 0 }));
  expect(await daemon.get('/readyz')).toMatchObject({ status: 200 });
  expect((await daemon.get('/metrics')).body).not.toMatch(/outcome="failed"|result="(?:failed|invalid)"/);
});

test('a heal that fails rests, holds back nothing else, and is tried again by itself', async () => {
  await using world = await openWorld({
    state: `${STATE}      - reference: staging\n        type: dev\n        env: { MODE: quiet }\n`,
  });
  const staging = deploymentNamed(world.sandbox, 'staging').name;
  world.sandbox.setFaults([
    {
      match: { path: `re:${staging}.*update_environment_variables$`, times: 1 },
      effect: { kind: 'status', status: 400, code: 'Nope' },
    },
  ]);
  await using daemon = await watching(world, '--apply', ...NEVER_SOON);
  await daemon.next(runEnded({ cause: 'start', result: 'done', differs: 1, changed: 2 }));
  // No schedule comes, and nobody asks.
  await daemon.next(runEnded({ cause: 'retry', result: 'done', differs: 0, changed: 1 }));
  expect(valueOf(world.sandbox, 'staging', 'MODE')).toBe('quiet');
});

test('SIGHUP and POST /api/reconcile ask for a run; the second needs the bearer', async () => {
  await using world = await openWorld();
  await world.write('bearer', 'a-long-bearer\n');
  await using daemon = await followWatch(
    world.start(['watch', '--listen', '127.0.0.1:0', ...NEVER_SOON], { CONVERGE_HTTP_TOKEN_FILE: 'bearer' }),
  );
  await daemon.next(runEnded({ cause: 'start' }));
  daemon.signal('SIGHUP');
  await daemon.next(runEnded({ cause: 'asked' }));
  const post = (authorization: string): Promise<Response> =>
    fetch(`${daemon.url}/api/reconcile`, { method: 'POST', headers: { authorization } });
  expect((await post('Bearer nope')).status).toBe(401);
  expect((await post('Bearer a-long-bearer')).status).toBe(202);
  await daemon.next(runEnded({ cause: 'asked' }));
  // Rotated while it runs.
  await world.write('bearer', 'another-bearer\n');
  expect((await post('Bearer a-long-bearer')).status).toBe(401);
  expect((await post('Bearer another-bearer')).status).toBe(202);
  expect(daemon.lines.some((line) => JSON.stringify(line).includes('bearer'))).toBe(false);
});

test('file change → converged in under 2 s and two round trips, for ten deployments', async () => {
  const latencyMs = 50;
  const references = Array.from({ length: 10 }, (_, index) => `dep-${index}`);
  const state = (value: string): string =>
    `version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n${references
      .map((reference) => `      - { reference: ${reference}, type: dev, env: { MODE: ${value} } }\n`)
      .join('')}`;
  const deployments = references.map((reference) => ({ reference, type: 'dev' as const }));
  await using world = await openWorld({
    latencyMs,
    seed: { teams: [{ slug: 'acme', projects: [{ name: 'Shop', slug: 'shop', deployments }] }] },
    state: state('one'),
  });
  await using daemon = await watching(world, '--apply', '--rate', '200', ...NEVER_SOON);
  await daemon.next(runEnded({ cause: 'start', changed: 10 }));
  await world.write('.next', state('two'));
  const from = performance.now();
  // As editors and git replace a file.
  await rename(world.path('.next'), world.path('convex.state.yaml'));
  await daemon.next(runEnded({ cause: 'files', changed: 10, differs: 0 }));
  const took = performance.now() - from;
  expect(references.map((reference) => valueOf(world.sandbox, reference, 'MODE'))).toEqual(references.map(() => 'two'));
  expect(took).toBeLessThan(2_000 + 2 * latencyMs);
});

test('a signal in the middle of a heal lets it end, and starts nothing more: 0', async () => {
  await using world = await openWorld({ seed: SEED });
  world.sandbox.setFaults([
    { match: { path: 're:/update_environment_variables$' }, effect: { kind: 'delay', ms: 400, when: 'after' } },
  ]);
  await using daemon = await watching(world, '--apply', ...NEVER_SOON);
  await daemon.next(({ msg }) => msg === 'change started');
  daemon.signal('SIGTERM');
  const { code } = await daemon.result;
  expect(code).toBe(0);
  expect(valueOf(world.sandbox, 'production', 'LOG_LEVEL')).toBe('info');
  expect(daemon.lines.at(-1)).toMatchObject({ msg: 'stopped', clean: true });
});

test('a second signal gives up what is in flight, and says so by the code', async () => {
  await using world = await openWorld();
  world.sandbox.setFaults([{ match: { path: 're:/update_environment_variables$' }, effect: { kind: 'hang' } }]);
  await using daemon = await watching(world, '--apply', ...NEVER_SOON);
  await daemon.next(({ msg }) => msg === 'change started');
  daemon.signal('SIGTERM');
  await daemon.next(({ msg }) => msg === 'draining');
  daemon.signal('SIGTERM');
  const { code } = await daemon.result;
  expect(code).toBe(143);
  expect(daemon.lines.at(-1)).toMatchObject({ msg: 'stopped', clean: false });
});

test('the page, its tree and its events, from the program itself', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world, '--apply', ...NEVER_SOON);
  await daemon.next(runEnded({ cause: 'start', result: 'done', changed: 2 }));
  const page = await fetch(`${daemon.url}/`);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/);
  expect(await page.text()).toContain('<title>Converge</title>');

  const tree = await fetch(`${daemon.url}/api/tree`);
  expect(await tree.json()).toMatchObject({
    kind: 'tree',
    nodes: [
      { address: 'project:shop', parent: null, kind: 'project', label: 'shop', status: 'in-sync', counts: {} },
      {
        address: 'project:shop/deployment:production',
        parent: 'project:shop',
        kind: 'deployment',
        label: 'production',
        status: 'in-sync',
        counts: { 'in-sync': 2, unmanaged: 1 },
      },
      { address: 'project:shop/deployment:staging', label: 'staging', status: 'unmanaged', counts: {} },
    ],
  });
  const etag = tree.headers.get('etag') ?? '';
  const again = await fetch(`${daemon.url}/api/tree`, { headers: { 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);

  const events = await fetch(`${daemon.url}/api/events`);
  const reader = (events.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  const first = (await reader.read()).value ?? '';
  expect(first).toMatch(/^event: status\ndata: \{"phase":"[a-z]+","sync":"in-sync",/);
  expect(first).toContain(JSON.stringify(etag));
  daemon.signal('SIGHUP');
  let seen = '';
  while (!seen.includes('event: run')) seen += (await reader.read()).value ?? '';
  expect(seen).toMatch(/event: run\ndata: \{"id":2,"cause":"asked",.*"result":"done"/);

  // Who follows does not keep it from ending, at once and well.
  daemon.signal('SIGTERM');
  expect((await daemon.result).code).toBe(0);
});

test('between two ticks: variables are read one by one, and what differs is healed at once', async () => {
  await using world = await openWorld();
  await using daemon = await watching(world, '--apply', ...EVERY_TEN_SECONDS);
  await daemon.next(runEnded({ cause: 'start', result: 'done', changed: 2 }));
  expect(await daemon.next(({ msg }) => msg === 'requests predicted')).toMatchObject({
    perHour: 360 + 360 + 4,
    poll: 360,
    spread: 360,
    full: 4,
    log: 'followed',
  });
  drift(world.sandbox, 'production', 'LOG_LEVEL', 'trace');
  await daemon.next(runEnded({ changed: 1 }));
  expect(valueOf(world.sandbox, 'production', 'LOG_LEVEL')).toBe('info');
  expect(await daemon.status()).toMatchObject({ cost: { requestsPerHour: 724, log: 'followed' } });
});

test('a log stream: drift is healed when the platform tells of it, and nobody else is believed', async () => {
  await using world = await openWorld();
  await world.write('hook-secret', 'the-secret-of-the-stream\n');
  await using daemon = await followWatch(
    world.start(['watch', '--apply', '--listen', '127.0.0.1:0', ...NEVER_SOON], {
      CONVERGE_WEBHOOK_SECRET_FILE: 'hook-secret',
    }),
  );
  await daemon.next(runEnded({ cause: 'start', result: 'done', changed: 2 }));
  const body = JSON.stringify([
    {
      topic: 'audit_log',
      timestamp: Date.now(),
      audit_log_action: 'update_environment_variable',
      audit_log_metadata: '{}',
      convex: { deployment_name: deploymentNamed(world.sandbox, 'production').name },
    },
  ]);
  const tell = async (secret: string): Promise<number> => {
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-webhook-signature': signature };
    return (await fetch(`${daemon.url}/hooks/log-stream`, { method: 'POST', headers, body })).status;
  };
  drift(world.sandbox, 'production', 'LOG_LEVEL', 'trace');
  expect(await tell('another')).toBe(401);
  expect(valueOf(world.sandbox, 'production', 'LOG_LEVEL')).toBe('trace');
  expect(await tell('the-secret-of-the-stream')).toBe(202);
  await daemon.next(runEnded({ cause: 'moved', result: 'done', changed: 1 }));
  expect(valueOf(world.sandbox, 'production', 'LOG_LEVEL')).toBe('info');
  daemon.signal('SIGTERM');
  expect((await daemon.result).stderr).not.toContain('the-secret-of-the-stream');
});
