import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { serveSyncSockets } from '../../src/sandbox/sync/socket.ts';
import { DAY, T0, open, send } from './kit.ts';
import type { Kit } from './kit.ts';

const NAME = 'happy-otter-123';
const KEY = `${NAME}|sandbox`;
const LIST = '_system/cli/queryEnvironmentVariables:default';
const seed = {
  teams: [
    {
      slug: 'acme',
      projects: [{ name: 'Shop', deployments: [{ type: 'prod', name: NAME, env: { B: '2', A: '1' } }] }],
    },
    { slug: 'rival' },
  ],
} as const;

const CONNECT = { type: 'Connect', sessionId: 's', connectionCount: 0, lastCloseReason: null, clientTs: 1 };
const authenticate = (value: string) => ({ type: 'Authenticate', tokenType: 'Admin', value, baseVersion: 0 });
const change = (baseVersion: number, ...modifications: readonly object[]) => ({
  type: 'ModifyQuerySet',
  baseVersion,
  newVersion: baseVersion + 1,
  modifications,
});
const add = (udfPath: string, args: unknown = {}, queryId = 0) => ({ type: 'Add', queryId, udfPath, args: [args] });

interface Talk {
  readonly say: (message: object | string) => void;
  /** The next message of the server. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what tests look into
  readonly hear: () => Promise<any>;
  /** Code of the end. */
  readonly ended: Promise<number>;
}

async function talk({ url }: Kit, path = `/${NAME}/api/1.48.0/sync`): Promise<Talk> {
  const socket = new WebSocket(`${url.replace('http:', 'ws:')}${path}`);
  const ended = new Promise<number>((resolve) => socket.once('close', resolve));
  const heard: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const next = waiting.shift();
    if (next === undefined) heard.push(data.toString());
    else next(data.toString());
  });
  await once(socket, 'open');
  return {
    ended,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async hear() {
      const text = heard.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
      return JSON.parse(text) as unknown;
    },
  };
}

/** As the official client opens: connected and known. */
async function admitted(kit: Kit, path?: string): Promise<Talk> {
  const one = await talk(kit, path);
  one.say(CONNECT);
  one.say(authenticate(KEY));
  expect(await one.hear()).toMatchObject({ type: 'Transition', endVersion: { identity: 1, querySet: 0 } });
  return one;
}

test('a query is answered by a transition from the version before', async () => {
  const kit = await open({ seed });
  const { say, hear } = await admitted(kit);
  say(change(0, add(LIST), add('_system/cli/queryEnvironmentVariables:get', { name: 'B' }, 1)));
  const first = await hear();
  expect(first).toMatchObject({
    startVersion: { identity: 1, querySet: 0 },
    endVersion: { identity: 1, querySet: 1 },
    modifications: [
      {
        type: 'QueryUpdated',
        queryId: 0,
        value: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
      { type: 'QueryUpdated', queryId: 1, value: { name: 'B', value: '2' } },
    ],
  });
  say(change(1, { type: 'Remove', queryId: 0 }));
  const second = await hear();
  expect(second.startVersion).toEqual(first.endVersion);
  expect(second.modifications).toEqual([{ type: 'QueryRemoved', queryId: 0 }]);
  const time = (ts: string) => Buffer.from(ts, 'base64').readBigUInt64LE();
  expect(time(first.startVersion.ts)).toBe(BigInt(T0) * 1_000_000n);
  expect(time(second.endVersion.ts)).toBeGreaterThan(time(first.endVersion.ts));
});

test('a client that drops the path of the URL is known by its key', async () => {
  const kit = await open({ seed });
  const { say, hear } = await admitted(kit, '/api/1.48.0-alpha.1/sync');
  say(change(0, add(LIST)));
  expect(await hear()).toMatchObject({ modifications: [{ type: 'QueryUpdated' }] });
});

test.each([
  ['another secret', `${NAME}|other`, 'BadAdminKey'],
  ['no deploy key', 'other', 'BadAdminKey'],
  ['the key of another deployment', 'calm-cow-456|sandbox', 'BadDeployKey'],
  ['the key of another team', `${NAME}|sandbox-rival`, 'OperationNotPermitted'],
])('%s is refused and the socket closed', async (_, key, code) => {
  const { say, hear, ended } = await talk(await open({ seed }));
  say(CONNECT);
  say(authenticate(key));
  expect(await hear()).toMatchObject({ type: 'FatalError', error: expect.stringContaining(code) });
  expect(await ended).toBe(1008);
});

test.each([
  ['no JSON', ['{'], 'WSMessageInvalidJson'],
  ['nothing to connect', [authenticate(KEY)], 'NotConnected'],
  ['two connects', [CONNECT, CONNECT], 'AlreadyConnected'],
  ['an unknown field', [{ ...CONNECT, more: 1 }], 'message.more is unknown'],
  ['an unknown message', [CONNECT, { type: 'Mutation' }], 'SandboxDoesNotServe'],
  ['a user', [CONNECT, { ...authenticate(KEY), tokenType: 'User' }], 'must be one of Admin'],
  ['a query of nobody', [CONNECT, change(0, add(LIST))], 'BadAdminKey'],
  ['a base that is not the version', [CONNECT, { ...authenticate(KEY), baseVersion: 1 }], 'BadVersion'],
  ['a query that is not there', [CONNECT, change(0, { type: 'Remove', queryId: 5 })], 'UnknownQuery'],
])('%s ends the conversation', async (_, messages, why) => {
  const { say, hear, ended } = await talk(await open({ seed }));
  for (const message of messages) say(message);
  expect(await hear()).toMatchObject({ type: 'FatalError', error: expect.stringContaining(why) });
  expect(await ended).toBe(1008);
});

test.each([
  ['a query of an app', add('messages:list'), 'SandboxDoesNotServe'],
  ['a component', { ...add(LIST), componentPath: 'mail' }, 'SandboxDoesNotServe'],
  ['an unknown argument', add(LIST, { name: 'A' }), 'ArgumentValidationError'],
  ['no name', add('_system/cli/queryEnvironmentVariables:get'), 'ArgumentValidationError'],
  ['two arguments', { ...add(LIST), args: [{}, {}] }, 'ArgumentValidationError'],
  ['a property of all objects', add('toString'), 'SandboxDoesNotServe'],
])('%s fails as a query, and the socket lives on', async (_, query, why) => {
  const { say, hear } = await admitted(await open({ seed }));
  say(change(0, query));
  expect(await hear()).toMatchObject({
    modifications: [{ type: 'QueryFailed', errorMessage: expect.stringContaining(why) }],
  });
  say(change(1, add(LIST, {}, 1)));
  expect(await hear()).toMatchObject({ modifications: [{ type: 'QueryUpdated', queryId: 1 }] });
});

test('a deployment that has gone since answers no query', async () => {
  const expiring = { type: 'dev', reference: 'dev/ci', name: NAME, expiresInMs: DAY } as const;
  const kit = await open({
    seed: { teams: [{ slug: 'acme', projects: [{ name: 'Shop', deployments: [expiring] }] }] },
  });
  const { say, hear } = await admitted(kit);
  kit.advance(2 * DAY);
  say(change(0, add(LIST)));
  expect(await hear()).toMatchObject({ type: 'FatalError', error: expect.stringContaining('DeploymentNotFound') });
});

test('other upgrades are 404', async () => {
  const { url } = await open({ seed });
  for (const path of [`/${NAME}/api/v1/sync`, `/${NAME}/sync`, '/api/1.48.0/sync?a=b']) {
    const socket = new WebSocket(`${url.replace('http:', 'ws:')}${path}`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('404');
  }
});

test('close ends every socket, also one that never said a word', async () => {
  const kit = await open({ seed });
  const one = await admitted(kit);
  const idle = await talk(kit);
  await kit.close();
  expect(await Promise.all([one.ended, idle.ended])).toEqual([1001, 1001]);
});

test('a client that does not say goodbye is cut', async () => {
  const { platform } = await open({ seed });
  const server = createServer();
  const sockets = serveSyncSockets(server, { platform, clock: () => T0, opened: () => undefined });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const mute = connect((server.address() as AddressInfo).port, '127.0.0.1');
  mute.on('error', () => undefined);
  mute.write(
    [
      `GET /${NAME}/api/1.48.0/sync HTTP/1.1`,
      'host: localhost',
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
      '\r\n',
    ].join('\r\n'),
  );
  const [answer] = (await once(mute, 'data')) as [Buffer];
  expect(answer.toString()).toContain('101');
  const cut = once(mute, 'close');
  const ended = once(server.close(), 'close');
  await Promise.all([sockets.close(10), cut, ended]);
});

test('the log has each socket, and never a key', async () => {
  const kit = await open({ seed });
  await admitted(kit);
  expect(kit.log).toMatchObject([
    { method: 'GET', path: `/${NAME}/api/1.48.0/sync`, deployment: NAME, status: 101, kind: 'read', tokenScheme: null },
  ]);
  expect(JSON.stringify(kit.log)).not.toContain('sandbox');
});

test('without a version there is what the official CLI posts, and nothing else', async () => {
  const kit = await open({ seed });
  const post = (path: string, body: unknown) =>
    send(`${kit.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Convex ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const path = `/${NAME}/api/update_environment_variables`;
  expect((await post(path, { changes: [{ name: 'A', value: null }] })).status).toBe(200);
  expect((await post('/api/update_environment_variables', { changes: [{ name: 'C', value: '3' }] })).status).toBe(200);
  expect(Object.fromEntries(kit.platform.find(NAME)?.env ?? [])).toEqual({ B: '2', C: '3' });
  expect((await post(path, { changes: [], more: 1 })).status).toBe(400);
  expect((await post('/api/query', {})).json.code).toBe('SandboxDoesNotServe');
});
