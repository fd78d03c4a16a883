import { gzipSync } from 'node:zlib';
import { HttpResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { recorder, serve } from './network.ts';
import {
  API,
  T0,
  TOKEN,
  deploymentReply,
  never,
  open,
  projectReply,
  refused,
  tokenReply,
  failure,
} from './official.ts';

describe('identify', () => {
  test('one read says whose token it is', async () => {
    const net = recorder();
    serve(net.on('get', `${API}/token_details`, tokenReply()));
    const { provider } = open();
    expect(await provider.identify(never)).toEqual({ apiUrl: API, dialect: 'official', teamId: 41, teamSlug: null });
    expect(provider.usage()).toEqual({ reads: 1, writes: 0, throttled: 0, waitedMs: 0 });
    const [seen] = net.seen;
    expect(seen?.headers.get('authorization')).toBe(`Bearer ${TOKEN}`);
    expect(seen?.headers.get('user-agent')).toBe('converge/0.1.0');
    expect(seen?.headers.get('accept-encoding')).toBe('identity');
    expect(seen?.headers.has('content-type')).toBe(false);
  });

  test('the token of a project is refused with the reason', async () => {
    const net = recorder();
    serve(net.on('get', `${API}/token_details`, { ...tokenReply(), type: 'projectToken', projectId: 7 }));
    const error = await failure(open().provider.identify(never));
    expect(error).toMatchObject({ code: 'forbidden', executed: 'no', retryable: false });
    expect(error.message).toContain('team token is needed');
  });

  test('a token that is not accepted', async () => {
    serve(recorder().on('get', `${API}/token_details`, refused(401, 'AccessTokenInvalid', `Bad token ${TOKEN}`)));
    const error = await failure(open().provider.identify(never));
    expect(error.code).toBe('unauthenticated');
    expect(error.message).toBe(
      'GET /v1/token_details on api.convex.dev was answered with 401 AccessTokenInvalid: Bad token [secret]',
    );
  });

  test.each(['', 'two words', 'line\nbreak', 'ümlaut'])('the token %j is never put into a header', async (token) => {
    const net = recorder();
    serve(net.on('get', `${API}/token_details`, tokenReply()));
    const error = await failure(open({ token: new Secret(token) }).provider.identify(never));
    expect(error.code).toBe('unauthenticated');
    expect(net.seen).toEqual([]);
  });

  test('the token is not sent over plain http', async () => {
    const net = recorder();
    serve(net.on('get', 'http://api.convex.dev/v1/token_details', tokenReply()));
    const error = await failure(open({ apiUrl: 'http://api.convex.dev/v1' }).provider.identify(never));
    expect(error.code).toBe('host-not-allowed');
    expect(net.seen).toEqual([]);
  });

  test('a reply without a team names what is missing, not what came', async () => {
    serve(recorder().on('get', `${API}/token_details`, { type: 'personalToken', note: 'do not print' }));
    const error = await failure(open().provider.identify(never));
    expect(error).toMatchObject({ code: 'bad-response', retryable: false });
    expect(error.message).toContain('the token.teamId should be an integer and is missing');
    expect(error.message).not.toContain('do not print');
  });
});

describe('around every request', () => {
  const path = `${API}/token_details`;

  test('reads are repeated through what passes', async () => {
    const net = recorder();
    serve(
      net.on(
        'get',
        path,
        refused(503, 'Overloaded', 'busy'),
        new HttpResponse('<html>Bad gateway</html>', { status: 502 }),
        HttpResponse.json({ type: 'teamToken' }, { status: 500 }),
        () => HttpResponse.error(),
        tokenReply(),
      ),
    );
    const { provider, events } = open();
    expect((await provider.identify(never)).teamId).toBe(41);
    expect(provider.usage().reads).toBe(5);
    expect(events.map((event) => (event.type === 'request' ? [event.attempt, event.status] : event))).toEqual([
      [1, 503],
      [2, 502],
      [3, 500],
      [4, null],
      [5, 200],
    ]);
    expect(events[0]).toMatchObject({ method: 'GET', host: 'api.convex.dev', path: '/v1/token_details' });
  });

  test('a reply cut short is read again', async () => {
    const net = recorder();
    serve(net.on('get', path, new HttpResponse('{"type":"teamTok'), tokenReply()));
    expect((await open().provider.identify(never)).teamId).toBe(41);
  });

  test('what does not pass is told after five attempts, without its body', async () => {
    const net = recorder();
    serve(net.on('get', path, new HttpResponse('<html>secret page</html>')));
    const error = await failure(open().provider.identify(never));
    expect(error.code).toBe('bad-response');
    expect(error.message).not.toContain('secret page');
    expect(net.seen).toHaveLength(5);
  });

  test('Retry-After is honoured and throttling counted', async () => {
    const net = recorder();
    serve(net.on('get', path, refused(429, 'RateLimited', 'slow', { 'retry-after': '7' }), tokenReply()));
    const { provider } = open();
    await provider.identify(never);
    expect(provider.usage()).toEqual({ reads: 2, writes: 0, throttled: 1, waitedMs: 7000 });
  });

  test('a redirect is never followed and only its host is named', async () => {
    const net = recorder();
    const location = 'https://user:pass@evil.example/path?token=1';
    serve(
      net.on('get', path, new HttpResponse(null, { status: 307, headers: { location } })),
      net.on('get', 'https://evil.example/path', tokenReply()),
    );
    const error = await failure(open().provider.identify(never));
    expect(error).toMatchObject({ code: 'bad-response', retryable: false, status: 307 });
    expect(error.message).toContain('redirect to evil.example, which is not followed');
    expect(error.message).not.toMatch(/pass|token=/);
    expect(net.seen).toHaveLength(1);
  });

  test('a compressed reply was not asked for, and is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const net = recorder();
    serve(net.on('get', path, new HttpResponse(bomb, { headers })));
    const error = await failure(open().provider.identify(never));
    expect(error).toMatchObject({ code: 'bad-response', retryable: false });
    expect(error.message).toContain('is compressed');
    expect(net.seen).toHaveLength(1);
  });

  test('what a compressed refusal says is not looked at, but that it is one', async () => {
    const body = gzipSync(JSON.stringify({ code: 'AccessTokenInvalid', message: 'no' }));
    serve(recorder().on('get', path, new HttpResponse(body, { status: 401, headers: { 'content-encoding': 'br' } })));
    const error = await failure(open().provider.identify(never));
    expect(error).toMatchObject({ code: 'unauthenticated', platformCode: null });
  });

  test.each([
    ['a page of something in between', '<html>Please log in</html>'],
    ['half a reply', '{"ok":'],
  ])('a write that %s answers is unknown, also where no reply is needed', async (_, body) => {
    const net = recorder();
    serve(net.on('post', `${API}/projects/7/update`, new HttpResponse(body)));
    const request = { method: 'POST', path: '/projects/7/update', body: {}, signal: never } as const;
    const error = await failure(open().api.management(request));
    expect(error).toMatchObject({ code: 'bad-response', executed: 'unknown', retryable: false });
    expect(error.message).not.toContain('log in');
    expect(net.seen).toHaveLength(1);
  });

  test.each(['', 'null', '{}'])('a write that is answered with %j happened', async (body) => {
    serve(recorder().on('post', `${API}/projects/7/update`, new HttpResponse(body)));
    const request = { method: 'POST', path: '/projects/7/update', body: {}, signal: never } as const;
    await expect(open().api.management(request)).resolves.toBeUndefined();
  });

  test('in an outage a fleet is not asked five times over', async () => {
    const net = recorder();
    serve(net.on('get', `${API}/projects/:id`, refused(503, 'Overloaded', 'busy')));
    const { api, provider } = open({ rate: 1000 });
    const asked = Array.from({ length: 200 }, (_, index) =>
      failure(api.management({ method: 'GET', path: `/projects/${String(index)}`, signal: never })),
    );
    await Promise.all(asked);
    expect(net.seen.length).toBeLessThanOrEqual(220);
    expect(provider.usage().reads).toBe(net.seen.length);
  });

  test('an abort while waiting sends nothing more and is told as such', async () => {
    const net = recorder();
    serve(net.on('get', path, refused(429, 'RateLimited', 'slow', { 'retry-after': '200' })));
    const abort = new AbortController();
    const { provider } = open({
      onEvent: () => {
        abort.abort(new Error('SIGINT'));
      },
    });
    const error = await failure(provider.identify(abort.signal));
    expect(error).toMatchObject({ code: 'aborted', executed: 'no', retryable: false });
    expect(net.seen).toHaveLength(1);
  });
});

describe('the host of a deployment', () => {
  const live = (deploymentUrl: string) => ({
    address: 'deployment:production' as never,
    kind: 'deployment',
    key: 'production',
    parent: null,
    id: '11',
    spec: {},
    facts: { name: 'happy-otter-123', deploymentUrl },
  });

  test('gets the token with its own scheme', async () => {
    const net = recorder();
    serve(net.on('get', 'https://calm-cow-456.eu-west-1.convex.cloud/api/v1/x', { ok: true }));
    const url = 'https://calm-cow-456.eu-west-1.convex.cloud';
    await open().api.deployment(live(url), { method: 'GET', path: '/x', signal: never });
    expect(net.seen[0]?.headers.get('authorization')).toBe(`Convex ${TOKEN}`);
  });

  test.each(['https://evil.example', 'http://happy-otter-123.convex.cloud', 'http://127.0.0.1:4000', ''])(
    'does not get it at %j',
    async (url) => {
      const { api, provider } = open();
      const error = await failure(api.deployment(live(url), { method: 'GET', path: '/x', signal: never }));
      expect(error).toMatchObject({ code: 'host-not-allowed', executed: 'no', retryable: false });
      expect(provider.usage()).toMatchObject({ reads: 0, writes: 0 });
    },
  );

  test('gets it where --allow-host says so', async () => {
    const net = recorder();
    serve(net.on('get', 'https://d1.convex.internal.example/api/v1/x', { ok: true }));
    const { api } = open({ allowHosts: ['convex.internal.example'] });
    await api.deployment(live('https://d1.convex.internal.example'), { method: 'GET', path: '/x', signal: never });
    expect(net.seen).toHaveLength(1);
  });
});

test('the team slug is known once projects were listed', async () => {
  const net = recorder();
  serve(
    net.on('get', `${API}/token_details`, tokenReply()),
    net.on('get', `${API}/teams/41/projects`, { items: [projectReply()], pagination: { hasMore: false } }),
  );
  const { provider, api, kind } = open();
  await provider.identify(never);
  expect(provider.teamSlug()).toBeNull();
  await kind('project').list(api, { parents: [], signal: never });
  expect(provider.teamSlug()).toBe('acme');
});

test('what was just created is asked for again while it is "not found"', async () => {
  const net = recorder();
  const missing = refused(404, 'ProjectNotFound', 'The requested project does not exist');
  serve(
    net.on('get', `${API}/token_details`, tokenReply()),
    net.on('post', `${API}/teams/41/create_project`, { projectId: 8, id: 8, slug: 'shop' }),
    net.on('post', `${API}/projects/8/create_deployment`, missing, missing, deploymentReply({ projectId: 8 })),
    net.on('get', 'https://happy-otter-123.convex.cloud/api/v1/list_environment_variables', missing, {
      environmentVariables: {},
    }),
    net.on('get', `${API}/projects/9/list_deployments`, missing),
  );
  const { provider, api, kind } = open();
  await provider.identify(never);
  const [projects, deployments, variables] = [kind('project'), kind('deployment'), kind('env-var')];
  if (projects.write.how !== 'singly' || deployments.write.how !== 'singly') throw new Error('written one by one');
  const project = await projects.write.create(api, { parent: null, spec: { slug: 'shop' }, signal: never });
  const parent = { ...liveParent, id: project.id };
  const spec = { reference: 'production', type: 'prod' };
  const made = await deployments.write.create(api, { parent, spec, signal: never });
  const listed = await variables.list(api, {
    parents: [{ ...liveParent, id: made.id, facts: made.facts }],
    signal: never,
  });
  expect(listed).toEqual({ items: [], unreadable: [] });
  expect(provider.usage()).toMatchObject({ reads: 3, writes: 4 });

  const other = await deployments.list(api, { parents: [{ ...liveParent, id: '9' }], signal: never });
  expect(other.unreadable[0]?.error.code).toBe('not-found');
  expect(provider.usage().reads).toBe(4);
});

const liveParent = {
  address: 'project:shop' as never,
  kind: 'project',
  key: 'shop',
  parent: null,
  id: '7',
  spec: {},
  facts: { createTime: T0 },
};
