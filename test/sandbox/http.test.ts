import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { open, send } from './kit.ts';

const oneDeployment = {
  teams: [
    { slug: 'acme', projects: [{ name: 'shop', deployments: [{ name: 'happy-otter-123', type: 'prod' as const }] }] },
  ],
};

describe('tokens', () => {
  test('each API has its own scheme', async () => {
    const { url } = await open({ seed: oneDeployment });
    const get = async (path: string, authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const { status, json } = await send(`${url}${path}`, { headers });
      return status === 200 ? 'ok' : `${String(status)} ${json.code}`;
    };
    const env = '/happy-otter-123/api/v1/list_environment_variables';
    expect(await get('/v1/token_details', 'Bearer sandbox')).toBe('ok');
    expect(await get('/v1/token_details', 'bearer sandbox-of-mine')).toBe('ok');
    expect(await get('/v1/token_details')).toBe('401 AccessTokenInvalid');
    expect(await get('/v1/token_details', 'Convex sandbox')).toBe('401 AccessTokenInvalid');
    expect(await get('/v1/token_details', 'Bearer real-token')).toBe('401 AccessTokenInvalid');
    expect(await get(env, 'Convex sandbox')).toBe('ok');
    expect(await get(env, 'convex happy-otter-123|sandbox')).toBe('ok');
    expect(await get(env, 'Convex prod:happy-otter-123|sandbox-key')).toBe('ok');
    expect(await get(env, 'Convex prod:other-otter-123|sandbox-key')).toBe('403 BadDeployKey');
    expect(await get(env, 'Bearer sandbox')).toBe('401 BadAdminKey');
    expect(await get(env)).toBe('401 BadAdminKey');
    expect(await get(env, 'Convex real-key')).toBe('401 BadAdminKey');
  });

  test('teams are apart; a read-only token writes nothing; a personal one is for people', async () => {
    const { call, at, url } = await open({
      seed: {
        teams: [...oneDeployment.teams, { slug: 'team-2' }],
        tokens: [
          { token: 'sandbox-reader', readOnly: true },
          { token: 'sandbox-me', kind: 'personal' },
        ],
      },
    });
    expect((await call('GET', '/token_details')).json).toMatchObject({ type: 'teamToken', teamId: 41 });
    expect((await call('GET', '/token_details', undefined, 'sandbox-team-2')).json.teamId).toBe(42);
    const stranger = await call('GET', '/projects/1001', undefined, 'sandbox-team-2');
    expect([stranger.status, stranger.json.code]).toEqual([403, 'OperationNotPermitted']);

    expect((await call('GET', '/projects/1001', undefined, 'sandbox-reader')).status).toBe(200);
    const path = '/update_environment_variables';
    const refused = await at(`${url}/happy-otter-123`, 'POST', path, { changes: [] }, 'sandbox-reader');
    expect([refused.status, refused.json]).toEqual([
      403,
      {
        code: 'OperationNotPermitted',
        message: 'You do not have permission to perform this operation (deployment:env:write).',
      },
    ]);

    expect((await call('GET', '/teams/41/list_members')).status).toBe(403);
    expect((await call('GET', '/teams/41/list_members', undefined, 'sandbox-me')).json).toEqual({
      items: [{ id: 101, name: 'Ada Lovelace', email: 'ada.lovelace@example.com', role: 'admin' }],
    });
    expect((await at(`${url}/happy-otter-123`, 'GET', '/deployment_info', undefined, 'sandbox-me')).status).toBe(401);
  });
});

describe('stricter than the original', () => {
  test('unknown fields, parameters and types are refused', async () => {
    const { call } = await open({ seed: oneDeployment });
    const refused = async (method: string, path: string, body?: unknown) => {
      const { status, json } = await call(method, path, body);
      return `${String(status)} ${json.code}: ${json.message}`;
    };
    expect(await refused('POST', '/teams/41/create_project', { name: 'x' })).toBe(
      '400 BadJsonBody: name is unknown; known are projectName, deploymentType, deploymentClass, deploymentRegion',
    );
    expect(await refused('POST', '/teams/41/create_project', {})).toMatch('projectName must be a string');
    expect(await refused('POST', '/teams/41/create_project', [])).toMatch('the body must be an object');
    expect(await refused('POST', '/projects/1001/create_deployment', { type: 'staging' })).toMatch(
      'type must be one of dev, prod, preview, custom',
    );
    expect(
      await refused('POST', '/projects/1001/update_default_environment_variables', {
        changes: [{ name: 'A', deploymentType: 'dev', value: 1 }],
      }),
    ).toMatch('changes[0].value must be a string');
    expect(await refused('POST', '/projects/1001/delete', { force: true })).toMatch('takes no body');
    expect(await refused('GET', '/projects/1001?full=true')).toMatch('400 BadQueryArgs');
    expect(await refused('GET', '/teams/41/projects?limit=1&limit=2')).toMatch('400 BadQueryArgs');
    expect(await refused('GET', '/teams/41/list_deployments?isDefault=yes')).toMatch('isDefault must be a boolean');
    expect(await refused('GET', '/teams/41/projects?limit=0')).toMatch('400 LimitOutOfRange');
    expect(await refused('GET', '/teams/41/projects?limit=101')).toMatch('400 LimitOutOfRange');
    expect(await refused('GET', '/teams/41/projects?cursor=xyz')).toMatch('400 BadQueryArgs');
    expect(await refused('GET', '/projects/shop')).toMatch('400 BadPathArgs');
    expect(await refused('GET', '/projects/99')).toMatch('404 ProjectNotFound');
    expect(await refused('GET', '/teams/99/projects')).toMatch('404 TeamNotFound');
    expect(await refused('GET', '/teams/41/list_projects')).toMatch('404 SandboxDoesNotServe');
    expect(await refused('DELETE', '/projects/1001')).toMatch('404 SandboxDoesNotServe');
  });

  test('bodies: type, syntax, encoding, size', async () => {
    const { url } = await open({ seed: oneDeployment });
    const post = async (body: string | Buffer | undefined, type = 'application/json') => {
      const headers = { authorization: 'Bearer sandbox', 'content-type': type };
      const answer = await send(`${url}/v1/teams/41/create_project`, {
        method: 'POST',
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
      return answer.status === 200 ? 'ok' : `${String(answer.status)} ${answer.json.code}: ${answer.json.message}`;
    };
    expect(await post('{"projectName":"one"}', 'Application/JSON; charset=utf-8')).toBe('ok');
    expect(await post('{"projectName":"one"}', 'text/plain')).toMatch('Content-Type must be application/json');
    expect(await post(undefined)).toMatch('needs a JSON body');
    expect(await post('{"projectName":')).toMatch('400 BadJsonBody: The body is not JSON in UTF-8: syntax error');
    expect(await post(Buffer.from([0x22, 0xff, 0x22]))).toMatch('encoding error');
    expect(await post(JSON.stringify({ projectName: 'x'.repeat(3_000_000) }))).toMatch('more than 2 MiB');
  });

  test('a request that never says how it ends does not stop others', async () => {
    const { url, call } = await open();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /v1/teams/41/create_project HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    expect((await call('GET', '/teams/41/projects')).status).toBe(200);
    socket.destroy();
  });
});

describe('log', () => {
  test('what was asked, never the token', async () => {
    const kit = await open({ seed: oneDeployment });
    await kit.call('GET', '/teams/41/projects?limit=5', undefined, 'sandbox-hush');
    await kit.call('PATCH', '/projects/1001', { name: 'Shop' });
    await kit.at(`${kit.url}/happy-otter-123`, 'GET', '/list_environment_variables');
    await fetch(`${kit.url}/nowhere`);
    expect(kit.log.map(({ at: _at, ...entry }) => entry)).toEqual([
      {
        index: 0,
        method: 'GET',
        path: '/v1/teams/41/projects',
        query: { limit: '5' },
        kind: 'read',
        status: 200,
        tokenScheme: 'bearer',
      },
      {
        index: 1,
        method: 'PATCH',
        path: '/v1/projects/1001',
        query: {},
        kind: 'write',
        status: 200,
        requestBody: { name: 'Shop' },
        tokenScheme: 'bearer',
      },
      {
        index: 2,
        method: 'GET',
        path: '/happy-otter-123/api/v1/list_environment_variables',
        query: {},
        deployment: 'happy-otter-123',
        kind: 'read',
        status: 200,
        tokenScheme: 'convex',
      },
      { index: 3, method: 'GET', path: '/nowhere', query: {}, kind: 'read', status: 404, tokenScheme: null },
    ]);
    expect(kit.log.every(({ at }, n) => at >= (kit.log[n - 1]?.at ?? 0))).toBe(true);
    expect(JSON.stringify(kit.log)).not.toContain('hush');
    kit.clearLog();
    await kit.call('GET', '/token_details');
    expect(kit.log.map(({ index }) => index)).toEqual([4]);
  });

  test('stays bounded, and indexes go on', async () => {
    const kit = await open({ logLimit: 5 });
    for (let n = 0; n < 23; n += 1) await kit.call('GET', '/token_details');
    expect(kit.log.length).toBeLessThanOrEqual(10);
    expect(kit.log.length).toBeGreaterThanOrEqual(5);
    expect(kit.log.at(-1)?.index).toBe(22);
  });
});

describe('server', () => {
  test('a rate: more in one second answer 429 with Retry-After', async () => {
    const kit = await open({ rate: 3 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => kit.call('GET', '/token_details')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(refused[0]?.json.code).toBe('RateLimited');
    expect((await kit.call('GET', '/token_details', undefined, 'sandbox-other')).status).toBe(200);
  });

  test('equal starts give equal names', async () => {
    const names = async () => {
      const { call } = await open({ seed: { teams: [{ slug: 'acme', filler: { projects: 5 } }] } });
      return (await call('GET', '/teams/41/list_deployments')).json.items.map(({ name }: { name: string }) => name);
    };
    expect(await names()).toEqual(await names());
  });

  test('close lets a running request end, and then refuses', async () => {
    const kit = await open({ latencyMs: 30 });
    const running = kit.call('GET', '/token_details');
    await kit.call('GET', '/token_details');
    const another = fetch(`${kit.url}/v1/token_details`, { headers: { authorization: 'Bearer sandbox' } });
    while (kit.log.length < 3) await new Promise((resolve) => setImmediate(resolve));
    await kit.close();
    expect((await running).status).toBe(200);
    expect((await another).status).toBe(200);
    await expect(fetch(kit.url)).rejects.toThrow('fetch failed');
  });

  test('a taken port is an error', async () => {
    const { url } = await open();
    await expect(open({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });
});
